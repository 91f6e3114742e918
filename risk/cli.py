"""The commands: risk demo, risk train, risk predict.

Exit status 0 when all went well, 2 when the user can mend something: then one sentence on stderr
says what, and nothing is left half-written.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from mlcore.checks import ConvergenceWarning, plural
from risk.columns import describe_schema
from risk.console import ProgressBar, summary
from risk.data import PupilTable, Roles, pupil_table
from risk.features import school_table
from risk.folders import DEFAULT_OUT, check_place, is_results, model_path, results_folder
from risk.markup import printable
from risk.models import load_model
from risk.pipeline import (
    FIRST,
    Result,
    Settings,
    steps_of,
    travel,
    write_metrics,
    write_results,
)
from risk.reading import DataError, read_csv, write_csv
from risk.records import read_records, write_records
from risk.report import write_report
from risk.school import as_of, simulate_school
from risk.scoring import score


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):  # a console of another code page must not stop us
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):  # so that we tidy up then too
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.default_int_handler)
    options = parser().parse_args(arguments)
    try:
        with warnings.catch_warnings():
            # Folds of a small file may separate; the penalty keeps their answer finite.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return int(options.run(options))
    except DataError as error:
        complain(str(error))
    except BrokenPipeError:  # whoever read our output has heard enough; the results are in place
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        what = error.filename2 or error.filename or "The output"
        complain(f"{what} cannot be written: {error.strerror or error}. Choose another place.")
    except KeyboardInterrupt:
        complain("stopped; nothing was written.")
        return 130
    return 2


def complain(sentence: str) -> None:
    """Say on stderr what the user can mend."""
    print(printable(f"risk: {sentence}"), file=sys.stderr)


def say(title: str, text: str) -> None:
    """Print one line of what was found."""
    print(printable(f"{title:12}{text}"))


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = argparse.ArgumentParser(
        prog="risk",
        description="Find pupils at risk of falling behind in mathematics, early enough to help.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="simulate a school and take the whole road on it")
    demo.add_argument("--pupils", type=at_least(100), default=1000, metavar="N",
                      help="pupils in each of the two years (default 1000)")  # fmt: skip
    demo.add_argument("--weeks", type=at_least(2), default=18, metavar="T",
                      help="weeks in the school year (default 18)")  # fmt: skip
    demo.add_argument("--week", type=at_least(0), default=8, metavar="K",
                      help="predict at the end of this week (default 8)")  # fmt: skip
    add_road_options(demo)
    demo.set_defaults(run=run_demo)

    train = commands.add_parser("train", help="take the road on your own table, one row a pupil")
    train.add_argument("data", metavar="DATA.csv")
    train.add_argument("--target", required=True, metavar="COLUMN", help="the outcome")
    cut = train.add_mutually_exclusive_group()
    cut.add_argument("--at-risk-below", type=float, metavar="NUMBER",
                     help="at risk is a target below this")  # fmt: skip
    cut.add_argument("--positive", metavar="VALUE", help="at risk is a target of this value")
    train.add_argument("--id", metavar="COLUMN", help="the column that names the pupil")
    train.add_argument("--drop", type=names, default=(), metavar="A,B",
                       help="columns to leave out; a name with a comma goes in quotes")  # fmt: skip
    train.add_argument("--categories", type=names, default=(), metavar="A,B",
                       help="columns to take as categories, though they hold numbers")  # fmt: skip
    train.add_argument("--protected", type=names, default=(), metavar="A,B",
                       help="columns not to learn from, but to audit by")  # fmt: skip
    train.add_argument("--train-on-protected", action="store_true",
                       help="learn from the protected columns as well")  # fmt: skip
    add_road_options(train)
    train.set_defaults(run=run_train)

    predict = commands.add_parser("predict", help="score new pupils with a saved model")
    predict.add_argument("model", metavar="MODEL", help="a model file, or a results folder")
    predict.add_argument("data", metavar="NEW.csv")
    predict.add_argument(
        "--out", required=True, type=place, metavar="FILE", help="where to write the risks"
    )
    predict.add_argument("--id", metavar="COLUMN",
                         help="the column that names the pupil (default: as in training)")  # fmt: skip
    predict.add_argument(
        "--capacity", metavar="N|N%", help="mark this many instead of a fixed risk"
    )
    predict.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")
    predict.set_defaults(run=run_predict)
    return root


def add_road_options(command: argparse.ArgumentParser) -> None:
    """Add what demo and train have in common."""
    default = Settings()
    command.add_argument("--out", type=place, metavar="DIR",
                         help=f"results folder (default {DEFAULT_OUT}, or the next free "
                         f"{DEFAULT_OUT}-2, -3, ...)")  # fmt: skip
    command.add_argument(
        "--overwrite", action="store_true", help="replace an earlier results folder"
    )
    command.add_argument("--capacity", default=default.capacity, metavar="N|N%",
                         help="how many pupils can be seen: a number or a share (default 10%%)")  # fmt: skip
    command.add_argument("--model", default="auto",
                         choices=["auto", "logistic_regression", "decision_tree", "random_forest"],
                         help="the model for the list (default: chosen by cross-validation)")  # fmt: skip
    command.add_argument("--folds", type=at_least(2), default=default.folds, metavar="N")
    command.add_argument("--trees", type=at_least(1), default=default.trees, metavar="N")
    command.add_argument("--seed", type=at_least(0), default=default.seed, metavar="N")
    command.add_argument("--jobs", type=at_least(1), default=default.jobs, metavar="N",
                         help="threads for the forest; the results do not depend on it")  # fmt: skip


def place(text: str) -> str:
    """Return the name of a file or folder, for argparse; it may not be blank."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a name was expected, not a blank")
    return text


def at_least(low: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from low on, for argparse."""

    def number(text: str) -> int:
        value = int(text)
        if value < low:
            raise argparse.ArgumentTypeError(f"{value} is too few; at least {low} was expected")
        return value

    number.__name__ = "whole number"
    return number


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list separated by commas, read as a line of CSV.

    >>> names('age, sex,"a,b"')
    ('age', 'sex', 'a,b')
    """
    row = next(csv.reader([text], skipinitialspace=True), [])
    return tuple(name.strip() for name in row if name.strip())


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the road's settings from the options."""
    return Settings(
        options.capacity, options.folds, options.trees, options.seed, options.jobs, options.model
    )


def run_demo(options: argparse.Namespace) -> int:
    """Simulate a school, write its files, and take the road from those files on."""
    with results_folder(options.out, options.overwrite) as (folder, shown):
        school = simulate_school(options.pupils, options.weeks, options.seed)
        (folder / "school").mkdir()
        write_records(as_of(school, options.week), folder / "school")
        (folder / "truth").mkdir()
        for name, known_only_here in school.truth.items():
            write_csv(known_only_here, folder / "truth" / f"{name}.csv")
        table = school_table(read_records(folder / "school"), options.week)
        table.source = f"a simulated school, as of week {options.week}"
        result = take_road(table, options, folder)
    tell(result, shown)
    return 0


def run_train(options: argparse.Namespace) -> int:
    """Read the user's table and take the road."""
    roles = Roles(
        options.target,
        options.at_risk_below,
        options.positive,
        options.id,
        options.drop,
        options.protected,
        options.categories,
        options.train_on_protected,
    )
    if options.out:  # before the work, not after it
        check_place(Path(options.out), options.overwrite)
    table = pupil_table(read_csv(options.data), roles)
    with results_folder(options.out, options.overwrite) as (folder, shown):
        result = take_road(table, options, folder)
    for line in describe_schema(table.schema):
        say("Columns", line)
    tell(result, shown)
    return 0


def take_road(table: PupilTable, options: argparse.Namespace, folder: Path) -> Result:
    """Travel, with a progress bar, and write everything into the folder."""
    settings = settings_of(options)
    bar = ProgressBar(steps_of(settings))
    try:
        result = travel(table, settings, bar.step)
        write_results(result, folder)
        write_report(result, folder)
        write_metrics(result, folder)
    finally:
        bar.close()
    return result


def tell(result: Result, shown: Path) -> None:
    """Print what was noticed and the summary, now that the results are in place."""
    for note in result.table.notes:
        say("Note", note)
    if result.best.caution:
        say("CAUTION", result.best.caution)
    print(printable(summary(result, str(shown / "report.html"))))


def run_predict(options: argparse.Namespace) -> int:
    """Score the pupils of a new file with a saved model."""
    out, model_file = Path(options.out), model_path(Path(options.model))
    check_output(out, options.overwrite, [Path(options.data), model_file])
    trained = load_model(model_file)
    table, notes = score(trained, read_csv(options.data), options.id, options.capacity)
    write_csv(table, out)
    for note in notes:
        say("Note", note)
    marked = int((table["tier"] == FIRST).sum())
    say("Scored", f"{plural(len(table), 'pupil')}; {marked} to be seen first: {out}")
    return 0


def check_output(out: Path, overwrite: bool, inputs: list[Path]) -> None:
    """Raise DataError unless a file may be written to out, which must be none of the inputs."""
    if any(out.exists() and path.exists() and out.samefile(path) for path in inputs):
        raise DataError(f"{out} is what was given to read, so it is not written over.")
    if out.is_dir():
        raise DataError(f"{out} is a folder, but --out needs the name of a file.")
    if out.exists() and not out.is_file():
        raise DataError(f"{out} is not an ordinary file, so it is not written over.")
    if is_results(out.parent) or is_results(out.parent.parent):
        raise DataError(f"{out} lies in a results folder, which is kept as it is. Choose another.")
    if out.exists() and not overwrite:
        raise DataError(f"{out} exists. Choose another --out, or add --overwrite to replace it.")
    if not out.parent.is_dir():
        raise DataError(f"The folder {out.parent} for --out does not exist. Make it first.")

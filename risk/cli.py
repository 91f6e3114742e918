"""The commands: risk demo, risk train, risk predict.

Exit status 0 when all went well, 2 when the user can mend something: then one sentence on stderr
says what, and nothing is left half-written.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from mlcore.checks import ConvergenceWarning, plural
from risk.columns import describe_schema, read_as
from risk.console import ProgressBar, summary
from risk.data import PupilTable, check_ids, need_columns, pupil_table
from risk.evaluation import capacity_count, threshold_for
from risk.explanation import reasons
from risk.features import school_table
from risk.folders import DEFAULT_OUT, model_path, results_folder
from risk.models import TrainedModel, load_model
from risk.pipeline import FIRST, Settings, predict_table, steps_of, travel, write_results
from risk.reading import DataError, read_csv, write_csv
from risk.records import read_records, write_records
from risk.report import write_report
from risk.school import as_of, simulate_school


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):  # a console of another code page must not stop us
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", ConvergenceWarning
            )  # folds of a small file may separate
            return int(options.run(options))
    except DataError as error:
        print(f"risk: {error}", file=sys.stderr)
    except OSError as error:
        print(f"risk: {error.filename}: {error.strerror}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("risk: stopped; nothing was written.", file=sys.stderr)
        return 130
    return 2


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
    train.add_argument("--drop", type=names, default=(), metavar="A,B", help="columns to leave out")
    train.add_argument("--protected", type=names, default=(), metavar="A,B",
                       help="columns not to learn from, but to audit by")  # fmt: skip
    train.add_argument("--train-on-protected", action="store_true",
                       help="learn from the protected columns as well")  # fmt: skip
    add_road_options(train)
    train.set_defaults(run=run_train)

    predict = commands.add_parser("predict", help="score new pupils with a saved model")
    predict.add_argument("model", metavar="MODEL", help="a model file, or a results folder")
    predict.add_argument("data", metavar="NEW.csv")
    predict.add_argument("--out", required=True, metavar="FILE", help="where to write the risks")
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
    command.add_argument("--out", metavar="DIR",
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
    """Return the names in a list separated by commas.

    >>> names("age, sex")
    ('age', 'sex')
    """
    return tuple(name.strip() for name in text.split(",") if name.strip())


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the road's settings from the options."""
    return Settings(
        options.capacity, options.folds, options.trees, options.seed, options.jobs, options.model
    )


def run_demo(options: argparse.Namespace) -> int:
    """Simulate a school, write its files, and take the road from those files on."""
    with results_folder(options.out, options.overwrite) as (folder, final):
        school = simulate_school(options.pupils, options.weeks, options.seed)
        (folder / "school").mkdir()
        write_records(as_of(school, options.week), folder / "school")
        (folder / "truth").mkdir()
        write_csv(school.truth, folder / "truth" / "truth.csv")
        table = school_table(read_records(folder / "school"), options.week)
        table.source = f"a simulated school, as of week {options.week}"
        return take_road(table, options, folder, final)


def run_train(options: argparse.Namespace) -> int:
    """Read the user's table and take the road."""
    table = pupil_table(
        read_csv(options.data),
        options.target,
        below=options.at_risk_below,
        positive=options.positive,
        id_column=options.id,
        drop=options.drop,
        protected=options.protected,
        use_protected=options.train_on_protected,
    )
    with results_folder(options.out, options.overwrite) as (folder, final):
        print(f"Read        {table.source}: {describe_schema(table.schema)}")
        return take_road(table, options, folder, final)


def take_road(table: PupilTable, options: argparse.Namespace, folder: Path, final: Path) -> int:
    """Travel, write everything into the folder, and sum it up as it will stand in final."""
    settings = settings_of(options)
    bar = ProgressBar(steps_of(settings))
    try:
        result = travel(table, settings, bar.step)
        write_results(result, folder)
        write_report(result, folder)
    finally:
        bar.close()
    for note in table.notes:
        print(f"Note        {note}")
    print(summary(result, str(final / "report.html")))
    return 0


def run_predict(options: argparse.Namespace) -> int:
    """Score the pupils of a new file with a saved model."""
    out = Path(options.out)
    if out.exists() and not options.overwrite:
        raise DataError(f"{out} exists. Choose another --out, or add --overwrite to replace it.")
    if not out.parent.is_dir():
        raise DataError(f"The folder {out.parent} for --out does not exist. Make it first.")
    trained = load_model(model_path(Path(options.model)))
    raw = read_csv(options.data)
    id_name = options.id or trained.id_name
    schema = trained.model.schema
    need_columns(raw, [column.name for column in schema], "a column the model learnt from")
    ids = check_ids(raw, id_name)
    columns, notes = {}, list(raw.notes)
    for column in schema:
        columns[column.name], note = read_as(raw, column)
        notes += [note] if note else []
    frame = pd.DataFrame(columns)
    notes += unknown_categories(trained, frame)
    risk = trained.model.risk(frame)
    threshold = trained.threshold
    if options.capacity:
        threshold = threshold_for(risk, capacity_count(options.capacity, len(risk)))
    told, _ = reasons(trained.model, frame, trained.typical)
    table = predict_table(ids, risk, told, threshold, trained.base_rate)
    write_csv(table, out)
    for note in notes:
        print(f"Note        {note}")
    marked = int((table["tier"] == FIRST).sum())
    print(f"Scored      {plural(len(table), 'pupil')}; {marked} to be seen first: {out}")
    return 0


def unknown_categories(trained: TrainedModel, frame: pd.DataFrame) -> list[str]:
    """Return a note for each column with categories that training did not have."""
    notes = []
    for name, levels in trained.model.encoder_.levels_.items():
        new = frame[name].dropna()
        new = new[~new.isin(levels)]
        if len(new):
            notes.append(
                f"{name}: {plural(len(new), 'row')} with a value not seen in training (such as "
                f"{new.iloc[0]!r}), scored without that column's help."
            )
    return notes

"""What can be said on the command line, and how it is read."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from dataclasses import fields

from risk.folders import DEFAULT_OUT
from risk.pipeline import Settings
from risk.school import Biases
from risk.school.simulate import FUTURES

MODELS = ("auto", "logistic_regression", "decision_tree", "random_forest")
SPLITS = ("auto", "cohort", "group", "pupil", "random")
SWITCHES = [f.name.replace("_", "-") for f in fields(Biases) if f.name != "group"]


def parser(run: dict[str, Callable[[argparse.Namespace], int]]) -> argparse.ArgumentParser:
    """Return the parser of all commands; ``run`` has what each of them does."""
    root = argparse.ArgumentParser(
        prog="risk",
        description="Find pupils at risk of falling behind in mathematics, early enough to help.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (describe, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text)
        describe(command)
        command.set_defaults(run=run[name])
    return root


def demo_options(command: argparse.ArgumentParser) -> None:
    """Add the options of risk demo."""
    school_size(command)
    command.add_argument("--week", type=at_least(0), default=8, metavar="K",
                         help="predict at the end of this week (default 8)")  # fmt: skip
    road_options(command)


def train_options(command: argparse.ArgumentParser) -> None:
    """Add the options of risk train."""
    option = command.add_argument
    option("data", metavar="DATA",
           help="a CSV file, one row a pupil; or a folder of a school's tables")  # fmt: skip
    option("--week", type=at_least(0), metavar="K",
           help="of a folder: predict at the end of this week (default: the last one recorded)")  # fmt: skip
    target_options(command)
    option("--drop", type=names, default=(), metavar="A,B",
           help="columns to leave out; a name with a comma goes in quotes")  # fmt: skip
    option("--categories", type=names, default=(), metavar="A,B",
           help="columns to take as categories, though they hold numbers")  # fmt: skip
    option("--protected", type=names, default=(), metavar="A,B",
           help="columns not to learn from, but to audit by")  # fmt: skip
    option("--train-on-protected", action="store_true",
           help="learn from the protected columns as well")  # fmt: skip
    option("--cohort", metavar="COLUMN",
           help="the school year of each row: learn from earlier years, test on later ones")  # fmt: skip
    option("--group", metavar="COLUMN",
           help="the school or class of each row: test on whole ones the model has not seen")  # fmt: skip
    option("--left", metavar="COLUMN",
           help="who has left (blank, no or 0: still here): neither learnt from nor listed")  # fmt: skip
    option("--prior", metavar="COLUMN", help="last year's score: a baseline to beat")
    option("--rule", metavar="RULE",
           help='your own rule, a baseline to beat, such as "absences > 20, grade < 10"')  # fmt: skip
    road_options(command)


def predict_options(command: argparse.ArgumentParser) -> None:
    """Add the options of risk predict."""
    option = command.add_argument
    option("model", metavar="MODEL", help="a model file, or a results folder")
    option("data", metavar="NEW.csv")
    option("--out", required=True, type=place, metavar="FILE", help="where to write the risks")
    option("--id", metavar="COLUMN",
           help="the column that names the pupil (default: as in training)")  # fmt: skip
    option("--capacity", metavar="N|N%", help="mark this many instead of a fixed risk")
    previous_option(command)
    option("--overwrite", action="store_true", help="replace FILE if it exists")


def check_options(command: argparse.ArgumentParser) -> None:
    """Add the options of risk check."""
    command.add_argument(
        "data", metavar="DATA", help="a CSV file, or a folder of a school's tables"
    )
    target_options(command)


def simulate_options(command: argparse.ArgumentParser) -> None:
    """Add the options of risk simulate."""
    school_size(command)
    option = command.add_argument
    option("--out", type=place, metavar="DIR", help="the folder to write the tables into")
    option("--years", type=at_least(1), default=3, metavar="N",
           help="school years, the last of which has no outcomes yet (default 3)")  # fmt: skip
    option("--week", type=at_least(0), metavar="K",
           help="end the last year's records at this week (default: its end)")  # fmt: skip
    option("--seed", type=at_least(0), default=0, metavar="N")
    option("--futures", type=at_least(0), default=FUTURES, metavar="N",
           help=f"futures lived through for a true risk; 0 leaves it out (default {FUTURES})")  # fmt: skip
    option("--bias", action="append", choices=SWITCHES, default=[],
           help="what the records get wrong about one group; may be given again")  # fmt: skip
    option("--bias-group", default="B", metavar="GROUP",
           help="the ethnicity group that it is about (default B)")  # fmt: skip
    option("--check", action="store_true",
           help="print the figures of five schools beside their sources, and write nothing")  # fmt: skip


def skills_options(command: argparse.ArgumentParser) -> None:
    """Add the options of risk skills."""
    command.add_argument("--out", type=place, metavar="FILE", help="draw them: a .svg or .png file")
    command.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")


Describe = Callable[[argparse.ArgumentParser], None]
COMMANDS: dict[str, tuple[Describe, str]] = {
    "demo": (demo_options, "simulate a school and take the whole road on it"),
    "train": (train_options, "take the road on your own table, or a school's tables"),
    "predict": (predict_options, "score new pupils with a saved model"),
    "check": (check_options, "say what is odd in your data, and what looks too good to be true"),
    "simulate": (simulate_options, "write the tables of a simulated school whose truth is known"),
    "skills": (skills_options, "list the skills of grades 6 to 8, and what builds on what"),
}


def school_size(command: argparse.ArgumentParser) -> None:
    """Add how large a simulated school is."""
    command.add_argument("--pupils", "--students", type=at_least(100), default=1000, metavar="N",
                         help="pupils in each year (default 1000)")  # fmt: skip
    command.add_argument("--weeks", type=at_least(2), default=18, metavar="T",
                         help="weeks in the school year (default 18)")  # fmt: skip


def target_options(command: argparse.ArgumentParser) -> None:
    """Add what a CSV file's outcome and ids are."""
    option = command.add_argument
    option("--target", metavar="COLUMN", help="the outcome (of a CSV file)")
    cut = command.add_mutually_exclusive_group()
    cut.add_argument("--at-risk-below", type=float, metavar="NUMBER",
                     help="at risk is a target below this")  # fmt: skip
    cut.add_argument("--positive", metavar="VALUE", help="at risk is a target of this value")
    option("--id", metavar="COLUMN", help="the column that names the pupil")


def previous_option(command: argparse.ArgumentParser) -> None:
    """Add the earlier list."""
    command.add_argument("--previous", metavar="FILE",
                         help="an earlier predictions.csv: who is near the list keeps the place")  # fmt: skip


def road_options(command: argparse.ArgumentParser) -> None:
    """Add what demo and train have in common."""
    default, option = Settings(), command.add_argument
    option("--out", type=place, metavar="DIR",
           help=f"results folder (default {DEFAULT_OUT}, or the next free {DEFAULT_OUT}-2, ...)")  # fmt: skip
    option("--overwrite", action="store_true", help="replace an earlier results folder")
    whom = command.add_mutually_exclusive_group()
    whom.add_argument("--capacity", default=default.capacity, metavar="N|N%",
                      help="how many pupils can be seen: a number or a share (default 10%%)")  # fmt: skip
    whom.add_argument("--cost", metavar="N",
                      help="instead: mark whomever it pays for, at N needless talks a miss")  # fmt: skip
    option("--split", choices=SPLITS, default=default.split,
           help="what to test on: later years (cohort), other schools or classes (group), other "
           "pupils (pupil), or any (random); default: the first of these that the data allow")  # fmt: skip
    option("--model", default="auto", choices=MODELS,
           help="the model for the list (default: chosen by the tests)")  # fmt: skip
    previous_option(command)
    option("--folds", type=at_least(2), default=default.folds, metavar="N")
    option("--trees", type=at_least(1), default=default.trees, metavar="N")
    option("--seed", type=at_least(0), default=default.seed, metavar="N")
    option("--jobs", type=at_least(1), default=default.jobs, metavar="N",
           help="threads for the forest; the results do not depend on it")  # fmt: skip


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the road's settings from the options."""
    return Settings(
        capacity=options.capacity,
        cost=options.cost,
        split=options.split,
        folds=options.folds,
        trees=options.trees,
        seed=options.seed,
        jobs=options.jobs,
        model=options.model,
    )


def biases_of(options: argparse.Namespace) -> Biases:
    """Return what a simulated school's records get wrong."""
    on = {name.replace("-", "_"): True for name in options.bias}
    return Biases(**on, group=options.bias_group)


def place(text: str) -> str:
    """Return the name of a file or folder, for argparse; it may not be blank."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a name was expected, not a blank")
    return text


def at_least(low: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from low on, for argparse.

    >>> at_least(2)("5")
    5
    """

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

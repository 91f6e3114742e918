"""``python -m benchmarks references``: every entry beside its reference, a line each."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.figures_file import write_json
from benchmarks.numbers.checks import SLOW, agrees, as_rows, compare_all, show
from benchmarks.numbers.entries import FROZEN, SUBJECTS

NEAREST = "\nof each entry the figure nearest to its tolerance, and all that disagree"


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add ``references`` to the command line."""
    command = commands.add_parser("references", help="every entry beside its reference number")
    command.add_argument("--folder", default=FROZEN, metavar="DIR", help="other references")
    command.add_argument("--only", choices=SUBJECTS, metavar="NAME", help="one of %(choices)s")
    command.add_argument(
        "--forests",
        action="store_true",
        help="forests too: 50 or 100 an entry, which takes half a minute",
    )
    command.add_argument("--all", action="store_true", help="show every kind of figure")
    command.add_argument("--json", metavar="OUT", help="write every kind of figure as JSON as well")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare every entry and print the table."""
    try:
        results = compare_all(Path(options.folder), wanted(options))
        print(f"mlcore beside the references of {options.folder}{'' if options.all else NEAREST}\n")
        print(show(results, options.all))
        write_json(options.json, as_rows(results))
    except (OSError, ValueError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0 if all(agrees(found) for _, found in results) else 1


def wanted(options: argparse.Namespace) -> list[str]:
    """Return the names of what was asked for: all but what is slow, unless it was named."""
    if options.only:
        return [options.only]
    return [name for name in SUBJECTS if name not in SLOW or options.forests]

"""Every number beside its reference: logistic regression against R, scikit-learn, statsmodels,
arithmetic of 40 digits and published tables; trees and forests against scikit-learn's.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reference_comparisons import Comparison, compare
from benchmarks.reference_entries import FROZEN, SUBJECTS, Entry, load_all
from benchmarks.reference_fits import figures_of
from mlcore.files import write_whole

NEAREST = "\nof each entry the figure nearest to its tolerance, and all that disagree"
Results = list[tuple[Entry, list[Comparison]]]
SLOW = "forests"  # a subject left out unless it is asked for


def others() -> dict[str, Callable[[Path], Results]]:
    """Return what is compared in a way of its own, by its file in FOLDER/json: it gets the FOLDER.

    Such modules build on this one, so import them here.
    """
    from benchmarks.reference_pruning import compare_pruning
    from benchmarks.reference_rpart import compare_rpart

    return {"tree_ccp_path_sklearn.json": compare_pruning, "tree_rpart.json": compare_rpart}


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add ``references`` to the command line."""
    command = commands.add_parser(
        "references", help="logistic regression, trees and forests beside reference numbers"
    )
    command.add_argument("--folder", default=FROZEN, metavar="DIR", help="other references")
    command.add_argument(
        "--only",
        choices=(*SUBJECTS, *map(_stem, others())),
        metavar="NAME",
        help="one of %(choices)s",
    )
    command.add_argument(
        "--forests", action="store_true", help="forests too: 50 an entry, which takes minutes"
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
        if options.json:
            with write_whole(options.json) as file:
                file.write(json.dumps(as_rows(results), indent=2).encode("utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0 if all(agrees(found) for _, found in results) else 1


def wanted(options: argparse.Namespace) -> list[str]:
    """Return the names of what was asked for: all but what is slow, unless it was named."""
    if options.only:
        return [options.only]
    names = [*SUBJECTS, *map(_stem, others())]
    return [name for name in names if name != SLOW or options.forests]


def _stem(file: str) -> str:
    return file.removesuffix(".json")


def compare_all(folder: Path, names: list[str]) -> Results:
    """Return the comparisons of every entry; FileNotFoundError when the folder has none of them."""
    entries = load_all(folder, [name for name in names if name in SUBJECTS])
    results = [(entry, check(entry)) for entry in entries]
    for file, comparisons in others().items():
        if _stem(file) in names and (folder / "json" / file).is_file():
            results += comparisons(folder)
    if not results:
        raise FileNotFoundError(f"{folder} has no references of {', '.join(names)}.")
    return results


def check(entry: Entry, figures: Callable[[Entry], Any] = figures_of) -> list[Comparison]:
    """Return a comparison for each kind of figure of an entry, by default of ours.

    A warning disagrees as well: figures may be good by luck where a fit did not converge.
    """
    with warnings.catch_warnings(record=True) as seen:
        try:
            found = compare(entry, figures(entry))
        except (ValueError, FloatingPointError) as error:
            found = [_objection(type(error), error)]
    return found + [_objection(warning.category, warning.message) for warning in seen]


def _objection(kind: type[Warning | Exception], message: Warning | Exception | str) -> Comparison:
    """Return what was raised or warned of as a comparison that disagrees."""
    sentence = str(message).partition(". ")[0]
    return Comparison(f"{kind.__name__}: {sentence}", math.nan, 0.0, "absolute", 0)


def agrees(found: list[Comparison]) -> bool:
    """Whether all comparisons of an entry agree, and there are any."""
    return bool(found) and all(comparison.agrees for comparison in found)


def show(results: Results, everything: bool = False) -> str:
    """Return the table: of each entry what is nearest to its tolerance, and all that disagrees."""
    width = max(len(entry.id) for entry, _ in results)
    lines = []
    for topic in dict.fromkeys(entry.topic for entry, _ in results):
        lines += ["", f"{topic:{width}}  {'':22}{'difference':>10}{'tolerance':>11}{'numbers':>18}"]
        for entry, found in results:
            if entry.topic == topic:
                lines += _rows(entry, found, width, everything)
    n_chosen = sum(is_choice(found) for _, found in results)
    n_good = sum(agrees(found) for _, found in results) - n_chosen
    by_choice = f", {n_chosen} differ by choice" if n_chosen else ""
    return "\n".join([*lines[1:], "", f"{n_good} of {len(results)} agree{by_choice}"])


def is_choice(found: list[Comparison]) -> bool:
    """Whether an entry is not compared because ours differs on purpose, which its line explains."""
    return bool(found) and all(c.n == 0 and c.agrees for c in found)


def _rows(entry: Entry, found: list[Comparison], width: int, everything: bool) -> list[str]:
    worst = max(found, key=lambda c: c.share)
    shown = [c for c in found if everything or c is worst or not c.agrees]
    n = sum(c.n for c in found)
    return [
        f"{entry.id:{width}}  {c.what:22}{c.difference:10.2g}{c.tolerance:11.2g} {c.measure:10}"
        f"{c.n if everything else n:7}  {'by choice' if is_choice(found) else 'yes' if c.agrees else 'NO'}"
        for c in shown
    ]


def as_rows(results: Results) -> list[dict[str, Any]]:
    """Return one record for each kind of figure; a difference that is no number is None."""
    return [
        {"topic": entry.topic, "id": entry.id}
        | comparison._asdict()
        | {"agrees": comparison.agrees}
        | ({} if np.isfinite(comparison.difference) else {"difference": None})
        for entry, found in results
        for comparison in found
    ]


def describe(entry: Entry, found: list[Comparison]) -> str:
    """Return what disagrees, in a line each."""
    lines = [
        f"{entry.name}: {c.what}"
        + f" differs by {c.difference:.2g} ({c.measure}), {c.tolerance:.2g} is allowed" * (c.n > 0)
        for c in found
        if not c.agrees
    ]
    return "\n".join(lines) if found else f"{entry.name}: no figure was compared"

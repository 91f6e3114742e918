"""Entries checked: every figure of ours, or of a peer's, beside that of the reference."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.numbers.comparisons import ABSENT, CHOICE, Comparison, compare
from benchmarks.numbers.entries import FROZEN, SUBJECTS, Entry, load_all
from benchmarks.numbers.figures import COMPARED, figures_of
from benchmarks.numbers.packages import DataNotAtHand

Results = list[tuple[Entry, list[Comparison]]]
SLOW = ("forests", "breiman")  # subjects left out unless they are asked for
BROKEN = (ValueError, TypeError, AttributeError, KeyError, FloatingPointError, FileNotFoundError)


def compare_all(folder: Path = FROZEN, names: list[str] | None = None) -> Results:
    """Return the comparisons of every entry; FileNotFoundError when the folder has none of them."""
    wanted = [name for name in SUBJECTS if name not in SLOW] if names is None else names
    return [(entry, check(entry)) for entry in load_all(folder, wanted)]


def check(entry: Entry, figures: Callable[[Entry], Any] = figures_of) -> list[Comparison]:
    """Return a comparison for each kind of figure of an entry, by default of ours.

    A warning disagrees as well: figures may be good by luck where a fit did not converge.
    """
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            if entry.topic in COMPARED and figures is figures_of:
                found = COMPARED[entry.topic](entry)
            else:
                found = compare(entry, figures(entry))
        except DataNotAtHand as error:
            return [Comparison(str(error), 0.0, 0.0, ABSENT, 0)]
        except BROKEN as error:
            found = [_objection(type(error), error)]
    return found + [_objection(warning.category, warning.message) for warning in seen]


def _objection(kind: type[Warning | Exception], message: Warning | Exception | str) -> Comparison:
    """Return what was raised or warned of as a comparison that disagrees."""
    sentence = str(message).partition(". ")[0]
    return Comparison(f"{kind.__name__}: {sentence}", math.nan, 0.0, "absolute", 0)


def agrees(found: list[Comparison]) -> bool:
    """Whether all comparisons of an entry agree, and there are any."""
    return bool(found) and all(comparison.agrees for comparison in found)


def is_choice(found: list[Comparison]) -> bool:
    """Whether an entry is not compared because ours differs on purpose, which its line explains."""
    return bool(found) and all(c.measure == CHOICE for c in found)


def is_absent(found: list[Comparison]) -> bool:
    """Whether an entry is not compared because its data are not at hand."""
    return bool(found) and all(c.measure == ABSENT for c in found)


def counts(results: Results) -> dict[str, int]:
    """Return how many entries there are, and how many agree, differ by choice or have no data."""
    choice = sum(is_choice(found) for _, found in results)
    absent = sum(is_absent(found) for _, found in results)
    good = sum(agrees(found) for _, found in results) - choice - absent
    return {"all": len(results), "agree": good, "choice": choice, "absent": absent}


def show(results: Results, everything: bool = False) -> str:
    """Return the table: of each entry what is nearest to its tolerance, and all that disagrees."""
    width = max(len(entry.id) for entry, _ in results)
    lines = []
    for topic in dict.fromkeys(entry.topic for entry, _ in results):
        lines += ["", f"{topic:{width}}  {'':22}{'difference':>10}{'tolerance':>11}{'numbers':>18}"]
        for entry, found in results:
            if entry.topic == topic:
                lines += _rows(entry, found, width, everything)
    return "\n".join([*lines[1:], "", summary(results)])


def summary(results: Results) -> str:
    """Return in a line how many entries agree."""
    n = counts(results)
    by_choice = f", {n['choice']} differ by choice" if n["choice"] else ""
    absent = f", {n['absent']} have no data at hand" if n["absent"] else ""
    return f"{n['agree']} of {n['all']} agree{by_choice}{absent}"


def _rows(entry: Entry, found: list[Comparison], width: int, everything: bool) -> list[str]:
    if is_choice(found) or is_absent(found):
        word = "by choice" if is_choice(found) else "no data"
        return [f"{entry.id:{width}}  {word}: {found[0].what}"]
    worst = max(found, key=lambda c: c.share)
    shown = [c for c in found if everything or c is worst or not c.agrees]
    n = sum(c.n for c in found)
    return [
        f"{entry.id:{width}}  {c.what:22}{c.difference:10.2g}{c.tolerance:11.2g} {c.measure:10}"
        f"{c.n if everything else n:7}  {'yes' if c.agrees else 'NO'}"
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

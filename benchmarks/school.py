"""The simulated school beside what is aimed at: plausible, known, and of use to test an audit.

Its marginals beside their bands; the oracle, who knows the true risk, by week; what each switch does
to the audit; the audit's false alarms; tutoring of a known effect; time and memory. Nothing here is
an assertion: a line that misses its aim says so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks import school_alarms, school_audit, school_cost, school_tutoring
from benchmarks.figures_file import write_json
from risk.evaluation.figures import Evaluation, evaluate
from risk.evaluation.uncertainty import Z
from risk.school import simulate_school
from risk.school.marginals import MARGINALS, marginals_table, measured

WEEKS = 18
ORACLE_WEEKS = (0, 4, 8, 12, 18)


class Size(NamedTuple):
    """How much of everything is simulated."""

    pupils: int
    marginal_seeds: int
    audit_seeds: int
    alarm_schools: int
    years: tuple[int, ...]


FULL = Size(10_000, 5, 5, 200, (1, 3))
QUICK = Size(2_000, 5, 3, 20, (1,))
ALARM_PUPILS = 1000  # in each of the schools whose false alarms are counted


class Section(NamedTuple):
    """A table as printed, and its figures under the name they have in the JSON file."""

    name: str
    text: str
    rows: list[dict[str, Any]]


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add ``school`` to the command line."""
    command = commands.add_parser("school", help="the simulated school beside what is aimed at")
    command.add_argument("--quick", action="store_true", help="smaller schools and fewer of them")
    command.add_argument("--json", metavar="OUT", help="write the figures as JSON as well")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every section as it is measured, and write what was asked for."""
    figures = {}
    for section in sections(QUICK if options.quick else FULL):
        print(("\n" if figures else "") + section.text, flush=True)
        figures[section.name] = section.rows
    try:
        write_json(options.json, figures)
    except OSError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0


def sections(size: Size) -> Iterator[Section]:
    """Yield the sections."""
    yield marginals(size)
    yield oracle(size)
    lines = school_audit.signatures(size.pupils, range(size.audit_seeds))
    text = school_audit.show_signatures(lines, size.pupils)
    yield Section("switches", text, [line._asdict() | {"reached": line.reached} for line in lines])
    yield small_group(size)
    alarms = school_alarms.false_alarms(size.alarm_schools, ALARM_PUPILS)
    yield Section(
        "false alarms",
        school_alarms.show(alarms, ALARM_PUPILS),
        [alarms._asdict() | {"interval": alarms.interval, "reached": alarms.reached}],
    )
    helps = school_tutoring.tutoring(size.pupils)
    rows = [line._asdict() | {"share": line.share, "error": line.error} for line in helps]
    yield Section("tutoring", school_tutoring.show(helps), rows)
    costs = school_cost.costs(size.years)
    yield Section(
        "cost",
        school_cost.show(costs),
        [line._asdict() | {"reached": line.reached} for line in costs],
    )


def marginals(size: Size) -> Section:
    """Return the school's figures of each seed beside their bands."""
    seeds = range(size.marginal_seeds)
    values = measured(size.pupils, WEEKS, seeds)
    rows = [
        {"title": m.title, "low": m.low, "high": m.high, "values": row.tolist()}
        for m, row in zip(MARGINALS, values, strict=True)
    ]
    head = f"Marginals of a year of {size.pupils:,} pupils, beside their bands\n"
    return Section("marginals", head + marginals_table(values, seeds), rows)


class OracleLine(NamedTuple):
    """What the true risk reaches at the end of a week; every error is a standard error."""

    week: int
    auc: float
    auc_error: float
    brier: float
    brier_error: float
    slope: float
    slope_error: float

    @property
    def reached(self) -> bool:
        """Whether the calibration slope is 1 within two errors."""
        return abs(self.slope - 1) <= 2 * self.slope_error


def oracle(size: Size) -> Section:
    """Return how well the true risk foretells what came, by week."""
    school = simulate_school(size.pupils, WEEKS, seed=1, n_years=1)
    ended = school.truth["pupils"].set_index("pupil")["at_risk"]
    lines = []
    for week in ORACLE_WEEKS:
        weeks = school.truth["weeks"]
        risk = weeks[weeks["week"] == week].set_index("pupil")["true_risk"]
        y = (ended.reindex(risk.index) == "yes").to_numpy(dtype=np.float64)
        lines.append(oracle_line(week, evaluate("Oracle", y, risk.to_numpy(), 0.1, kind="oracle")))
    return Section(
        "oracle",
        show_oracle(lines, size.pupils),
        [line._asdict() | {"reached": line.reached} for line in lines],
    )


def oracle_line(week: int, found: Evaluation) -> OracleLine:
    """Return a week's line; an interval of 95 % reaches Z errors to either side."""

    def error(interval: tuple[float, float]) -> float:
        return (interval[1] - interval[0]) / 2 / Z

    return OracleLine(
        week,
        found.auc,
        error(found.auc_interval),
        found.brier,
        error(found.brier_interval),
        found.calibration_slope,
        error(found.calibration_slope_interval),
    )


def show_oracle(lines: list[OracleLine], n: int) -> str:
    """Return the table."""
    head = (
        f"The oracle, who knows each pupil's true risk: {n:,} pupils (standard errors)\n"
        f"{'week':>6}{'AUC':>9}{'':8}{'Brier':>9}{'':8}{'calibration slope':>20}"
    )
    rows = [
        f"{line.week:6}{line.auc:9.3f} ({line.auc_error:.3f}){line.brier:9.3f} ({line.brier_error:.3f})"
        f"{line.slope:20.3f} ({line.slope_error:.3f})" + ("" if line.reached else "  not 1")
        for line in lines
    ]
    return "\n".join([head, *rows])


def small_group(size: Size) -> Section:
    """Return in how many schools of several sizes the audit hides the small group."""
    seeds, rows = range(size.audit_seeds), []
    lines = [
        "The small group: how many it has this year, and in how many schools the audit hides it"
    ]
    for n in (size.pupils // 10, size.pupils // 2, size.pupils):
        sizes, hidden = school_audit.hidden_small_group(n, seeds)
        rows.append({"pupils": n, "sizes": sizes, "hidden": hidden, "schools": len(seeds)})
        told = "" if hidden == len(seeds) else "  shown in some"
        lines.append(
            f"{n:>8,} pupils: {min(sizes)} to {max(sizes)} in it, hidden in {hidden} of {len(seeds)}{told}"
        )
    return Section("small group", "\n".join(lines), rows)

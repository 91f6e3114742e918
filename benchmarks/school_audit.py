"""What each switch of the simulated school does to the audit, and how often an audit sees it.

A logistic regression learns from last year's records at week 8 and marks a fifth of this year's
pupils; what came of these is known from the truth. Each school is lived with a switch off and on,
under the same chances, so that the change is the switch's alone. In a difference between the
affected group and all others, status also counts: so what is judged is how a switch changes it.

Notation: n pupils of this year who stayed · risk (n,) stated · y (n,) 1 at risk, 0 not · g seeds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from mlcore import LogisticRegression
from mlcore.checks import BoolArray, FloatArray
from mlcore.student import student_quantile
from risk.data.columns import Column
from risk.evaluation.thresholds import threshold_for
from risk.fairness import Calibration, Share, audit, shares_of
from risk.features.known import FEATURES, PROTECTED, features_of
from risk.features.register import register_of
from risk.models.risk_model import RiskModel
from risk.school import FINAL_CUT, Biases, School, simulate_school
from risk.school.pupils import SMALL_GROUP
from risk.school.recording import LOWER_LABEL
from risk.school.tables import THIS_YEAR

WEEK, N_WEEKS, MARKED = 8, 18, 0.2
AUDITED = 5000  # pupils in an audit whose power is counted
OFF = Biases()
GROUP = OFF.group
SCHEMA = [Column(f.name, "number", f.label, f.unit) for f in FEATURES]
NEGLIGIBLE = 1.0  # points: where no change is expected
RECORDS, TRUTH = "records", "truth"  # what outcomes the audit is made by

# Switch, outcomes, figure, and whether the group's difference from others rises (1), falls or stays.
EXPECTED: tuple[tuple[str, str, str, int], ...] = (
    ("quiz_items", RECORDS, "marked", 1),
    ("quiz_items", RECORDS, "found", 1),
    ("quiz_items", RECORDS, "false alarms", 1),
    ("quiz_items", RECORDS, "calibration", -1),
    ("labels", RECORDS, "at risk", 1),
    ("labels", RECORDS, "found", -1),
    ("labels", RECORDS, "false alarms", -1),
    ("labels", RECORDS, "calibration", 1),
    ("labels", TRUTH, "marked", 0),
    ("labels", TRUTH, "found", 0),
    ("labels", TRUTH, "false alarms", 0),
    ("labels", TRUTH, "calibration", 0),
    ("absence", RECORDS, "marked", -1),
    ("absence", RECORDS, "found", -1),
    ("absence", RECORDS, "false alarms", -1),
    ("absence", RECORDS, "calibration", 1),
    ("missing", RECORDS, "marked", 1),
    ("missing", RECORDS, "found", 1),
    ("missing", RECORDS, "calibration", -1),
    ("missing", RECORDS, "not recorded", 1),
)
SWITCHES = tuple(dict.fromkeys(line[0] for line in EXPECTED))


class Audited(NamedTuple):
    """This year's pupils as an audit gets them, and what truly came of them; (n,) or n rows."""

    protected: pd.DataFrame
    outcomes: dict[str, FloatArray]  # RECORDS and TRUTH: y
    risk: FloatArray
    flagged: BoolArray
    not_recorded: BoolArray

    def rows(self, rows: BoolArray) -> Audited:
        """Return some of the pupils, marked as they were among all."""
        return Audited(
            self.protected[rows].reset_index(drop=True),
            {name: y[rows] for name, y in self.outcomes.items()},
            self.risk[rows],
            self.flagged[rows],
            self.not_recorded[rows],
        )


def known_at(school: School, week: int = WEEK) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the features of the pupils still there, and their rows of the table of pupils."""
    frame = features_of(register_of(school.tables).as_of(week))
    return frame, school.tables["pupils"].set_index("pupil").loc[frame.index]


def learnt(school: School) -> RiskModel:
    """Return a logistic regression on the outcomes recorded of earlier years."""
    frame, _ = known_at(school)
    ended = school.tables["outcomes"].set_index("pupil")["at_risk"].reindex(frame.index)
    known = ended.notna()
    model = RiskModel("Logistic regression", LogisticRegression(alpha=0.01), SCHEMA)
    return model.fit(frame[known], (ended[known] == "yes").to_numpy(dtype=np.float64))


def to_audit(school: School, model: RiskModel, biases: Biases = OFF) -> Audited:
    """Return this year's pupils who stayed to the end, with the risks that a model states."""
    frame, pupils = known_at(school)
    stayed = (pupils["year"] == THIS_YEAR) & pupils["left_week"].isna()
    frame, pupils = frame[stayed], pupils[stayed]
    score = school.truth["pupils"].set_index("pupil").loc[frame.index, "final_score"].to_numpy()
    lowered = LOWER_LABEL * (pupils["ethnicity_group"] == biases.group).to_numpy() * biases.labels
    risk = model.risk(frame)
    return Audited(
        pupils[list(PROTECTED)].reset_index(drop=True),
        {
            TRUTH: (score < FINAL_CUT).astype(np.float64),
            RECORDS: (score - lowered < FINAL_CUT).astype(np.float64),
        },
        risk,
        risk >= threshold_for(risk, round(MARKED * len(risk))),
        (frame.isna().any(axis=1) | (frame["quizzes_missed"] > 0)).to_numpy(),
    )


def lived(n: int, seed: int, switch: str | None = None) -> Audited:
    """Return the pupils of a school of n a year, with a switch on, by a model of its own records."""
    biases = Biases(**{switch: True}) if switch else OFF
    school = simulate_school(n, N_WEEKS, seed, n_years=2, biases=biases, n_futures=0)
    return to_audit(school, learnt(school), biases)


def figures(pupils: Audited, outcomes: str) -> dict[str, tuple[float, float]]:
    """Return each figure in % of the affected group and of all others; of calibration, the gap."""
    inside = (pupils.protected["ethnicity_group"] == GROUP).to_numpy()
    y = pupils.outcomes[outcomes]
    both = [
        shares_of(rows, y, pupils.flagged, pupils.risk, pupils.not_recorded)
        for rows in (inside, ~inside)
    ]
    found = {name: (value_of(both[0][name]), value_of(both[1][name])) for name in both[0]}
    return found | {"at risk": (100 * y[inside].mean(), 100 * y[~inside].mean())}


def value_of(share: Share) -> float:
    """Return what a share says, in %: for calibration how far the risk was understated."""
    return 100 * (share.gap if isinstance(share, Calibration) else share.value)


def marked_as_differing(pupils: Audited, outcomes: str) -> dict[str, list[bool]]:
    """Return for each figure whether audits of AUDITED pupils each mark the affected group."""
    n = len(pupils.risk)
    part = np.random.default_rng(0).permutation(n) % max(1, round(n / AUDITED))
    marked: dict[str, list[bool]] = {}
    for k in range(part.max() + 1):
        some = pupils.rows(part == k)
        groups = audit(
            some.protected, some.outcomes[outcomes], some.flagged, some.risk, some.not_recorded
        )
        shares = next(g.shares for g in groups if g.group == GROUP) or {}
        for name, share in shares.items():
            marked.setdefault(name, []).append(share.differs)
    return marked


class Signature(NamedTuple):
    """How a switch changes one figure: in % of the group and of others, without and with it."""

    switch: str
    outcomes: str
    figure: str
    group: tuple[float, float]
    others: tuple[float, float]
    change: float  # of the group's difference from the others, in points
    error: float
    seeds: int
    expected: int
    seen: tuple[int, int]  # audits that mark the group, without the switch and with it
    audits: int

    @property
    def reached(self) -> bool:
        """Whether the change is the expected one, by more than chance would give."""
        if self.expected == 0:
            return abs(self.change) <= NEGLIGIBLE
        needed = student_quantile(0.975, self.seeds - 1) * self.error
        return self.expected * self.change > needed


def signatures(n: int, seeds: Iterable[int]) -> list[Signature]:
    """Return a line for each expected change, over schools of n pupils a year."""
    schools = {
        seed: {switch: lived(n, seed, switch) for switch in (None, *SWITCHES)} for seed in seeds
    }
    return [signature(list(schools.values()), *line) for line in EXPECTED]


def signature(
    schools: list[dict[str | None, Audited]], switch: str, outcomes: str, figure: str, expected: int
) -> Signature:
    """Return one line, from each seed's pupils by switch."""
    pairs = [(school[None], school[switch]) for school in schools]
    # (seeds, off and on, group and others)
    values = np.array([[figures(p, outcomes)[figure] for p in pair] for pair in pairs])
    difference = values[:, :, 0] - values[:, :, 1]
    change = difference[:, 1] - difference[:, 0]
    seen = [
        [mark for pair in pairs for mark in marked_as_differing(pair[k], outcomes).get(figure, [])]
        for k in (0, 1)
    ]
    off, on = values.mean(axis=0)
    error = float(np.std(change, ddof=1) / np.sqrt(len(change)))
    return Signature(
        switch, outcomes, figure, (off[0], on[0]), (off[1], on[1]), float(change.mean()), error,
        len(pairs), expected, (sum(seen[0]), sum(seen[1])), len(seen[0]),
    )  # fmt: skip


def show_signatures(lines: list[Signature], n: int) -> str:
    """Return the table."""
    head = (
        f"Switches: what they do to the audit of group {GROUP}, in %; {lines[0].seeds} schools of "
        f"{n:,} pupils, week {WEEK}, {MARKED:.0%} marked.\nCalibration is what came out less what was "
        f"stated. Seen: audits of about {min(n, AUDITED):,} pupils that mark the group.\n"
        f"{'':12}{'by the':9}{'':14}{f'group {GROUP}':>7}{'on':>6}{'others':>9}{'on':>6}"
        f"{'change of the':>15} {'(SE)':7}{'expected':9}{'seen off':>9}{'on':>5}{'of':>5}"
    )
    words = {1: "up", -1: "down", 0: "same"}
    rows = [
        f"{s.switch:12}{s.outcomes:9}{s.figure:14}{s.group[0]:7.1f}{s.group[1]:6.1f}"
        f"{s.others[0]:9.1f}{s.others[1]:6.1f}{s.change:+15.1f} {f'({s.error:.1f})':7}"
        f"{words[s.expected]:9}"
        + (f"{s.seen[0]:9}{s.seen[1]:5}{s.audits:5}" if s.audits else f"{'-':>9}{'-':>5}{'':5}")
        + ("" if s.reached else "  not so")
        for s in lines
    ]
    return "\n".join([head.replace("change of the", "difference"), *rows])


def hidden_small_group(n: int, seeds: Iterable[int]) -> tuple[list[int], int]:
    """Return the small group's size in each school, and in how many no figure of it is shown."""
    sizes, hidden = [], 0
    for seed in seeds:
        school = simulate_school(
            n, 1, seed, n_years=1, n_futures=0, biases=Biases(small_group=True)
        )
        pupils = school.tables["pupils"][["ethnicity_group"]]
        y = (school.truth["pupils"]["at_risk"] == "yes").to_numpy(dtype=np.float64)
        sizes.append(int((pupils["ethnicity_group"] == SMALL_GROUP).sum()))
        hidden += not any(g.shares for g in audit(pupils, y, y == 1) if g.group == SMALL_GROUP)
    return sizes, hidden

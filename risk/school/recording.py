"""What the school gets to see of a week, and what it fails to record.

Quizzes follow item response theory: an item is answered with the probability
sigmoid(discrimination * (mastery - difficulty)). Cells go missing in three ways: at random, for
pupils who were absent, and for pupils who are weak; each cell's way is kept in the truth.

The switches of ``Biases`` distort what is recorded for one group, never what is true of it.

Notation: n pupils · arrays (n,).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from mlcore.checks import BoolArray, FloatArray
from mlcore.linear.losses import sigmoid
from risk.school.learning import Plan, State
from risk.school.pupils import YearGroup

ITEMS_A_QUIZ, QUIZ_EVERY = 10, 2  # a quiz every second week
MISSING_KINDS = ("", "at random", "absent", "weak")
BIASED_ITEMS = 5  # of a quiz's ten items, with the switch
# Large, so that what each does to the audit shows in a district of ten thousand pupils.
HARDER, LOWER_LABEL, UNRECORDED, MORE_MISSING = 2.0, 6.0, 0.9, 0.25


@dataclass(frozen=True)
class Biases:
    """Switches, all off: what the records get wrong about pupils of one ethnicity group.

    The audit of a model that learnt from such records, beside one of the same pupils without
    (measured by ``python -m benchmarks school``):

    - quiz items: the group's risk is overstated; more of it are marked, most of them needlessly.
    - labels: the model hardly changes towards the group. Judged by the same labels its risk looks
      understated, and fewer of those "at risk" look found: the audit calls for marking more pupils
      who need no help. No audit by recorded outcomes can tell that the outcomes are wrong.
    - absence: the group's risk is understated; fewer of it are marked, and fewer at risk found.
    - missing: more of the group have something not recorded; little else moves.
    - small group: the audit hides it, as it would have to name single pupils.
    """

    quiz_items: bool = False  # half of a quiz's items are harder for them
    labels: bool = False  # their final test is marked 6 points too low
    absence: bool = False  # nine in ten of their days absent are not recorded
    missing: bool = False  # a quarter more of their quizzes are missing
    small_group: bool = False  # three pupils in a thousand are of a fifth group
    group: str = "B"

    @property
    def on(self) -> list[str]:
        """The names of the switches that are on."""
        return [f.name for f in fields(self) if f.name != "group" and getattr(self, f.name)]


class Recorded(NamedTuple):
    """One week's columns of the tables, (n,) each, and why cells are missing (in the truth)."""

    days_absent: FloatArray
    completed: FloatArray
    correct: FloatArray
    minutes: FloatArray
    score: FloatArray | None  # None in a week without a quiz
    minutes_missing: np.ndarray  # of MISSING_KINDS
    score_missing: np.ndarray


def quiz_items(n_weeks: int, rng: np.random.Generator) -> FloatArray:
    """Return discrimination and difficulty of every item, (2, T, items)."""
    shape = (n_weeks, ITEMS_A_QUIZ)
    return np.stack([np.exp(rng.normal(-0.3, 0.25, shape)), rng.normal(-0.2, 0.8, shape)])


def record_week(
    pupils: YearGroup,
    plan: Plan,
    state: State,
    week: int,
    happened: tuple[FloatArray, FloatArray],
    items: FloatArray,
    biases: Biases,
    rng: np.random.Generator,
) -> Recorded:
    """Return what is recorded of a week, after it was lived: days absent and items completed."""
    absent, completed = happened
    affected = (pupils.table["ethnicity_group"] == biases.group).to_numpy()
    s = plan.skill[week - 1]
    mastery = plan.base[s] + state.learnt[s] - state.setback
    chance = 0.05 + 0.95 * sigmoid(0.3 + 0.45 * mastery + pupils.helped)
    correct = rng.binomial(completed.astype(np.int64), chance).astype(np.float64)
    drive = state.engagement - state.strain
    minutes = np.exp(rng.normal(3.4 + 0.15 * drive, 0.45)) * (0.25 + completed / 20)
    minutes, minutes_missing = without(minutes.round(1), [rng.random(len(minutes)) < 0.02])
    recorded_absent = absent.copy()
    seen = rng.binomial(absent.astype(np.int64), 1 - UNRECORDED)
    if biases.absence:
        recorded_absent = np.where(affected, seen, absent)
    harder = HARDER * (affected & biases.quiz_items)
    score = quiz_score(mastery + pupils.at_ease, items[:, week - 1], harder, rng)
    score, score_missing = without(
        score, quiz_missing(absent, mastery, affected & biases.missing, rng)
    )
    slip = rng.random(len(score)) < 0.001  # of the keyboard
    score[slip] = 999.0
    return Recorded(
        recorded_absent, completed, correct, minutes,
        score if week % QUIZ_EVERY == 0 else None, minutes_missing, score_missing,
    )  # fmt: skip


def quiz_score(
    mastery: FloatArray, items: FloatArray, harder: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Return the share of the items answered rightly, in points of 100, (n,)."""
    discrimination, difficulty = items  # (items,) each
    raised = np.outer(harder, np.arange(ITEMS_A_QUIZ) < BIASED_ITEMS)  # (n, items)
    chance = sigmoid(discrimination * (mastery[:, None] - difficulty - raised))
    return 100.0 / ITEMS_A_QUIZ * (rng.random(chance.shape) < chance).sum(axis=1)


def quiz_missing(
    absent: FloatArray, mastery: FloatArray, affected: BoolArray, rng: np.random.Generator
) -> list[BoolArray]:
    """Return where a quiz is missing at random, for the absent, and for the weak, (n,) each."""
    n = len(absent)
    return [
        rng.random(n) < 0.03 + MORE_MISSING * affected,
        rng.random(n) < 0.55 * absent / 5,  # away on the day
        rng.random(n) < 0.12 * sigmoid(-2.0 - 2.0 * mastery),  # stayed away from the quiz
    ]


def without(values: FloatArray, kinds: list[BoolArray]) -> tuple[FloatArray, np.ndarray]:
    """Return the values with cells missing, and which kind each missing cell is of.

    >>> values, kind = without(np.array([1.0, 2.0]), [np.array([True, False])])
    >>> values.tolist(), kind.tolist()
    ([nan, 2.0], ['at random', ''])
    """
    kind = np.select(kinds, MISSING_KINDS[1 : len(kinds) + 1], MISSING_KINDS[0]).astype(object)
    return np.where(kind == "", values, np.nan), kind

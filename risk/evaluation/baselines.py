"""What every model must beat: guesses that need no machine learning, or next to none.

- majority: everybody has the same risk, the share at risk.
- prior score alone: a logistic curve over last year's score.
- school alone: the share at risk of the pupil's school, drawn towards the overall share.
- the districts' rule, or the user's own: the share at risk of those who meet as many of a few conditions on
  attendance, behaviour and grades. Source: Balfanz, Herzog & Mac Iver (2007), Preventing student
  disengagement and keeping students on the graduation path in urban middle-grades schools,
  Educational Psychologist 42.

Each has the interface of a model: ``title``, ``fresh``, ``fit`` and ``risk``, and works on the rows
of ``baseline_frame``.

Notation: n pupils · y (n,) 1 at risk, 0 not · risk (n,) the probability of being at risk.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlcore import LogisticRegression
from mlcore.calibration import isotonic_regression
from mlcore.checks import FloatArray, IntArray
from mlcore.estimator import Estimator
from risk.data.columns import Column, Condition
from risk.data.table import PupilTable
from risk.features.known import DISTRICTS_RULE
from risk.models.encoding import Encoder

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PRIOR, GROUP, MET = "prior", "group", "conditions met"  # the columns of a baseline's frame
WEIGHT = 10.0  # pupils' worth of the overall share that each group's share is mixed with


def rule_flags(frame: pd.DataFrame, rule: Sequence[Condition]) -> IntArray:
    """Return how many of the rule's conditions each pupil meets, (n,); what is missing meets none.

    >>> frame = pd.DataFrame({"absences": [30.0, 2.0, np.nan], "G1": [8.0, 9.0, 15.0]})
    >>> rule_flags(frame, [Condition("absences", ">", 20), Condition("G1", "<", 10)]).tolist()
    [2, 1, 0]
    """
    counts = np.zeros(len(frame), dtype=np.int64)
    for condition in rule:
        values = frame[condition.column].to_numpy(dtype=np.float64)
        counts += SIGNS[condition.sign](values, condition.number)  # NaN compares as false
    return counts


def baseline_frame(table: PupilTable) -> pd.DataFrame:
    """Return what the baselines look at, with a row for each row of the table."""
    frame = pd.DataFrame(index=table.features.index)
    if table.prior is not None:
        frame[PRIOR] = table.features[table.prior]
    if table.group is not None:
        frame[GROUP] = table.group
    if table.rule:
        frame[MET] = rule_flags(table.features, table.rule)
    return frame


def baselines(table: PupilTable) -> dict[str, Baseline]:
    """Return the baselines the table has the columns for, not fitted."""
    found: dict[str, Baseline] = {"majority": Majority()}
    if table.prior is not None:
        title = next(column.title for column in table.schema if column.name == table.prior)
        found["prior_score"] = PriorAlone(alone(title))
    if table.group is not None:
        found["school"] = GroupAlone(alone(str(table.group.name)))
    if table.rule:
        theirs = all(condition in DISTRICTS_RULE for condition in table.rule)
        found["districts_rule"] = DistrictsRule("The districts' rule" if theirs else "Your rule")
    return found


def alone(name: str) -> str:
    """Return the title of a column by itself; within a sentence it must still be the user's word.

    >>> alone("last year's score"), alone("G1"), alone("Klasse")
    ("Last year's score alone", 'G1 alone', "'Klasse' alone")
    """
    shown = f"{name[:1].upper()}{name[1:]}" if name[:1].islower() else name
    taken_for_a_sentence = name[:1].isupper() and name[1:2].islower()
    return f"{shown!r} alone" if taken_for_a_sentence else f"{shown} alone"


class Baseline(Estimator):
    """What the baselines share with the models: a title, and a fresh copy."""

    title: str

    def fresh(self) -> Baseline:
        """Return the same baseline, not fitted."""
        return type(self)(**self.get_params(deep=False))

    def fit(self, frame: pd.DataFrame, y: FloatArray) -> Baseline:
        """Learn from pupils whose outcome is known: y (n,) is 1 or 0."""
        raise TypeError(f"{type(self).__name__} does not say how to learn.")

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return each pupil's probability of being at risk, (n,)."""
        raise TypeError(f"{type(self).__name__} does not say how to score.")


class Majority(Baseline):
    """The share at risk for everybody, which ranks nobody above anybody.

    >>> frame = pd.DataFrame(index=range(4))
    >>> Majority().fit(frame, np.array([1.0, 0.0, 0.0, 0.0])).risk(frame).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """

    def __init__(self, title: str = "The same risk for everybody") -> None:
        self.title = title

    def fit(self, frame: pd.DataFrame, y: FloatArray) -> Majority:
        """Learn the share at risk."""
        self._forget()
        self.share_ = float(y.mean())
        return self

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return that share for each pupil, (n,)."""
        return np.full(len(frame), self.share_)


class PriorAlone(Baseline):
    """A logistic regression on last year's score; who has none gets a risk of their own.

    A score that is missing counts as the median, and a second column says that it is missing.
    """

    def __init__(self, title: str = "Last year's score alone") -> None:
        self.title = title

    def fit(self, frame: pd.DataFrame, y: FloatArray) -> PriorAlone:
        """Learn the curve."""
        self._forget()
        self.encoder_ = Encoder([Column(PRIOR, "number")], standardise=True).fit(frame)
        # The penalty is too small to see, and keeps the curve finite where a score tells all.
        model = LogisticRegression(alpha=0.001)
        self.classifier_ = model.fit(self.encoder_.transform(frame), y.astype(np.int64))
        return self

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return each pupil's probability of being at risk, (n,)."""
        return self.classifier_.predict_proba(self.encoder_.transform(frame))[:, 1]


class GroupAlone(Baseline):
    """The share at risk of the pupil's school or class among the pupils learnt from.

    share of a group = (its pupils at risk + WEIGHT · overall share) / (its pupils + WEIGHT)

    So a group of few is not taken at its word; one never seen, or not known, has the overall share.
    The best weight is (1 − r) / r where a share r of the variance lies between groups (the linear
    estimate of Bühlmann 1967); WEIGHT is for r of a tenth, about what schools differ by in outcomes.
    """

    def __init__(self, title: str = "School alone") -> None:
        self.title = title

    def fit(self, frame: pd.DataFrame, y: FloatArray) -> GroupAlone:
        """Learn the share of each group."""
        self._forget()
        self.overall_ = float(y.mean())
        groups = pd.Series(y, index=frame.index).groupby(frame[GROUP])
        self.share_ = (groups.sum() + WEIGHT * self.overall_) / (groups.size() + WEIGHT)
        return self

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return the share of each pupil's group, (n,)."""
        return frame[GROUP].map(self.share_).fillna(self.overall_).to_numpy(dtype=np.float64)


class DistrictsRule(Baseline):
    """The share at risk by how many conditions are met, never falling as more are met.

    Shares that fall are pooled (isotonic regression). A count never seen has the share of the next
    lower one that was, or of the lowest.
    """

    def __init__(self, title: str = "The districts' rule") -> None:
        self.title = title

    def fit(self, frame: pd.DataFrame, y: FloatArray) -> DistrictsRule:
        """Learn the share at risk for each number of conditions met."""
        self._forget()
        self.met_, place, pupils = np.unique(
            frame[MET].to_numpy(), return_inverse=True, return_counts=True
        )
        shares = np.bincount(place, weights=y) / pupils
        self.share_ = isotonic_regression(shares, sample_weight=pupils.astype(np.float64))
        return self

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return the share of those who meet as many conditions, (n,)."""
        place = np.searchsorted(self.met_, frame[MET].to_numpy(), side="right") - 1
        return self.share_[np.maximum(place, 0)]

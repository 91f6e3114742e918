"""How good are the predictions, in figures with their intervals?

Notation: n pupils with a known outcome · y (n,) 1 at risk, 0 not · risk (n,) predicted, NaN for
pupils who are in no test · cluster (n,) the number of each pupil's class or school, or None.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    calibration_slope,
    confusion_matrix,
    expected_calibration_error,
    log_loss,
    roc_auc_score,
)
from risk.data.groups import clusters
from risk.data.reading import DataError
from risk.evaluation.thresholds import Rule
from risk.evaluation.uncertainty import (
    Interval,
    auc_pulls,
    average_precision_pulls,
    interval,
    list_pulls,
    logit_interval,
    margin_rate,
    mean_pulls,
    share_interval,
    slope_pulls,
)
from risk.odds import kept_inside, log_odds

TOO_GOOD = 0.985  # an AUC beyond this has always been a leak in school data


@dataclass(frozen=True)
class Evaluation:
    """How one model, baseline or oracle did on the pupils it was tested on; intervals are of 95 %.

    A figure that these pupils cannot give, such as the calibration slope of a constant risk, is NaN.
    """

    title: str
    kind: str  # "model", "baseline" or "oracle"
    risk: FloatArray  # (n,) NaN for pupils in no test
    auc: float
    auc_interval: Interval
    auc_interval_alone: Interval  # were the pupils of a class no more alike than others
    average_precision: float
    average_precision_interval: Interval
    brier: float
    brier_interval: Interval
    brier_of_base_rate: float
    log_loss: float
    calibration_slope: float  # 1 is right; below, risks too extreme; above, too timid
    calibration_slope_interval: Interval
    calibration_error: float
    accuracy: float  # of the threshold 0.5
    rule: Rule  # whom to flag
    threshold: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    precision: float
    precision_interval: Interval
    recall: float
    recall_interval: Interval

    @property
    def tested(self) -> BoolArray:
        """The pupils with a risk, (n,)."""
        return ~np.isnan(self.risk)

    @property
    def flagged(self) -> int:
        """Pupils at or above the threshold."""
        return self.true_positives + self.false_positives

    @property
    def caution(self) -> str | None:
        """A warning when the ranking may be mere chance, or is too good to be true; else None."""
        if self.auc <= 0.5:
            return (
                "The ranking is no better than chance would give, so the list says nothing about "
                "who needs help. Do not use it."
            )
        if self.auc_interval_alone[0] > 0.5 >= self.auc_interval[0]:
            return (
                "The list ranks the tested pupils better than chance would, but they are of so few "
                "schools or classes that nobody can tell how it would rank those of another one. "
                "Trust it no further than that."
            )
        if self.auc_interval[0] <= 0.5:
            return (
                f"The ranking may be no better than chance: its AUC is {self.auc:.2f}, but the 95 % "
                f"interval reaches down to {self.auc_interval[0]:.2f}. Do not use the list before "
                "it was tested on more pupils, or on more schools or classes."
            )
        if self.auc > TOO_GOOD:
            return (
                "The ranking is too good to be true. Look for a column that was recorded after the "
                "outcome, or made from it, and leave it out with --drop."
            )
        return None

    def figures(self) -> dict[str, Any]:
        """Return all but the risks, for metrics.json, with None for what is NaN."""
        plain = asdict(self) | {"flagged": self.flagged, "tested": int(self.tested.sum())}
        del plain["risk"]
        return {name: or_none(value) for name, value in plain.items()}


def or_none(value: Any) -> Any:
    """Return a value, or None for NaN and for an interval of NaN, which JSON does not know.

    >>> or_none(0.5), or_none(math.nan), or_none((math.nan, math.nan))
    (0.5, None, None)
    """
    if isinstance(value, tuple):
        return None if any(map(math.isnan, value)) else value
    return None if isinstance(value, float) and math.isnan(value) else value


def evaluate(
    title: str,
    y: FloatArray,
    risk: FloatArray,
    rule: float | Rule,
    kind: str = "model",
    cluster: ArrayLike | None = None,
) -> Evaluation:
    """Score the risks of the pupils who were tested, flagging by a rule, or a share of them.

    ``cluster`` (n,) names each pupil's class or school: the intervals then allow for pupils of one
    class being alike. Without it they are DeLong's, Wilson's and those of independent pupils.

    >>> y, risk = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.4, 0.35, 0.8])
    >>> e = evaluate("A model", y, risk, 0.25)
    >>> e.auc, e.flagged, e.precision, e.recall
    (0.75, 1, 1.0, 0.5)
    """
    tested = ~np.isnan(risk)
    t, p = y[tested], risk[tested]
    check_both_kinds(t)
    codes = clusters(cluster, tested)
    rule = rule if isinstance(rule, Rule) else Rule(rule)
    return Evaluation(
        title=title,
        kind=kind,
        risk=risk,
        **ranking(t, p, codes),
        **probability(t, p, codes),
        **listing(t, p, rule, codes),
    )


def check_both_kinds(y: FloatArray) -> None:
    """Raise DataError unless two pupils or more of either kind were tested."""
    for count, kind in ((int((y == 1).sum()), "were"), (int((y == 0).sum()), "were not")):
        if count < 2:
            raise DataError(
                f"Of the {len(y)} pupils to test on, {count} {kind} at risk, but at least 2 were "
                "expected. Test on more pupils, or split them in another way."
            )


def ranking(y: FloatArray, risk: FloatArray, cluster: IntArray | None) -> dict[str, Any]:
    """Return the figures of the order alone."""
    area, precision = roc_auc_score(y, risk), average_precision_score(y, risk)
    pulls, of_area = average_precision_pulls(y, risk), auc_pulls(y, risk)
    return {
        "auc": area,
        "auc_interval": interval(area, of_area, cluster, (0.0, 1.0)),
        "auc_interval_alone": interval(area, of_area, None, (0.0, 1.0)),
        "average_precision": precision,
        "average_precision_interval": logit_interval(precision, pulls, cluster),
    }


def probability(y: FloatArray, risk: FloatArray, cluster: IntArray | None) -> dict[str, Any]:
    """Return the figures of the stated risks."""
    brier, base = brier_score_loss(y, risk), y.mean()
    slope, slope_interval = slope_and_interval(y, risk, cluster)
    return {
        "brier": brier,
        "brier_interval": interval(brier, mean_pulls((risk - y) ** 2), cluster, (0.0, 1.0)),
        "brier_of_base_rate": float(base * (1 - base)),
        "log_loss": log_loss(y, risk),
        "calibration_slope": slope,
        "calibration_slope_interval": slope_interval,
        "calibration_error": expected_calibration_error(y, risk),
        "accuracy": accuracy_score(y, (risk > 0.5).astype(np.float64)),
    }


def slope_and_interval(
    y: FloatArray, risk: FloatArray, cluster: IntArray | None
) -> tuple[float, Interval]:
    """Return the calibration slope; NaN where risks are all the same, or part the kinds in full.

    Risks are kept inside 0 and 1, since on the scale of log-odds a single 0 would outweigh all others.
    """
    nothing = np.nan, (np.nan, np.nan)
    inside = kept_inside(risk, len(y))
    at_risk, others = inside[y == 1], inside[y == 0]
    apart = at_risk.min() >= others.max() or others.min() >= at_risk.max()
    if apart or inside.max() - inside.min() < 1e-12:
        return nothing
    slope, intercept = calibration_slope(y, inside)
    pulls = slope_pulls(y, log_odds(inside), slope, intercept)
    return slope, interval(slope, pulls, cluster)


def listing(
    y: FloatArray, risk: FloatArray, rule: Rule, cluster: IntArray | None
) -> dict[str, Any]:
    """Return the figures of the pupils who are flagged; NaN precision where nobody is."""
    threshold = rule.threshold(risk)
    flagged = risk >= threshold
    (tn, fp), (fn, tp) = confusion_matrix(y, flagged.astype(np.float64), labels=[0, 1]).tolist()
    precision, precision_interval = np.nan, (np.nan, np.nan)
    of_precision, of_recall = pulls_of_list(y, risk, flagged, rule)
    if tp + fp:
        precision = tp / (tp + fp)
        precision_interval = share_interval(tp, tp + fp, of_precision, cluster)
    return {
        "rule": rule,
        "threshold": threshold,
        "true_positives": tp,
        "false_positives": fp,
        "false_negatives": fn,
        "true_negatives": tn,
        "precision": precision,
        "precision_interval": precision_interval,
        "recall": tp / (tp + fn),
        "recall_interval": share_interval(tp, tp + fn, of_recall, cluster),
    }


def pulls_of_list(
    y: FloatArray, risk: FloatArray, flagged: BoolArray, rule: Rule
) -> tuple[FloatArray, FloatArray]:
    """Return the pulls (n,) on precision and recall, of a list of fixed share or fixed threshold."""
    by_share = rule.cost is None
    return list_pulls(y, flagged, margin_rate(y, risk, int(flagged.sum())) if by_share else 0.0)

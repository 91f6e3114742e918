"""How good are the predictions? Every pupil is scored by models that never saw that pupil.

Notation: n pupils with a known outcome · y (n,) 1 at risk, 0 not · risk (n,) predicted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.metrics import (
    accuracy_score,
    auc_interval,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
    wilson_interval,
)
from mlcore.model_selection import StratifiedKFold
from risk.models import RiskModel
from risk.reading import DataError

Interval = tuple[float, float]
TOO_GOOD = 0.985  # an AUC beyond this has always been a leak in school data


@dataclass(frozen=True)
class Evaluation:
    """One model's out-of-fold results; intervals are of 95 %."""

    title: str
    risk: FloatArray  # (n,) out of fold
    fold_auc: FloatArray  # (folds,)
    auc: float
    auc_interval: Interval
    average_precision: float
    brier: float
    brier_of_base_rate: float
    log_loss: float
    accuracy: float  # of the threshold 0.5
    threshold: float  # of the capacity
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    precision: float
    precision_interval: Interval
    recall: float
    recall_interval: Interval
    kind: str = "model"  # "model", "baseline" or "oracle"
    average_precision_interval: Interval = (np.nan, np.nan)
    brier_interval: Interval = (np.nan, np.nan)
    calibration_slope: float = np.nan  # 1 is right; below, risks too extreme; above, too timid
    calibration_slope_interval: Interval = (np.nan, np.nan)
    calibration_error: float = np.nan

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
        """A warning when the ranking is no better than chance, or too good to be true; else None."""
        if self.auc_interval[0] <= 0.5:
            return (
                "The ranking is no better than chance would give, so the list says nothing about "
                "who needs help. Do not use it."
            )
        if self.auc > TOO_GOOD:
            return (
                "The ranking is too good to be true. Look for a column that was recorded after the "
                "outcome, or made from it, and leave it out with --drop."
            )
        return None

    def figures(self) -> dict[str, Any]:
        """Return all but the risks, for metrics.json."""
        plain = asdict(self) | {"flagged": self.flagged, "fold_auc": self.fold_auc.tolist()}
        del plain["risk"]
        return {
            name: None if value != value or value == (np.nan, np.nan) else value
            for name, value in plain.items()
        }


def capacity_count(capacity: str, n: int) -> int:
    """Return how many of n pupils can be seen: "40" or "10%"; DataError if it is neither.

    >>> capacity_count("10%", 250), capacity_count("40", 250)
    (25, 40)
    """
    text = capacity.strip()
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = np.nan
    percent = text.endswith("%")
    if (
        not 0 < number < np.inf
        or (percent and number > 100)
        or (not percent and number != round(number))
    ):
        raise DataError(
            f"--capacity is {capacity!r}, but a number of pupils such as 40 or a share such as "
            "10% was expected."
        )
    count = n * number / 100 if percent else number
    return int(np.clip(round(count), 1, n))


def threshold_for(risk: FloatArray, count: int) -> float:
    """Return the risk at which nearest to ``count`` pupils are flagged (risk >= threshold).

    Pupils of the same risk are flagged together or not at all; of two thresholds equally near, the
    one that flags fewer is taken, but never one that flags nobody.

    >>> threshold_for(np.array([0.9, 0.8, 0.8, 0.1]), 2)
    0.9
    """
    values, counts = np.unique(risk, return_counts=True)
    flagged = np.cumsum(counts[::-1])
    best = int(np.argmin(np.abs(flagged - count)))
    return float(values[::-1][best])


def out_of_fold(
    model: RiskModel,
    frame: pd.DataFrame,
    y: FloatArray,
    fold: IntArray,
    progress: Callable[[str], None] = lambda step: None,
) -> tuple[FloatArray, list[RiskModel]]:
    """Return each pupil's risk (n,) by a model fitted without that pupil's fold, and those models.

    Model k has not seen the pupils of fold k.
    """
    risk, models = np.full(len(y), np.nan), []
    for k in range(fold.max() + 1):
        test = fold == k
        models.append(model.fresh().fit(frame[~test], y[~test]))
        risk[test] = models[-1].risk(frame[test])
        progress(f"testing: {model.title.lower()}")
    return risk, models


def assign_folds(y: FloatArray, n_folds: int, seed: int) -> IntArray:
    """Return the fold (n,) of each pupil; each fold has its share of pupils at risk."""
    smallest = int(min((y == 1).sum(), (y == 0).sum()))
    if n_folds > smallest:
        raise DataError(
            f"--folds is {n_folds}, but there are only {smallest} pupils of the rarer kind, and "
            f"each fold needs one. Use --folds {smallest} or less."
        )
    fold = np.empty(len(y), dtype=np.int64)
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    for k, (_, test) in enumerate(splitter.split(None, y.astype(np.int64))):
        fold[test] = k
    return fold


def evaluate(
    title: str, y: FloatArray, risk: FloatArray, fold: IntArray, share: float
) -> Evaluation:
    """Score out-of-fold risks, flagging the given share of the pupils."""
    labels = y.astype(np.int64)
    threshold = threshold_for(risk, max(1, round(share * len(y))))
    flagged = (risk >= threshold).astype(np.int64)
    (tn, fp), (fn, tp) = confusion_matrix(labels, flagged, labels=[0, 1]).tolist()
    folds = [fold == k for k in range(fold.max() + 1)]
    return Evaluation(
        title=title,
        risk=risk,
        fold_auc=np.array([roc_auc_score(labels[f], risk[f]) for f in folds]),
        auc=roc_auc_score(labels, risk),
        auc_interval=auc_interval(labels, risk),
        average_precision=average_precision_score(labels, risk),
        brier=brier_score_loss(labels, risk),
        brier_of_base_rate=brier_score_loss(labels, np.full(len(y), y.mean())),
        log_loss=log_loss(labels, risk),
        accuracy=accuracy_score(labels, (risk > 0.5).astype(np.int64)),
        threshold=threshold,
        true_positives=tp,
        false_positives=fp,
        false_negatives=fn,
        true_negatives=tn,
        precision=precision_score(labels, flagged),
        precision_interval=wilson_interval(tp, tp + fp),
        recall=recall_score(labels, flagged),
        recall_interval=wilson_interval(tp, tp + fn),
    )


def choose(evaluations: dict[str, Evaluation]) -> tuple[str, str]:
    """Return the model to use and why: the easiest to read that is not clearly worse than the best.

    Clearly worse: its AUC lies below the best one's by more than one standard error of the
    difference, taken over the folds. The models come in order of readability.
    """
    best = max(evaluations, key=lambda name: evaluations[name].fold_auc.mean())

    def as_good(name: str) -> bool:
        gap = evaluations[best].fold_auc - evaluations[name].fold_auc
        return bool(gap.mean() <= gap.std(ddof=1) / np.sqrt(len(gap)))

    name = next(filter(as_good, evaluations))
    if name == best:
        return name, "it ranks pupils best, by the mean AUC of the folds"
    return name, (
        f"it is easier to read than {evaluations[best].title.lower()} and ranks pupils as well, "
        "within one standard error"
    )

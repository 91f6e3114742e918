"""Is one model better than another? The same pupils are scored by both, so chance they share cancels.

Notation: n pupils · y (n,) 1 at risk, 0 not · risk (n,) · pulls (n,) of each pupil on a figure, see
``uncertainty``.

Sources: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44; Breiman et al. (1984), section 3.4.3,
for one standard error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import BoolArray, FloatArray, IntArray
from risk.data.groups import clusters
from risk.evaluation.figures import Evaluation, pulls_of_list
from risk.evaluation.uncertainty import (
    Interval,
    auc_pulls,
    average_precision_pulls,
    interval,
    mean_pulls,
    p_value,
    standard_error,
)
from risk.significance import LEVEL, holm


@dataclass(frozen=True)
class Difference:
    """What one of a list of models has more or less than the reference, in one figure."""

    name: str  # of the model
    reference: str
    figure: str  # "auc", "brier", "log_loss", "average_precision" or "recall"
    value: float  # the model's less the reference's
    interval: Interval  # of 95 %
    p: float  # by itself
    p_holm: float  # among all the differences it was asked with

    @property
    def differs(self) -> bool:
        """Whether it is more than chance among so many comparisons would give."""
        return self.p_holm <= LEVEL


Pulls = Callable[[FloatArray, FloatArray, Evaluation], FloatArray]


def _log_losses(y: FloatArray, risk: FloatArray) -> FloatArray:
    eps = np.finfo(np.float64).eps  # as mlcore.metrics.log_loss keeps them from 0
    return -np.log(np.clip(np.where(y == 1, risk, 1 - risk), eps, 1.0))


# Each figure of an Evaluation with the pulls on it.
FIGURES: dict[str, Pulls] = {
    "auc": lambda y, risk, e: auc_pulls(y, risk),
    "average_precision": lambda y, risk, e: average_precision_pulls(y, risk),
    "brier": lambda y, risk, e: mean_pulls((risk - y) ** 2),
    "log_loss": lambda y, risk, e: mean_pulls(_log_losses(y, risk)),
    "recall": lambda y, risk, e: pulls_of_list(y, risk, risk >= e.threshold, e.rule)[1],
}


def compare(
    y: FloatArray,
    evaluations: dict[str, Evaluation],
    reference: str,
    cluster: ArrayLike | None = None,
) -> list[Difference]:
    """Return each evaluation's differences from the reference, over the pupils all were tested on.

    AUC by DeLong's test, Brier score and log loss by the paired means, average precision and recall
    by the infinitesimal jackknife; p-values with Holm's correction over all that is returned. With
    ``cluster`` (n,), the class or school of each pupil, whole classes count as the draws. Recall is
    compared with that of lists of about the same length only.
    """
    tested = evaluations[reference].tested
    for name, e in evaluations.items():
        if not np.array_equal(e.tested, tested):
            raise ValueError(
                f"{name} was tested on other pupils than {reference}, so their figures cannot be "
                "paired. Evaluate both on the same split."
            )
    codes = clusters(cluster, tested)
    pulls = {
        (name, figure): pull(y[tested], e.risk[tested], e)
        for name, e in evaluations.items()
        for figure, pull in FIGURES.items()
    }
    found = []
    for name, e in evaluations.items():
        if name == reference:
            continue
        for figure in FIGURES:
            if figure == "recall" and not about_as_long(e, evaluations[reference]):
                continue
            value = getattr(e, figure) - getattr(evaluations[reference], figure)
            apart = pulls[name, figure] - pulls[reference, figure]
            found.append(
                (name, figure, value, interval(value, apart, codes), p_value(value, apart, codes))
            )
    corrected = holm([p for *_, p in found])
    return [
        Difference(name, reference, figure, value, within, p, p_holm)
        for (name, figure, value, within, p), p_holm in zip(found, corrected, strict=True)
    ]


def about_as_long(a: Evaluation, b: Evaluation) -> bool:
    """Return whether two lists differ by a tenth of the pupils flagged or less.

    A longer list finds more by its length alone, as one that flags everybody finds all.
    """
    return 10 * abs(a.flagged - b.flagged) <= b.flagged


def choose(
    evaluations: dict[str, Evaluation], y: FloatArray, cluster: ArrayLike | None = None
) -> tuple[str, str]:
    """Return the model to use and why: the easiest to read that is not clearly worse than the best.

    Clearly worse: its AUC lies below the best one's by more than one standard error of their paired
    difference. The models come in order of readability; baselines and oracles are passed over.
    """
    models = {name: e for name, e in evaluations.items() if e.kind == "model"}
    best = max(models, key=lambda name: models[name].auc)
    tested = models[best].tested
    codes = clusters(cluster, tested)

    def as_good(name: str) -> bool:
        gap = models[best].auc - models[name].auc
        return gap <= gap_error(y[tested], models[best], models[name], tested, codes)

    name = next(filter(as_good, models))
    if name == best:
        return name, "it ranks pupils best, by the AUC"
    return name, (
        f"it is easier to read than {models[best].title.lower()} and ranks pupils as well, within "
        "one standard error of the difference in AUC"
    )


def gap_error(
    y: FloatArray, a: Evaluation, b: Evaluation, tested: BoolArray, cluster: IntArray | None
) -> float:
    """Return the standard error of the difference of two AUCs of the same pupils."""
    apart = auc_pulls(y, a.risk[tested]) - auc_pulls(y, b.risk[tested])
    return max(standard_error(apart), standard_error(apart, cluster))

"""Scores of probabilities: what the risks we state cost, once we know what happened.

Notation: n rows, k classes · P (n, k) or p (n,) predicted probabilities · own (n,) the column of
each row's true class · w (n,) weights.

Sources: Brier (1950), Monthly Weather Review 78; Gneiting & Raftery (2007), Strictly proper scoring
rules, J. American Statistical Association 102.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlcore.checks import (
    FloatArray,
    IntArray,
    UndefinedMetricWarning,
    check_choice,
    check_finite_vector,
    check_paired,
    check_weights,
)
from mlcore.checks.kinds import warn_caller
from mlcore.checks.scores import (
    check_class_columns,
    check_positive_rows,
    check_probabilities,
    check_score_table,
    check_sums_to_one,
)


def log_loss(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    """Return the mean of -log(probability given to the true class), in nats.

    ``y_proba`` is P (n, k), or p (n,) of the larger of two labels; columns are in the order of
    ``labels`` (sorted; those of y_true if None, at least two). Probabilities are kept 2.2e-16 away
    from 0 and 1 (1.2e-7 where they are float32), so a sure error costs 36, not infinity.
    ``normalize=False`` returns the weighted sum.

    >>> round(log_loss([0, 1], [0.1, 0.8]), 4)
    0.1643
    """
    own, P = _of_classes(y_true, y_proba, labels)
    w = check_weights(sample_weight, len(own))
    losses = _log_losses(P[np.arange(len(own)), own], _distance_kept(y_proba))
    return float(np.average(losses, weights=w)) if normalize else float(w @ losses)


def brier_score_loss(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    pos_label: Any = None,
    labels: ArrayLike | None = None,
    scale_by_half: bool | str = "auto",
) -> float:
    """Return the mean of (p - y)², y = 1 for the positive class and 0 otherwise.

    For P (n, k) it is the mean over rows of the sum over classes, from 0 to 2; columns are in the
    order of ``labels`` (sorted; those of y_true if None). ``scale_by_half`` True halves that sum,
    False does not, "auto" halves it for two classes, which gives (p - y)² again. Where labels are
    numbers but neither 0/1 nor -1/1, the greater is positive.

    >>> round(brier_score_loss([0, 1], [0.1, 0.8]), 4)
    0.025
    """
    check_choice("scale_by_half", scale_by_half, (True, False, "auto"))
    own, P = _of_positive_or_classes(y_true, y_proba, pos_label, labels)
    squares = _squared_errors(own, P)
    loss = float(np.average(squares, weights=check_weights(sample_weight, len(own))))
    halved = P.shape[1] == 2 if scale_by_half == "auto" else scale_by_half
    return 0.5 * loss if halved else loss


def d2_log_loss_score(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    """Return 1 - log loss / log loss of always stating the base rates: 1 is perfect, 0 no better.

    NaN, with an UndefinedMetricWarning, for fewer than two rows.

    >>> round(d2_log_loss_score([0, 1, 1], [0.1, 0.8, 0.7]), 4)
    0.6412
    """
    if _too_few(y_true):
        return np.nan
    own, P = _of_classes(y_true, y_proba, labels)
    w = check_weights(sample_weight, len(own))
    loss = w @ _log_losses(P[np.arange(len(own)), own], _distance_kept(y_proba))
    # The base rates are float64 whatever the probabilities came as.
    base = _log_losses(_base_rates(own, w, P.shape[1])[own], np.finfo(np.float64).eps)
    return float(1.0 - loss / (w @ base))


def d2_brier_score(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    pos_label: Any = None,
    labels: ArrayLike | None = None,
) -> float:
    """Return 1 - Brier score / that of always stating the base rates: 1 is perfect, 0 no better.

    NaN, with an UndefinedMetricWarning, for fewer than two rows. When all rows are of one class the
    base rates are perfect: minus infinity, or NaN if the probabilities are perfect too, warned of
    alike.

    >>> round(d2_brier_score([0, 1, 1], [0.1, 0.8, 0.7]), 4)
    0.79
    """
    if _too_few(y_true):
        return np.nan
    own, P = _of_positive_or_classes(y_true, y_proba, pos_label, labels)
    w = check_weights(sample_weight, len(own))
    loss = float(w @ _squared_errors(own, P))
    base = np.broadcast_to(_base_rates(own, w, P.shape[1]), P.shape)
    worst = float(w @ _squared_errors(own, base))
    if worst == 0:
        _warn_undefined("one class only, whose base rates cannot be beaten")
        return -np.inf if loss > 0 else np.nan
    return 1.0 - loss / worst


def _warn_undefined(rows: str) -> None:
    """Warn that D² has no value for such rows."""
    message = f"y_true has {rows}: D² is undefined. Score more rows together."
    warn_caller(message, UndefinedMetricWarning)


def _too_few(y_true: ArrayLike) -> bool:
    few = len(np.asarray(y_true)) < 2
    if few:
        _warn_undefined("fewer than two rows")
    return few


def _distance_kept(y_proba: ArrayLike) -> float:
    """Return how far from 0 and 1 probabilities are kept: the precision they came with."""
    kind = np.asarray(y_proba).dtype
    return float(np.finfo(kind if kind == np.float32 else np.float64).eps)


def _log_losses(p: FloatArray, eps: float) -> FloatArray:
    return -np.log(np.clip(p, eps, 1.0 - eps))


def _squared_errors(own: IntArray, P: FloatArray) -> FloatArray:
    """Return each row's sum over classes of (p - 1 for the true class, 0 for others)², (n,)."""
    error = P.copy()
    error[np.arange(len(own)), own] -= 1.0
    return np.einsum("nk,nk->n", error, error)


def _base_rates(own: IntArray, w: FloatArray, k: int) -> FloatArray:
    return np.bincount(own, weights=w, minlength=k) / w.sum()


def _of_classes(
    y_true: ArrayLike, y_proba: ArrayLike, labels: ArrayLike | None
) -> tuple[IntArray, FloatArray]:
    """Return the column of each row's class and P (n, k), of checked probabilities."""
    shape = np.shape(y_proba)
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        p = check_finite_vector(y_proba, "y_proba")
        P = np.column_stack([1.0 - p, p])
    else:
        P = check_score_table(y_proba, "y_proba")
    check_sums_to_one(check_probabilities(P, "y_proba"), "y_proba")
    return check_class_columns(y_true, P.shape, labels, "y_proba", shape), P


def _of_positive_or_classes(
    y_true: ArrayLike, y_proba: ArrayLike, pos_label: Any, labels: ArrayLike | None
) -> tuple[IntArray, FloatArray]:
    """As _of_classes, but p (n,) is the positive class's, and one class of labels is enough."""
    shape = np.shape(y_proba)
    if len(shape) == 2 and shape[1] > 1:
        return _of_classes(y_true, y_proba, labels)
    t, p, _ = check_paired(y_true, y_proba, ("y_true", "y_proba"), None)
    p = check_probabilities(check_finite_vector(p, "y_proba"), "y_proba")
    positive = check_positive_rows(t, pos_label, greater=t.dtype.kind not in "OUS")
    return positive.astype(np.int64), np.column_stack([1.0 - p, p])

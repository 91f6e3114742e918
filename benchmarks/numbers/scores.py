"""Figures of rankings and probabilities, by the names of the references; ``tools`` as in labels.py."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.tables import numbers, read_rows
from mlcore import metrics
from mlcore.checks import FloatArray

MARKERS = ("s100b", "ndka", "wfns")  # of pROC's aSAH


def ranking(entry: Entry, tools: Any = metrics) -> dict[str, Any]:
    """Return curves and areas of scores; of more than two classes, their averages."""
    if "y_prob" in entry.dataset:
        return _of_classes(entry, tools)
    t, s, w = (entry.dataset[name] for name in ("y_true", "y_score", "sample_weight"))
    both = len(set(t)) == 2
    weight = {"sample_weight": w}
    precision, recall, cuts = tools.precision_recall_curve(t, s, **weight, pos_label=1)
    area = tools.roc_auc_score(t, s, **weight)
    figures = {
        **{
            f"roc_drop_intermediate={drop}": _roc(
                tools.roc_curve(t, s, **weight, pos_label=1, drop_intermediate=drop)
            )
            for drop in (False, True)
        },
        "roc_auc": area,
        "pr_curve": {"precision": precision, "recall": recall, "thresholds": cuts},
        "average_precision": tools.average_precision_score(t, s, **weight, pos_label=1),
        "pr_auc_trapezoid": float(-np.sum(np.diff(recall) * (precision[1:] + precision[:-1]) / 2)),
        "mann_whitney_auc": area,
    }
    if both and w is None:
        figures["partial_auc_max_fpr=0.3_mcclish"] = tools.roc_auc_score(t, s, max_fpr=0.3)
    if "delong" in entry.expected:
        figures["delong"] = delong(t, s, tools)
    return figures


def _roc(curve: tuple[FloatArray, FloatArray, FloatArray]) -> dict[str, FloatArray]:
    return dict(zip(("fpr", "tpr", "thresholds"), curve, strict=True))


def delong(t: Any, s: Any, tools: Any = metrics) -> dict[str, float]:
    """Return the area under a ROC curve with DeLong's variance and interval; nan without them."""
    figures = {"auc": tools.roc_auc_score(t, s)}
    try:
        low, high = tools.auc_interval(t, s)
        variance = tools.delong_test(t, s, s).covariance[0, 0]
    except ValueError:  # one row of a class has no variance
        return figures | dict.fromkeys(("var", "ci_low", "ci_high"), np.nan)
    return figures | {"var": variance, "ci_low": low, "ci_high": high}


def _of_classes(entry: Entry, tools: Any) -> dict[str, Any]:
    t, w = (np.array(entry.dataset[name]) for name in ("y_true", "sample_weight"))
    P = np.array(entry.dataset["y_prob"])
    figures = {
        f"roc_auc_{way}_{average}": tools.roc_auc_score(t, P, multi_class=way, average=average)
        for way, averages in (
            ("ovr", ("macro", "weighted", "micro", None)),
            ("ovo", ("macro", "weighted")),
        )
        for average in averages
    }
    weighted = tools.roc_auc_score(t, P, multi_class="ovr", average="macro", sample_weight=w)
    return figures | {
        "roc_auc_ovr_macro_weighted_samples": weighted,
        **{f"top_{k}_accuracy": tools.top_k_accuracy_score(t, P, k=k) for k in (1, 2)},
        **{
            f"average_precision_{average}_ovr": tools.average_precision_score(t, P, average=average)
            for average in ("macro", "micro")
        },
    }


def probability(entry: Entry, tools: Any = metrics) -> dict[str, Any]:
    """Return losses and calibration of probabilities."""
    t, w = (entry.dataset[name] for name in ("y_true", "sample_weight"))
    P = np.array(entry.dataset["y_prob"])
    if P.ndim == 2:
        brier = tools.brier_score_loss(t, P, scale_by_half=False)
        return {
            "log_loss": tools.log_loss(t, P),
            "log_loss_weighted": tools.log_loss(t, P, sample_weight=w),
            **dict.fromkeys(("brier_multiclass_sum", "brier_sklearn_scale_by_half_False"), brier),
            "brier_sklearn_auto": tools.brier_score_loss(t, P),
        }
    two = {"labels": [0, 1], "sample_weight": w}
    positive = {"pos_label": 1, "sample_weight": w}
    figures = {
        "log_loss": tools.log_loss(t, P, **two),
        "log_loss_sum": tools.log_loss(t, P, **two, normalize=False),
        "brier": tools.brier_score_loss(t, P, **positive),
        "d2_log_loss": tools.d2_log_loss_score(t, P, **two),
        "d2_brier": tools.d2_brier_score(t, P, **positive),
    }
    return figures | {
        name: _calibration(tools, t, P, strategy, bins)
        for strategy in ("uniform", "quantile")
        for bins in (5, 10)
        if (name := f"calibration_{strategy}_{bins}") in entry.expected
    }


def _calibration(tools: Any, t: Any, p: FloatArray, strategy: str, n_bins: int) -> dict[str, Any]:
    """Return the calibration of the bins with rows in them, and its mean and largest error."""
    how = {"n_bins": n_bins, "strategy": strategy, "pos_label": 1}
    true, predicted = tools.calibration_curve(t, p, **how)
    _, counts, _ = tools.calibration_bins(t, p, **how)
    gaps = np.abs(true - predicted)
    figures = {"prob_true": true, "prob_pred": predicted, "counts_nonempty": counts}
    return figures | {"ece": np.average(gaps, weights=counts), "mce": gaps.max()}


def regression(entry: Entry, tools: Any = metrics) -> dict[str, Any]:
    """Return the errors of predicted numbers."""
    t, p = (np.array(entry.dataset[name]) for name in ("y_true", "y_pred"))
    weight = {"sample_weight": entry.dataset.get("sample_weight")}
    return {
        "mse": tools.mean_squared_error(t, p, **weight),
        "rmse": tools.root_mean_squared_error(t, p, **weight),
        "mae": tools.mean_absolute_error(t, p, **weight),
        "r2": tools.r2_score(t, p, **weight),
        "r2_force_finite_False": tools.r2_score(t, p, **weight, force_finite=False),
        "explained_variance": tools.explained_variance_score(t, p, **weight),
        "median_ae": tools.median_absolute_error(t, p, **weight),
        "max_error": tools.max_error(t, p),
        "mape": tools.mean_absolute_percentage_error(t, p, **weight),
    }


def delong_paired(entry: Entry, tools: Any = metrics) -> dict[str, Any]:
    """Return DeLong's test of two areas on the same rows; of a file, of each two of its markers."""
    if "file" in entry.dataset:
        return _markers(entry, tools)
    test = tools.delong_test(*(entry.dataset[name] for name in ("y_true", "score_a", "score_b")))
    figures = {name: getattr(test, name) for name in ("auc_a", "auc_b", "z", "p_value")}
    return figures | {"cov": test.covariance}


def _markers(entry: Entry, tools: Any) -> dict[str, Any]:
    rows = read_rows(entry)
    y = numbers(rows, ["y"])[:, 0]
    markers = {name: numbers(rows, [name])[:, 0] for name in MARKERS}
    figures: dict[str, Any] = {name: delong(y, score, tools) for name, score in markers.items()}
    for a, b in combinations(MARKERS, 2):
        test = tools.delong_test(y, markers[a], markers[b])
        figures[f"test_{a}_vs_{b}"] = {"z": test.z, "p": test.p_value}
    return figures

"""Figures of metrics of labels, by the names of the references.

``tools`` says whose metrics: mlcore's by default, scikit-learn's in references/metrics_peers.py and
where the page compares live.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.numbers.entries import Entry
from mlcore import metrics

BETAS = (0.5, 1.0, 2.0)


def labels(entry: Entry, tools: Any = metrics) -> dict[str, Any]:
    """Return the figures of labels; those of a table of four counts are of rows with weights."""
    data = entry.dataset
    if "tp" in data:
        counts = [data[name] for name in ("tp", "fp", "fn", "tn")]
        pairs = ([1, 0, 1, 0], [1, 1, 0, 0])
        return {"mcc": tools.matthews_corrcoef(*pairs, sample_weight=counts)}
    t, p, w, named = (data[name] for name in ("y_true", "y_pred", "sample_weight", "labels"))
    every = np.unique([*t, *p]).tolist()
    some = {"labels": named, "sample_weight": w}
    weight = {"sample_weight": w}
    return {
        "labels": named or every,
        "confusion_matrix": tools.confusion_matrix(t, p, **some),
        "confusion_matrix_normalized_true": tools.confusion_matrix(t, p, **some, normalize="true"),
        "accuracy": tools.accuracy_score(t, p, **weight),
        "balanced_accuracy": tools.balanced_accuracy_score(t, p, **weight),
        "balanced_accuracy_adjusted": tools.balanced_accuracy_score(t, p, **weight, adjusted=True),
        "mcc": tools.matthews_corrcoef(t, p, **weight),
        "kappa": tools.cohen_kappa_score(t, p, **some),
        "kappa_linear": tools.cohen_kappa_score(t, p, **some, weights="linear"),
        "kappa_quadratic": tools.cohen_kappa_score(t, p, **some, weights="quadratic"),
        "hamming_loss": tools.hamming_loss(t, p, **weight),
        **{
            f"prf_zero_division={value}": dict(_by_average(tools, t, p, some, value, every))
            for value in (0.0, 1.0, np.nan)
        },
    }


def _by_average(
    tools: Any, t: Any, p: Any, some: dict[str, Any], zero_division: float, every: list[Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of each average and its precision, recall, F, Jaccard index and supports."""
    averages = [None, "micro", "macro", "weighted", *(["binary"] if every == [0, 1] else [])]
    for average in averages:
        # "binary" is about the positive class alone: no list of labels
        how = some | {"average": average, "zero_division": zero_division}
        if average == "binary":
            del how["labels"]
        figures: dict[str, Any] = {}
        for beta in BETAS:
            found = tools.precision_recall_fscore_support(t, p, beta=beta, **how)
            figures["precision"], figures["recall"], figures[f"f_{beta}"], support = found
        if average is None:
            figures["support"] = support
        # nan is not among what the Jaccard index knows for 0/0
        known = how | {"zero_division": 0.0 if np.isnan(zero_division) else zero_division}
        yield str(average), figures | {"jaccard": tools.jaccard_score(t, p, **known)}

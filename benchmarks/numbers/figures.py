"""Who computes our figures of each topic."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.numbers import logistic, scores, trees
from benchmarks.numbers.breiman import compare_breiman
from benchmarks.numbers.comparisons import Comparison
from benchmarks.numbers.entries import Entry
from benchmarks.numbers.forests import forests
from benchmarks.numbers.labels import labels
from benchmarks.numbers.pruning import path
from benchmarks.numbers.published import published
from benchmarks.numbers.rpart import compare_rpart


def quietly(figures: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function without its warnings: odd data are among the references of metrics."""

    def without_warnings(*arguments: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return figures(*arguments)

    return without_warnings


FIGURES: dict[str, Callable[[Entry], Any]] = {
    "unpenalised": logistic.unpenalised,
    "penalised": logistic.penalised,
    "multinomial": logistic.multinomial,
    "gd_trace": logistic.gd_trace,
    "separable": logistic.separable,
    "numerics": logistic.numerics,
    "tree_structure": trees.structure,
    "tree_root_split": trees.root_split,
    "tree_edge_cases": trees.edge_cases,
    "tree_ccp_path_sklearn": path,
    "random_forest": forests,
    "metrics_labels": quietly(labels),
    "metrics_probability": quietly(scores.probability),
    "metrics_ranking": quietly(scores.ranking),
    "metrics_regression": quietly(scores.regression),
    "metrics_delong_paired": quietly(scores.delong_paired),
    "published": published,
}
# Compared in a way of its own.
COMPARED: dict[str, Callable[[Entry], list[Comparison]]] = {
    "tree_rpart": compare_rpart,
    "breiman": compare_breiman,
}


def figures_of(entry: Entry) -> Any:
    """Return our figures in the shape of entry.expected; ValueError when mlcore refuses."""
    if entry.topic not in FIGURES:
        raise ValueError(
            f"nothing computes the topic {entry.topic!r}. Expected one of "
            f"{', '.join([*FIGURES, *COMPARED])}."
        )
    return FIGURES[entry.topic](entry)

"""Our figures beside those of the scikit-learn that is installed, on random data with ties and weights.

The frozen figures say that ours are those of one version; these say that they are still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.numbers.checks import Results, check
from benchmarks.numbers.entries import FROZEN, Entry
from benchmarks.numbers.figures import quietly

NEEDED = ("sklearn", "scipy", "statsmodels")
OLDEST = (1, 9)  # whose metrics ours are like


def why_not() -> str:
    """Return why nothing can be compared live, or nothing if it can."""
    if not all(map(find_spec, NEEDED)):
        return 'get it by pip install -e ".[bench]"'
    found = version("scikit-learn")
    if tuple(map(int, found.split(".")[:2])) < OLDEST:
        return f"scikit-learn {found} is older than 1.9"
    return ""


def compare_live(seed: int = 0) -> Results:
    """Return the comparisons of random entries with what scikit-learn says of them now."""
    from benchmarks.references import logistic_peers, metrics_peers, tree_peers

    peers = {"metrics": metrics_peers, "tree": tree_peers}
    results = []
    for entry in random_entries(np.random.default_rng(seed)):
        peer = peers.get(entry.topic.partition("_")[0], logistic_peers)
        expected = quietly(peer.figures_of)(entry)
        if entry.topic == "penalised":
            del expected["intercept_centered"]  # two classes have one intercept
        asked = replace(entry, expected=expected)
        results.append((asked, check(asked)))
    return results


def random_entries(rng: np.random.Generator) -> Iterator[Entry]:
    """Yield entries that nobody has figures of yet."""
    yield from _models(rng)
    for weighted in (False, True):
        yield from _labels(rng, weighted)
        yield from _scores(rng, weighted)


def _entry(topic: str, dataset: dict[str, Any], params: Any, tolerance: Any) -> Entry:
    return Entry(topic, f"live {topic}", dataset, params, {}, tolerance, FROZEN)


def _models(rng: np.random.Generator) -> Iterator[Entry]:
    X = rng.normal(size=(300, 5)).round(1)
    z, w = X[:, 0] - X[:, 1] + rng.logistic(size=300), rng.uniform(0.5, 2.0, 300)
    near = {"coef_atol": 1e-5, "prob_atol": 1e-6, "objective_rtol": 1e-9}
    exact = {"impurity_atol": 1e-9, "value_atol": 1e-9}
    two, three = (z > 0).astype(float), np.digitize(z, [-1.0, 1.0]).astype(float)
    for topic, y in (("penalised", two), ("multinomial", three)):
        for l1_ratio in (0.0, 0.5):
            params = {"C": 0.5, "l1_ratio": l1_ratio, "lambda_mean_loss": 2 / w.sum()}
            yield _entry(topic, {"X": X, "y": y, "w": w, "features": []}, params, near)
    for criterion, y in (("gini", two), ("entropy", three), ("squared_error", z)):
        params = {"criterion": criterion, "max_depth": 3, "min_samples_leaf": 10}
        yield _entry("tree_structure", {"X": X, "y": y, "w": w}, params, exact)


def _labels(rng: np.random.Generator, weighted: bool) -> Iterator[Entry]:
    for k in (2, 4):
        t, p = rng.integers(k, size=(2, 200)).tolist()
        data = {"y_true": t, "y_pred": p, "labels": None, "sample_weight": _weights(rng, weighted)}
        yield _entry("metrics_labels", data, {}, {"atol": 1e-12})
    t, p = rng.normal(size=(2, 200)).round(1) + 5.0
    data = {"y_true": t, "y_pred": p, "sample_weight": _weights(rng, weighted)}
    yield _entry("metrics_regression", data, {}, {"atol": 1e-12})


def _scores(rng: np.random.Generator, weighted: bool) -> Iterator[Entry]:
    w = _weights(rng, weighted)
    t = rng.integers(2, size=200).tolist()
    data = {"y_true": t, "sample_weight": w}
    score, p = rng.normal(size=200).round(1).tolist(), rng.uniform(size=200).round(2).tolist()
    yield _entry("metrics_ranking", data | {"y_score": score}, {}, {"atol": 1e-12})
    yield _entry("metrics_probability", data | {"y_prob": p}, {}, {"atol": 1e-12})
    P = rng.dirichlet(np.ones(3), size=200)
    of_classes = {"y_true": rng.integers(3, size=200).tolist(), "y_prob": P.tolist()}
    if w:
        for topic in ("metrics_ranking", "metrics_probability"):
            yield _entry(topic, of_classes | {"sample_weight": w}, {}, {"atol": 1e-12})


def _weights(rng: np.random.Generator, weighted: bool) -> Any:
    return rng.uniform(0.5, 2.0, 200).tolist() if weighted else None

"""Breiman (2001), Random Forests, table 2: errors in % on random test sets of a tenth of the rows.

A forest of 100 trees has F = 1 feature a split ("single"), or of F = 1 and F = log2(d) + 1 the one
with the lower out-of-bag error ("selection"). The paper's errors are means of 100 runs, ours of RUNS;
their difference is compared with its standard error.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.numbers.comparisons import Comparison
from benchmarks.numbers.entries import Entry
from benchmarks.numbers.samples import largest_z
from benchmarks.numbers.tables import read_rows
from mlcore import RandomForestClassifier
from mlcore.checks import FloatArray

RUNS = 25
PAPER_RUNS = 100
COMPARED = ("selection", "single")
MOST = largest_z(10)  # two figures of five data sets


def compare_breiman(entry: Entry) -> list[Comparison]:
    """Return a comparison of both errors of one data set."""
    errors = runs(entry)
    published = {row["quantity"]: float(row["published"]) for row in entry.expected}
    found = []
    for name in COMPARED:
        sample = errors[name]
        error = sample.std(ddof=1) * math.sqrt(1 / RUNS + 1 / PAPER_RUNS)
        gap = abs(float(sample.mean()) - published.get(name, np.nan))
        found.append(Comparison(name, gap / error, MOST, "z", 1))
    return found


def runs(entry: Entry) -> dict[str, FloatArray]:
    """Return the errors (RUNS,) in % of both kinds of forests."""
    X, y = table(entry)
    found: dict[str, Any] = {name: [] for name in COMPARED}
    for run in range(RUNS):
        order = np.random.default_rng(run).permutation(len(y))
        test, train = np.split(order, [round(len(y) / 10)])
        wrong, out_of_bag = [], []
        for n_features in entry.params["F"]:
            forest = RandomForestClassifier(
                100, max_features=n_features, oob_score=True, random_state=run
            )
            forest.fit(X[train], y[train])
            wrong.append(100 * float(np.mean(forest.predict(X[test]) != y[test])))
            out_of_bag.append(forest.oob_score_)
        found["single"].append(wrong[0])
        found["selection"].append(wrong[int(np.argmax(out_of_bag))])
    return {name: np.array(errors) for name, errors in found.items()}


def table(entry: Entry) -> tuple[FloatArray, Any]:
    """Return the columns, votes as 1, 0 and 0.5 where missing, and the classes of complete rows."""
    rows, data = read_rows(entry), entry.dataset
    codes = entry.params.get("codes", {})
    X = np.array([
        [float(codes.get(row[name], row[name] or "nan")) for name in data["features"]] for row in rows
    ])  # fmt: skip
    known = ~np.isnan(X).any(axis=1)
    return X[known], np.array([row[data["target"]] for row in rows])[known]

"""A forest grown on a Dask cluster has the same bits as one grown here.

Run by name, as CI does after ``pip install -e ".[test,distributed]"``; plain ``pytest`` leaves it
out, since it needs what only that extra brings: ``pytest tests/distributed/dask_cluster.py``.
"""

import numpy as np
import pytest
from distributed import Client, LocalCluster

from mlcore import RandomForestClassifier, RandomForestRegressor


@pytest.fixture(scope="module")
def executor():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(60, oob_score=True, random_state=0),
        RandomForestClassifier(60, class_weight="balanced_subsample", random_state=0),
        RandomForestRegressor(60, random_state=0, max_features=0.5),
    ],
    ids=str,
)
def test_a_cluster_grows_the_same_forest(model, executor):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 8))
    y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)
    here = type(model)(**model.get_params()).fit(X, y)
    there = type(model)(**model.get_params()).fit(X, y, executor=executor)
    for a, b in zip(here.trees_, there.trees_, strict=True):
        for name in vars(a):
            assert np.array_equal(getattr(a, name), getattr(b, name))
    assert np.array_equal(here.predict(X), there.predict(X))

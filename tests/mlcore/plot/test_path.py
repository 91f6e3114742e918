"""The pictures of a path show its numbers."""

import matplotlib
import numpy as np
import pytest

from mlcore import LogisticRegressionCV, logistic_path
from mlcore.plot import plot_cross_validation, plot_path

matplotlib.use("agg")


@pytest.fixture
def ax():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 3))
    return X, (X[:, 0] + rng.logistic(size=80) > 0).astype(int)


def test_path_has_a_line_for_each_column_and_names_it(ax):
    path = logistic_path(*data(), n_alphas=5)
    assert plot_path(ax, path, ["a", "b", "c"]) is ax
    for j in range(3):
        np.testing.assert_array_equal(ax.lines[j].get_ydata(), path.coef[:, 0, j])
    assert {t.get_text() for t in ax.texts} == {"a", "b", "c"}
    assert ax.get_xlim()[0] > ax.get_xlim()[1]  # strong penalties on the left


def test_cross_validation_marks_the_choice(ax):
    model = LogisticRegressionCV(n_alphas=6, random_state=0).fit(*data())
    assert plot_cross_validation(ax, model) is ax
    assert any(list(line.get_xdata()) == [model.alpha_] * 2 for line in ax.lines)

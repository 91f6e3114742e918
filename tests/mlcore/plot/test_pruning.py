"""The picture of pruning shows the numbers of its table."""

from itertools import pairwise

import matplotlib
import numpy as np
import pytest

from mlcore import DecisionTreeClassifier, DecisionTreeRegressor
from mlcore.plot import plot_pruning
from mlcore.tree.selection import pruned_by_cross_validation

matplotlib.use("agg")


@pytest.fixture
def plt():
    import matplotlib.pyplot as pyplot

    yield pyplot
    pyplot.close("all")


def result(n):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 3))
    y = X[:, 0] + 0.5 * rng.normal(size=n)
    return pruned_by_cross_validation(DecisionTreeRegressor(), X, y, random_state=0)


@pytest.mark.parametrize(("n", "scale"), [(30, "linear"), (60, "log")])
def test_errors_limit_and_choice_are_drawn(plt, n, scale):
    found = result(n)
    _, ax = plt.subplots()
    assert plot_pruning(ax, found, color="green") is ax
    lines = {line.get_label(): line for line in ax.lines}
    (bars,) = ax.containers
    np.testing.assert_array_equal(bars.lines[0].get_xdata(), found.n_leaves)
    np.testing.assert_array_equal(bars.lines[0].get_ydata(), found.cv_error)
    assert bars.lines[0].get_color() == "green"
    ends = np.array(bars.lines[2][0].get_segments())[:, :, 1]
    np.testing.assert_allclose(ends[:, 1] - ends[:, 0], 2 * found.cv_std)
    np.testing.assert_array_equal(lines["training"].get_ydata(), found.train_error)
    assert list(lines["1-SE limit"].get_ydata()) == [found.limit] * 2
    for what, at in (("best", found.best), ("chosen", found.chosen)):
        mark = lines[f"{what}: {found.n_leaves[at]} leaves"]
        assert mark.get_xdata() == found.n_leaves[at]
        assert mark.get_ydata() == found.cv_error[at]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xscale()) == ("Leaves", "Error", scale)
    assert len(ax.get_legend().get_texts()) == 5


@pytest.mark.parametrize("n", [30, 60, 300])
def test_prices_stand_above_their_trees_well_apart(plt, n):
    found = result(n)
    ax = plot_pruning(plt.subplots()[1], found)
    (top,) = ax.child_axes
    assert top.get_xlabel() == "ccp_alpha"
    at, labels = top.get_xticks(), [text.get_text() for text in top.get_xticklabels()]
    assert 3 <= len(at) <= 6
    for x, label in zip(at, labels, strict=True):
        assert label == f"{found.ccp_alphas[found.n_leaves == x][0]:.2g}"
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in top.get_xticklabels()]
    boxes.sort(key=lambda box: box.x0)
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


def test_without_axes_a_figure_is_made_even_of_a_lone_root(plt):
    X = np.zeros((10, 1))
    found = pruned_by_cross_validation(
        DecisionTreeClassifier(), X, np.arange(10) % 2, cv=2, random_state=0
    )
    ax = plot_pruning(plt.subplots()[1], found)
    ax.figure.canvas.draw()
    assert found.n_leaves.tolist() == [1]
    assert ax.get_figure() in [plt.figure(number) for number in plt.get_fignums()]

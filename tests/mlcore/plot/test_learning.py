"""Learning and validation curves show means and spreads, of whatever order and holes."""

import numpy as np
import pytest
from matplotlib import figure

from mlcore import DecisionTreeClassifier
from mlcore.model_selection import learning_curve, validation_curve
from mlcore.plot import plot_learning_curve, plot_validation_curve

TRAIN = np.array([[1.0, 0.8], [0.9, 0.9], [0.8, 0.9]])
TEST = np.array([[0.5, np.nan], [np.nan, np.nan], [0.7, 0.8]])


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def test_lines_are_means_and_bands_one_deviation(ax):
    assert plot_learning_curve(ax, [10, 20, 40], TRAIN, TEST) is ax
    train, test = ax.lines
    np.testing.assert_allclose(train.get_ydata(), [0.9, 0.9, 0.85])
    np.testing.assert_allclose(test.get_ydata(), [0.5, np.nan, 0.75])
    corners = ax.collections[0].get_paths()[0].vertices
    at_10 = corners[corners[:, 0] == 10][:, 1]
    assert (at_10.min(), at_10.max()) == (pytest.approx(0.8), pytest.approx(1.0))
    assert {t.get_text() for t in ax.get_legend().get_texts()} == {
        "training rows", "rows not trained on",
    }  # fmt: skip
    assert train.get_linestyle() != test.get_linestyle()  # for those who see no colours
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Rows trained on", "Score")


def test_values_are_put_in_order(ax):
    plot_learning_curve(ax, [40, 10, 20], TRAIN[[2, 0, 1]], TEST[[2, 0, 1]])
    assert ax.lines[0].get_xdata().tolist() == [10, 20, 40]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.9, 0.9, 0.85])


@pytest.mark.parametrize(
    ("values", "scale"), [([0.01, 0.1, 1.0], "log"), ([1, 2, 3], "linear"), ([0, 1, 9], "linear")]
)
def test_wide_ranges_get_a_logarithmic_scale(ax, values, scale):
    plot_validation_curve(ax, values, TRAIN, TEST, name="$alpha_")
    assert ax.get_xscale() == scale
    assert ax.get_xlabel() == "$alpha_"
    assert not ax.xaxis.label.get_parse_math()
    ax.figure.draw_without_rendering()


def test_values_that_are_no_numbers_stand_side_by_side(ax):
    plot_validation_curve(ax, ["gini", "$e", "_x"], TRAIN, TEST)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["gini", "$e", "_x"]
    assert ax.lines[0].get_xdata().tolist() == [0, 1, 2]


def test_scores_of_another_shape_are_refused(ax):
    with pytest.raises(ValueError, match=r"scores of rows not trained on have shape \(2, 2\)"):
        plot_learning_curve(ax, [1, 2, 3], TRAIN, TEST[:2])


def test_whole_results_are_drawn(ax):
    X, y = np.arange(40.0)[:, None], np.arange(40) % 2
    model, axes = DecisionTreeClassifier(max_depth=2), ax.figure.subplots(1, 3)
    given = {"cv": 2, "shuffle": True, "random_state": 0}
    sizes, train, test = learning_curve(model, X, y, **given)
    plot_learning_curve(axes[0], learning_curve(model, X, y, **given))
    plot_learning_curve(axes[1], learning_curve(model, X, y, return_times=True, **given))
    for drawn in axes[:2]:
        np.testing.assert_array_equal(drawn.lines[0].get_xdata(), sizes)
        np.testing.assert_allclose(drawn.lines[0].get_ydata(), train.mean(axis=1))
        np.testing.assert_allclose(drawn.lines[1].get_ydata(), test.mean(axis=1))
    found = validation_curve(model, X, y, param_name="max_depth", param_range=[1, 2, 9], cv=2)
    plot_validation_curve(axes[2], [1, 2, 9], found)
    np.testing.assert_allclose(axes[2].lines[1].get_ydata(), found[1].mean(axis=1))


def test_missing_scores_are_said(ax):
    with pytest.raises(ValueError, match="scores of training rows are missing"):
        plot_learning_curve(ax, [1, 2, 3])
    with pytest.raises(ValueError, match="scores of rows not trained on are missing"):
        plot_validation_curve(ax, [1, 2, 3], TRAIN)

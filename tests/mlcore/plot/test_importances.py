"""Bars of importances and curves of partial dependence show their numbers."""

import numpy as np
import pytest

figure = pytest.importorskip("matplotlib.figure")

from mlcore.plot import plot_importances, plot_partial_dependence  # noqa: E402


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def test_the_largest_is_on_top_and_the_rest_is_counted(ax):
    assert plot_importances(ax, [0.1, 0.5, np.nan, -0.2], ["$a", "_b", "c", "d"], most=3) is ax
    assert names(ax) == ["_b", "$a", "d"]
    assert widths(ax) == [0.5, 0.1, -0.2]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert ax.get_xlabel() == "Importance (1 without a value left out)"
    assert not any(label.get_parse_math() for label in ax.get_yticklabels())


def test_repeats_become_their_mean_with_whiskers(ax):
    plot_importances(ax, [[0.1, 0.3], [0.5, 0.5], [np.nan, 0.9]])
    assert names(ax) == ["feature 2", "feature 1", "feature 0"]
    np.testing.assert_allclose(widths(ax), [0.9, 0.5, 0.2])
    (whiskers,) = ax.containers[-1][2]
    reach = [(s[0, 0], s[1, 0]) for s in whiskers.get_segments()]
    np.testing.assert_allclose(reach, [(0.9, 0.9), (0.5, 0.5), (0.1, 0.3)])


def test_given_deviations_go_with_their_features(ax):
    plot_importances(ax, [0.1, 0.5], std=[0.01, 0.2])
    (whiskers,) = ax.containers[-1][2]
    np.testing.assert_allclose(
        [s[:, 0] for s in whiskers.get_segments()], [(0.3, 0.7), (0.09, 0.11)]
    )


def test_long_names_are_shortened_and_fit_the_figure():
    fig = figure.Figure(layout="constrained")
    ax = plot_importances(fig.subplots(), [1.0, 2.0], ["a" * 90 + "x", "a" * 90 + "y"])
    fig.draw_without_rendering()
    assert len(set(names(ax))) == 2
    assert all(label.get_window_extent().x0 >= 0 for label in ax.get_yticklabels())


def test_wrong_importances(ax):
    with pytest.raises(ValueError, match="importances has shape"):
        plot_importances(ax, [])
    with pytest.raises(ValueError, match="names has 1 names, but 2"):
        plot_importances(ax, [1, 2], ["a"])
    with pytest.raises(ValueError, match=r"std has shape \(1,\)"):
        plot_importances(ax, [1, 2], std=[1])


def test_the_mean_curve_lies_over_those_of_rows(ax):
    grid = np.linspace(0, 1, 20)
    rows = np.arange(500)[:, None] + grid
    assert plot_partial_dependence(ax, grid, rows.mean(axis=0), rows, name="$x_", most=50) is ax
    *thin, mean = ax.lines
    assert len(thin) == 50
    np.testing.assert_array_equal(thin[0].get_ydata(), rows[0])
    np.testing.assert_array_equal(thin[-1].get_ydata(), rows[-1])
    np.testing.assert_array_equal(mean.get_ydata(), rows.mean(axis=0))
    assert mean.get_zorder() > thin[0].get_zorder()
    assert ax.get_xlabel() == "$x_" and not ax.xaxis.label.get_parse_math()


def test_categories_stand_side_by_side_and_nothing_is_said_between_them(ax):
    plot_partial_dependence(ax, ["a", "$b"], [0.1, 0.2], [[0.0, 0.3]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "$b"]
    assert ax.lines[-1].get_marker() == "o" and ax.lines[-1].get_linestyle() == ":"


def test_wrong_dependence(ax):
    with pytest.raises(ValueError, match=r"grid has shape \(2,\) and average \(3,\)"):
        plot_partial_dependence(ax, [1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"individual has shape \(2,\)"):
        plot_partial_dependence(ax, [1, 2], [1, 2], [1, 2])

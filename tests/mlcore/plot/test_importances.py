"""Bars of importances and curves of partial dependence show their numbers."""

import numpy as np
import pandas
import pytest
from matplotlib import figure

from mlcore import RandomForestClassifier, StandardScaler
from mlcore.inspection import partial_dependence, permutation_importance
from mlcore.plot import plot_importances, plot_partial_dependence

RNG = np.random.default_rng(0)


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
    with pytest.raises(ValueError, match="names has 1 name, but 2"):
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


def test_whole_results_are_drawn_with_names_of_the_frame_or_the_model(ax):
    table = pandas.DataFrame(RNG.normal(size=(60, 3)), columns=["a", "b", "c"])
    y = (table["b"] > 0).astype(int)
    model = RandomForestClassifier(10, random_state=0).fit(table, y)
    axes = ax.figure.subplots(1, 2)
    for drawn, found, given in (
        (axes[0], permutation_importance(model, table, y, random_state=0), table),
        (axes[1], model.permutation_importances(table, y), model),
    ):
        plot_importances(drawn, found, given)
        order = np.argsort(-found.importances_mean, kind="stable")
        assert names(drawn) == [table.columns[j] for j in order]
        np.testing.assert_allclose(widths(drawn), found.importances_mean[order])
        reach = [np.ptp(s[:, 0]) for s in drawn.containers[-1][2][0].get_segments()]
        np.testing.assert_allclose(reach, 2 * found.importances_std[order], atol=1e-12)
    plot_importances(axes[0], [1, 2, 3], StandardScaler().fit(table))
    assert set(names(axes[0])) == {"a", "b", "c"}


def test_features_without_a_value_are_left_out_and_counted(ax):
    plot_importances(ax, [0.1, np.nan, 0.3, np.nan, 0.2], most=2)
    assert names(ax) == ["feature 2", "feature 4"]
    assert ax.get_xlabel() == "Importance (1 smaller left out, 2 without a value left out)"
    with pytest.raises(ValueError, match="no value but NaN"):
        plot_importances(ax, [np.nan, np.nan])


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_names_stay_in_the_figure_and_off_the_next_picture(layout):
    axes = figure.Figure((9, 3), layout=layout).subplots(1, 2)
    long = ["a_name_with_a_long_and_telling_middle_part", "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM", "x"]
    for ax in axes:
        plot_importances(ax, [3.0, 2.0, 1.0], long)
    axes[0].figure.draw_without_rendering()
    for ax, left in zip(axes, [0.0, axes[0].get_window_extent().x1], strict=True):
        assert all(label.get_window_extent().x0 >= left for label in ax.get_yticklabels())
        assert names(ax)[0].startswith("a_") and "…" in names(ax)[0] and names(ax)[2] == "x"
        assert ax.get_window_extent().width > 100


def test_a_whole_partial_dependence_is_drawn(ax):
    X = RNG.normal(size=(50, 2))
    model = RandomForestClassifier(5, random_state=0).fit(X, np.digitize(X[:, 0], [-0.5, 0.5]))
    found = partial_dependence(model, X, 0, kind="both")
    *rows, mean = plot_partial_dependence(ax, found, output=1).lines
    np.testing.assert_array_equal(
        mean.get_xydata(), np.column_stack([found.grid_values[0], found.average[1]])
    )
    np.testing.assert_array_equal(rows[7].get_ydata(), found.individual[1, 7])
    alone = partial_dependence(model, X, 0, kind="individual")
    mean = plot_partial_dependence(figure.Figure().subplots(), alone, output=1).lines[-1]
    np.testing.assert_allclose(mean.get_ydata(), found.average[1])
    with pytest.raises(
        ValueError, match=r"has 3 outputs, but .* Pass output=, a number from 0 to 2"
    ):
        plot_partial_dependence(ax, found)
    with pytest.raises(ValueError, match="is on 2 features"):
        plot_partial_dependence(ax, partial_dependence(model, X, [0, 1], grid_resolution=3))
    with pytest.raises(ValueError, match="average is missing"):
        plot_partial_dependence(ax, [1, 2])


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_a_long_label_is_broken_where_the_axes_are_narrow(layout):
    fig = figure.Figure((3, 3), layout=layout)
    ax = plot_importances(fig.subplots(), [1.0, np.nan, 2.0], ["some name", "b", "c"], most=1)
    fig.draw_without_rendering()
    words = ax.get_xlabel().replace("\n", " ")
    assert words == "Importance (1 smaller left out, 1 without a value left out)"
    box = ax.xaxis.label.get_window_extent()
    assert "\n" in ax.get_xlabel()
    assert box.x0 >= 0 and box.x1 <= fig.bbox.x1 and box.y0 >= 0

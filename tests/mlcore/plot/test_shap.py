"""Pictures of Shapley values show every value, in its place and colour."""

from itertools import combinations

import numpy as np
import pandas
import pytest
from matplotlib import figure

from mlcore import RandomForestClassifier
from mlcore.inspection import ShapleyValues, tree_shap
from mlcore.plot import plot_shap_summary, plot_shap_waterfall
from mlcore.plot.shap import value_ranks
from mlcore.plot.style import LOW_HIGH

RNG = np.random.default_rng(0)
PHI = RNG.normal(size=(300, 4)) * [0.5, 2.0, 0.1, 1.0]
VALUES = PHI + RNG.normal(size=(300, 4))


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_every_value_is_a_point_and_the_largest_feature_is_on_top(ax):
    assert plot_shap_summary(ax, PHI, VALUES, ["$a", "_b", "c", "d"], most=3) is ax
    assert names(ax) == ["_b", "d", "$a"]
    assert not any(label.get_parse_math() for label in ax.get_yticklabels())
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    for place, j in enumerate([1, 3, 0]):
        x, y = ax.collections[place].get_offsets().T
        np.testing.assert_array_equal(x, PHI[:, j])
        assert (np.abs(y - place) <= 0.4 + 1e-9).all()
        np.testing.assert_allclose(
            ax.collections[place].get_facecolor(), LOW_HIGH(value_ranks(VALUES[:, j]))
        )


def test_points_are_stacked_where_they_are_dense(ax):
    plot_shap_summary(ax, PHI, VALUES, most=1)
    x, y = ax.collections[0].get_offsets().T
    near, far = np.abs(x) < 0.5, np.abs(x) > 4
    assert np.abs(y[near]).max() > 3 * np.abs(y[far]).max()
    assert len(np.unique(np.column_stack([x, y]), axis=0)) == 300
    again = plot_shap_summary(figure.Figure().subplots(), PHI, VALUES, most=1)
    np.testing.assert_array_equal(again.collections[0].get_offsets().T[1], y)


def test_missing_values_are_grey_and_one_row_is_enough(ax):
    values = VALUES[:3].copy()
    values[1, 0] = np.nan
    plot_shap_summary(ax, PHI[:3], values)
    place = names(ax).index("feature 0")
    grey = ax.collections[place].get_facecolor()[1]
    np.testing.assert_allclose(grey, (0.6, 0.6, 0.6, 1.0))
    one = plot_shap_summary(figure.Figure().subplots(), PHI[:1], VALUES[:1])
    assert len(one.collections) == 4
    one.figure.draw_without_rendering()
    same = plot_shap_summary(figure.Figure().subplots(), np.zeros((5, 2)), np.ones((5, 2)))
    same.figure.draw_without_rendering()


def test_wrong_shapes(ax):
    with pytest.raises(ValueError, match=r"shap_values has shape \(300, 4\) and X \(300, 3\)"):
        plot_shap_summary(ax, PHI, VALUES[:, :3])
    with pytest.raises(ValueError, match=r"shap_values\[i\]"):
        plot_shap_waterfall(ax, PHI, 0.0)


def test_the_steps_lead_from_the_base_to_the_prediction(ax):
    phi = np.array([0.1, -0.4, 0.05, 0.3])
    plot_shap_waterfall(ax, phi, 0.5, [1.0, 2.34567, "$x", 7], ["a", "_b", "c", "d"])
    assert names(ax) == ["_b = 2.346", "d = 7", "a = 1", "c = $x"]
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    np.testing.assert_allclose(spans, [(0.95, 0.55), (0.65, 0.95), (0.55, 0.65), (0.5, 0.55)])
    assert [text.get_text() for text in ax.texts] == ["-0.4", "+0.3", "+0.1", "+0.05"]
    up, down = ax.patches[1].get_facecolor(), ax.patches[0].get_facecolor()
    assert up != down
    assert "from 0.5, the mean, to 0.55" in ax.get_xlabel()


def test_small_steps_are_one_and_nothing_is_lost(ax):
    phi = np.array([3.0, 0.1, 0.2, -2.0, 0.3])
    plot_shap_waterfall(ax, phi, 1.0, most=3)
    assert names(ax) == ["feature 0", "feature 3", "3 others"]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([3.0, -2.0, 0.6])
    assert ax.patches[0].get_x() + 3.0 == pytest.approx(1.0 + phi.sum())


@pytest.mark.parametrize("phi", [PHI[0], [0.2, -0.1, 0.0], [1.0], [0.0], [-5.0, 5.0], [1e-9, -1e6]])
def test_numbers_stand_inside_the_picture_and_apart(phi):
    fig = figure.Figure(layout="constrained")
    ax = plot_shap_waterfall(fig.subplots(), phi, 0.5, names=["a long name " * 5] * len(phi))
    fig.draw_without_rendering()
    whole = ax.get_window_extent()
    boxes = [t.get_window_extent() for t in [*ax.texts, *ax.get_yticklabels()]]
    for box in boxes[: len(ax.texts)]:
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


TABLE = pandas.DataFrame(VALUES[:, :3], columns=["a", "b", "c"]).assign(
    d=np.resize(["town", "city", None], 300)
)
CLASSES = np.stack([PHI, 2 * PHI, -3 * PHI], axis=2)
EXPECTED = np.array([0.2, 0.3, 0.5])


def test_whole_results_are_drawn_with_the_names_of_the_frame(ax):
    plot_shap_summary(ax, ShapleyValues(PHI, 0.5), TABLE)
    assert names(ax) == ["b", "d", "a", "c"]
    np.testing.assert_array_equal(ax.collections[0].get_offsets().T[0], PHI[:, 1])
    two = ShapleyValues(np.stack([-PHI, PHI], axis=2), np.array([0.4, 0.6]))
    last = plot_shap_summary(figure.Figure().subplots(), two, TABLE)
    np.testing.assert_array_equal(last.collections[0].get_offsets().T[0], PHI[:, 1])
    first = plot_shap_summary(figure.Figure().subplots(), two.values, TABLE, output=0)
    np.testing.assert_array_equal(first.collections[0].get_offsets().T[0], -PHI[:, 1])


def test_of_more_than_two_classes_one_must_be_chosen(ax):
    three = ShapleyValues(CLASSES, EXPECTED)
    with pytest.raises(
        ValueError, match=r"has 3 outputs, but this .*Pass output=, a number from 0 to 2"
    ):
        plot_shap_summary(ax, three, TABLE)
    with pytest.raises(ValueError, match="output=3 is none"):
        plot_shap_waterfall(ax, three, row=0, output=3)
    with pytest.raises(ValueError, match="has 1 output, of which output=1 is none"):
        plot_shap_summary(ax, PHI, TABLE, output=1)
    plot_shap_waterfall(ax, three, row=5, output=2)
    assert ax.patches[-1].get_x() == pytest.approx(0.5)  # where the lowest bar begins
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert ends[0] == pytest.approx(0.5 + CLASSES[5, :, 2].sum())


def test_the_class_that_is_drawn_is_named(ax):
    two = np.stack([-PHI, PHI], axis=2)
    told = ShapleyValues(two, np.array([0.4, 0.6]), np.array(["fail", "pass"]))
    assert plot_shap_summary(ax, told, TABLE).get_xlabel().endswith("to the prediction of 'pass'")
    first = plot_shap_waterfall(figure.Figure().subplots(), told, row=0, output=0)
    assert first.get_xlabel().startswith("Prediction of 'fail': from 0.4, the mean, to ")
    bare = plot_shap_summary(figure.Figure().subplots(), two, TABLE)
    assert bare.get_xlabel().endswith("to the prediction of output 1")


def test_words_are_coloured_by_the_alphabet_and_missing_ones_are_grey(ax):
    plot_shap_summary(ax, PHI, TABLE)
    colours = ax.collections[1].get_facecolor()
    np.testing.assert_allclose(colours[:2], LOW_HIGH([1.0, 0.0]))
    np.testing.assert_allclose(colours[2], (0.6, 0.6, 0.6, 1.0))
    bar = ax.figure.axes[1]
    assert [t.get_text() for t in bar.get_yticklabels()] == ["low, A", "high, Z"]
    numbers = TABLE[["a", "b", "c"]].astype("Float64")
    plot_shap_summary(figure.Figure().subplots(), PHI[:, :3], numbers)


def test_a_row_of_a_whole_result(ax):
    found = ShapleyValues(PHI, 0.5)
    plot_shap_waterfall(ax, found, values=TABLE, row=1)
    expected = {f"{n} = {v:.4g}" for n, v in TABLE.iloc[1, :3].items()} | {"d = city"}
    assert set(names(ax)) == expected
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(PHI[1].sum())
    for values in (TABLE.iloc[1], TABLE.to_numpy()[1]):
        other = figure.Figure().subplots()
        plot_shap_waterfall(other, PHI, 0.5, values, TABLE, row=1)
        assert set(names(other)) == expected
    own = plot_shap_waterfall(figure.Figure().subplots(), found, values=TABLE.iloc[1], row=1)
    assert set(names(own)) == expected
    with pytest.raises(ValueError, match="Pass row=0 for the first"):
        plot_shap_waterfall(ax, found)
    with pytest.raises(ValueError, match="row=300 is none"):
        plot_shap_waterfall(ax, found, row=300)
    with pytest.raises(ValueError, match="base_value is missing"):
        plot_shap_waterfall(ax, PHI[0])
    with pytest.raises(ValueError, match="Pass the table by name, as values=X"):
        plot_shap_waterfall(ax, found, TABLE, row=1)
    with pytest.raises(ValueError, match="values has 2 values, but 4"):
        plot_shap_waterfall(ax, found, values=[1, 2], row=1)


def test_what_a_forest_returns_fits():
    X, y = TABLE[["a", "b", "c"]], np.where(VALUES[:, 1] > 0, "yes", "no")
    model = RandomForestClassifier(5, max_depth=3, random_state=0).fit(X, y)
    found = tree_shap(model, X)
    ax = plot_shap_summary(figure.Figure().subplots(), found, X)
    assert names(ax)[0] == "b"
    ax = plot_shap_waterfall(figure.Figure().subplots(), found, values=X, row=3)
    end = ax.patches[0].get_x() + ax.patches[0].get_width()
    assert end == pytest.approx(model.predict_proba(X)[3, 1])


@pytest.mark.parametrize("size", [(6.4, 4.8), (4.0, 3.0)])
def test_long_names_stay_inside_a_figure_without_layout(size):
    long = [f"{c}_name_that_is_much_too_long_for_such_a_figure_{c}" for c in "abcd"]
    for draw in (
        lambda ax: plot_shap_summary(ax, PHI, VALUES, long),
        lambda ax: plot_shap_waterfall(ax, PHI, 0.5, VALUES, long, row=0),
    ):
        ax = draw(figure.Figure(size).subplots())
        ax.figure.draw_without_rendering()
        assert all(label.get_window_extent().x0 >= 0 for label in ax.get_yticklabels())
        assert len({name[0] for name in names(ax)}) == 4
        assert ax.get_window_extent().width > 0.2 * ax.figure.bbox.width

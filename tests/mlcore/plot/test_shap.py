"""Pictures of Shapley values show every value, in its place and colour."""

from itertools import combinations

import numpy as np
import pytest

figure = pytest.importorskip("matplotlib.figure")

from mlcore.plot import plot_shap_summary, plot_shap_waterfall  # noqa: E402
from mlcore.plot.shap import value_ranks  # noqa: E402
from mlcore.plot.style import LOW_HIGH  # noqa: E402

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

"""Decision regions are what the model says, in one call, with the rows on top."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import figure

from mlcore import DecisionTreeClassifier, LogisticRegression
from mlcore.plot import plot_decision_regions
from mlcore.plot.style import COLOURS, mixed

X = np.array([[0.0, 0.0], [1.0, 4.0], [3.0, 1.0], [4.0, 3.0]])
Y = np.array(["_low", "_low", "$high", "$high"])


@pytest.fixture
def ax():
    return figure.Figure().subplots()


class Counted:
    """Says class 1 right of x = 2, and counts how often it is asked."""

    classes_ = np.array([0, 1])
    calls = 0

    def predict(self, X):
        self.calls += 1
        return (X[:, 0] > 2).astype(int)


def test_cells_have_the_colour_of_the_class_said_in_one_call(ax):
    model = Counted()
    assert plot_decision_regions(ax, model, X, resolution=4) is ax
    assert model.calls == 1
    assert ax.images[0].get_extent() == [-0.2, 4.2, -0.2, 4.2]
    picture = ax.images[0].get_array()
    for column, colour in enumerate([COLOURS[0]] * 2 + [COLOURS[1]] * 2):
        np.testing.assert_allclose(picture[:, column], np.tile(mixed(colour, 0.4), (4, 1)))


def test_cells_are_paler_where_the_model_is_less_sure(ax):
    model = LogisticRegression(0.1).fit(X, Y)
    plot_decision_regions(ax, model, X, Y, resolution=50)
    picture = ax.images[0].get_array()
    left, _, bottom, _ = ax.images[0].get_extent()
    across = left + (4.2 - left) * (np.arange(50) + 0.5) / 50
    up = bottom + (4.2 - bottom) * (np.arange(50) + 0.5) / 50
    for i, j in [(0, 0), (10, 49), (49, 20), (25, 25)]:  # rows of the picture go up
        P = model.predict_proba([[across[j], up[i]]])[0]
        share = 0.1 + 0.5 * (2 * P.max() - 1)
        np.testing.assert_allclose(picture[i, j], mixed(COLOURS[P.argmax()], share), atol=1e-9)
    assert ax.images[0].origin == "lower"


def test_rows_lie_where_they_are_with_the_colour_and_mark_of_their_class(ax):
    model = DecisionTreeClassifier().fit(X, Y)
    plot_decision_regions(ax, model, X, Y, ["$a", "_b"])
    high, low = ax.collections
    np.testing.assert_array_equal(high.get_offsets(), X[2:])
    np.testing.assert_array_equal(low.get_offsets(), X[:2])
    assert not np.allclose(high.get_facecolor(), low.get_facecolor())
    assert high.get_paths()[0].vertices.shape != low.get_paths()[0].vertices.shape
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["$high", "_low"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$a", "_b")
    assert not ax.xaxis.label.get_parse_math()
    ax.figure.draw_without_rendering()


def test_a_single_row_and_a_table_with_names(ax):
    table = pd.DataFrame(X, columns=["age", "score"])
    model = DecisionTreeClassifier().fit(table, Y)
    plot_decision_regions(ax, model, table.iloc[:1], Y[:1])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("age", "score")
    assert ax.images[0].get_extent() == [-0.5, 0.5, -0.5, 0.5]


def test_what_cannot_be_drawn_is_said(ax):
    model = DecisionTreeClassifier().fit(X, Y)
    with pytest.raises(ValueError, match="X has 1 columns, but 2"):
        plot_decision_regions(ax, model, X[:, :1])
    with pytest.raises(ValueError, match=r"y has the labels \['other'\]"):
        plot_decision_regions(ax, model, X, ["other"] * 4)

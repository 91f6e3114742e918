"""The pictures of a path show its numbers."""

from itertools import combinations
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest

from mlcore import LogisticRegressionCV, logistic_path
from mlcore.linear import Path
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
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), model.mean_loss_)
    ends = np.array(ax.collections[0].get_segments())[:, :, 1]
    np.testing.assert_allclose(ends[:, 1] - ends[:, 0], 2 * model.loss_error_)
    plot_cross_validation(ax, model)
    assert ax.get_xlim()[0] > ax.get_xlim()[1]


def test_score_chooses_the_class_and_the_largest_ten_are_named_at_their_ends(ax):
    coef = np.zeros((2, 3, 12))
    coef[:, 1] = np.outer([0.1, 1.0], np.arange(12.0))
    path = Path(np.array([1.0, 0.1]), coef, np.zeros((2, 3)), np.ones(2))
    ax.plot([1.0, 0.1], [0, 0], color="red")  # the axes were used before
    plot_path(ax, path, list("abcdefghijkl"), score=1)
    found = {t.get_text(): t.xy for t in ax.texts}
    assert found == {"abcdefghijkl"[j]: (0.1, float(j)) for j in range(2, 12)}
    assert ax.texts[0].get_color() == ax.lines[12].get_color()
    with pytest.raises(ValueError, match="12 names were expected"):
        plot_path(ax, path, ["a"])
    with pytest.raises(ValueError, match="score below 3"):
        plot_path(ax, path, score=3)


def test_names_never_overlap_and_the_strongest_come_first(ax):
    coef = np.zeros((2, 1, 71))
    coef[1, 0] = np.random.default_rng(0).normal(size=71)
    path = Path(np.array([1.0, 0.1]), coef, np.zeros((2, 1)), np.ones(2))
    plot_path(ax, path, [f"the name of column_{j}" for j in range(71)], most=30)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert 8 < len(boxes) <= 30
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert all(box.x1 <= ax.figure.bbox.x1 for box in boxes)
    assert ax.texts[0].get_text() == f"the name of column_{np.abs(coef[1, 0]).argmax()}"
    assert ax.get_xlabel() == "alpha, falling"
    few = plot_path(ax.figure.add_subplot(), path, [f"{j}" for j in range(71)], most=2)
    assert len(few.texts) == 2


@pytest.mark.parametrize(
    ("losses", "choice", "note"),
    [
        ([3.0, 2.0, 1.0], 2, "the chosen alpha is the smallest tried: try smaller ones"),
        ([1.0, 2.0, 3.0], 0, "the chosen alpha is the largest tried: try larger ones"),
        ([3.0, 2.0, 1.0], 1, "the alpha of least loss is the smallest tried: try smaller ones"),
        ([3.0, 1.0, 2.0], 1, ""),
        ([1.0], 0, ""),  # no grid
    ],
)
def test_a_choice_at_an_end_of_the_grid_is_marked(ax, losses, choice, note):
    alphas = np.array([1.0, 0.1, 0.01])[: len(losses)]
    errors = np.full(len(losses), 0.1)
    model = SimpleNamespace(
        alphas_=alphas, alpha_=alphas[choice], mean_loss_=np.array(losses), loss_error_=errors
    )
    plot_cross_validation(ax, model)
    assert ax.get_xlabel() == "alpha, falling" + (f"\n({note})" if note else "")
    assert ax.get_tightbbox().y0 >= 0

"""The confusion matrix shows its counts, in texts that fit their cells and can be read."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib import figure

from mlcore.metrics import confusion_matrix
from mlcore.plot import plot_confusion_matrix
from mlcore.plot.style import COLOURS, mixed, readable_on


def drawn(C, names=None, size=(6.4, 4.8), layout=None):
    return plot_confusion_matrix(figure.Figure(size, layout=layout).subplots(), C, names)


def test_counts_and_shares_stand_in_their_cells():
    C = confusion_matrix(["a", "a", "a", "b"], ["a", "b", "a", "b"])
    ax = drawn(C, ["a", "b"])
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    assert cells == {(0, 0): "2\n67 %", (1, 0): "1\n33 %", (0, 1): "0\n0 %", (1, 1): "1\n100 %"}
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("True class", "Predicted class")
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first class is on top
    np.testing.assert_allclose(ax.images[0].get_array()[1, 1], mixed(COLOURS[0], 1.0))
    np.testing.assert_allclose(ax.images[0].get_array()[1, 0], 1.0)


def test_a_class_without_rows_has_no_shares_and_weights_are_short():
    ax = drawn([[0, 0], [1.23456, 12345.6]])
    assert [text.get_text() for text in ax.texts[:2]] == ["0", "0"]
    assert [text.get_text() for text in ax.texts[2:]] == ["1.23\n0 %", "12346\n100 %"]
    assert (ax.images[0].get_array()[0] == 1).all()


LONG = ["$a_b$", "_hidden", "a very long name of a class that goes on and on", "x"]


@pytest.mark.parametrize("layout", [None, "constrained"])
@pytest.mark.parametrize("size", [(6.4, 4.8), (9.0, 2.5)])
@pytest.mark.parametrize("k", [1, 4, 9])
def test_texts_stay_in_their_cells(k, size, layout):
    C = np.random.default_rng(0).integers(0, 99999, (k, k))
    ax = drawn(C, LONG[:k] if k <= 4 else None, size, layout)
    ax.figure.draw_without_rendering()
    assert len(ax.texts) in (0, k * k)
    assert len(ax.texts) or k == 9 or size[1] < 3  # where names on end leave no room
    for text in ax.texts:
        j, i = text.get_position()
        box = text.get_window_extent()
        (x0, y0), (x1, y1) = ax.transData.transform([[j - 0.5, i + 0.5], [j + 0.5, i - 0.5]])
        assert x0 <= box.x0 and box.x1 <= x1 and y0 <= box.y0 and box.y1 <= y1, text


def test_names_are_drawn_as_they_are():
    ax = drawn(np.eye(4), LONG)
    ax.figure.draw_without_rendering()
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels[:2]] == LONG[:2]
        assert not any(label.get_parse_math() for label in labels)
        assert max(len(label.get_text()) for label in labels) <= 20


@pytest.mark.parametrize("colour", COLOURS)
def test_text_is_readable_on_every_shade(colour):
    def luminance(c):
        c = np.asarray(c)
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    for share in np.linspace(0, 1, 21):
        back = mixed(colour, share)
        front = {"black": 0.0, "white": 1.0}[readable_on(back)]
        light, dark = sorted([luminance(back), front], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # what WCAG asks of body text


@pytest.mark.parametrize("wrong", [[[1, 2]], [[-1]], [[np.nan]], [], [1, 2]])
def test_what_is_no_confusion_matrix_is_refused(wrong):
    with pytest.raises(ValueError, match=r"Pass confusion_matrix\(y_true, y_pred\)"):
        drawn(wrong)
    with pytest.raises(ValueError, match="names has 1 name, but 2"):
        drawn(np.eye(2), ["a"])


@pytest.mark.parametrize("by", ["true", "pred", "all"])
def test_a_normalised_matrix_shows_its_shares_only(by):
    a, b = [0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 0]
    C = confusion_matrix(a, b, normalize=by)
    ax = drawn(C)
    assert [text.get_text() for text in ax.texts] == [f"{100 * c:.0f} %" for c in C.ravel()]
    np.testing.assert_allclose(ax.images[0].get_array(), mixed(COLOURS[0], C))


def test_whole_numbers_are_counts_even_if_rows_sum_to_1():
    assert drawn(np.eye(2)).texts[0].get_text() == "1\n100 %"


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_many_classes_have_a_colour_bar_instead_of_texts(layout):
    C = np.random.default_rng(0).integers(0, 99, (18, 18))
    ax = drawn(C, [f"class number {c}" for c in range(18)], layout=layout)
    ax.figure.draw_without_rendering()
    assert not ax.texts
    scale = ax.figure.axes[1]
    assert scale.get_ylabel() == "Share of the row"
    labels = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    assert len(labels) == 36 and all(label.get_fontsize() >= 5 for label in labels)
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {90}
    whole, boxes = ax.figure.bbox, [label.get_window_extent() for label in labels]
    for box in boxes:
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0
    for side in (boxes[:18], boxes[18:]):
        assert not any(a.overlaps(b) for a, b in pairwise(side))


def test_names_of_very_many_classes_are_thinned_out():
    labels = drawn(np.ones((60, 60))).get_yticklabels()
    texts = [label.get_text() for label in labels]
    every = int(texts[1])
    assert every > 1 and texts == [str(c) for c in range(0, 60, every)]
    assert all(label.get_fontsize() >= 5 for label in labels)

"""The confusion matrix shows its counts, in texts that fit their cells and can be read."""

import numpy as np
import pytest

from mlcore.metrics import confusion_matrix

figure = pytest.importorskip("matplotlib.figure")

from mlcore.plot import plot_confusion_matrix  # noqa: E402
from mlcore.plot.style import COLOURS, mixed, readable_on  # noqa: E402


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

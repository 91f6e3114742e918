"""Every picture says what it was given in the place of its Axes."""

import inspect

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from mlcore import plot
from mlcore.plot.style import names_of

matplotlib.use("agg")


@pytest.mark.parametrize("name", plot.__all__)
def test_what_is_no_axes_is_refused_first(name):
    draw = getattr(plot, name)
    needed = sum(
        p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        for p in inspect.signature(draw).parameters.values()
    )
    rest = [None] * (needed - 1)
    figure = Figure()
    for wrong, seen in [
        (figure, "a Figure"),
        (figure.subfigures(), "a SubFigure"),
        (plt, "the module matplotlib.pyplot"),
        ([1, 2], "of the type list"),
    ]:
        with pytest.raises(TypeError, match=f"ax is {seen}, .*Pass fig.subplots.. or plt.gca"):
            draw(wrong, *rest)
    with pytest.raises(TypeError, match=r"an array of 2 Axes.*axes.flat\[0\]"):
        draw(figure.subplots(1, 2), *rest)
    if name != "plot_tree":
        with pytest.raises(TypeError, match="ax is None"):
            draw(None, *rest)


def test_names_come_from_what_has_them():
    class Model:
        def fit(self):
            return self

    model = Model()
    assert names_of(model, 2) == ["feature 0", "feature 1"]
    model.feature_names_in_ = np.array(["a", "b"])
    assert names_of(model, 2) == ["a", "b"]
    model.get_feature_names_out = lambda: np.array(["c", "d", "e"])
    assert names_of(model, 3) == ["c", "d", "e"]
    with pytest.raises(ValueError, match="names has 3 names, but 2"):
        names_of(model, 2)

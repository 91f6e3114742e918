"""The picture of a tree shows the tree, and can be read."""

import re
import warnings
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    RandomForestClassifier,
    export_text,
)
from mlcore.plot import plot_tree
from mlcore.plot.tree import LARGEST, style_of_class
from mlcore.plot.tree_layout import LEAST, PAD, lay_out, shortened, shown_nodes, wrapped
from mlcore.tree.words import Words
from tests.mlcore.tree.ladder import ladder

matplotlib.use("agg")

ROWS = np.array([[8, 1], [9, 9], [10, 2], [11, 8], [11, 9], [12, 3], [14, 9], [16, 0]], float)
LABELS = np.array(["fail", "fail", "pass", "fail", "fail", "pass", "pass", "pass"])
LONG = ["mean number of absences_in_the $last$ term", "score_of_the_first_term_<of_20>_&_more"]


@pytest.fixture(autouse=True)
def no_figure_is_left():
    yield
    plt.close("all")


def noisy(kind, depth=4, k=3):
    """A full tree of so many levels on k classes, or numbers from 0 to k - 1."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1200, 2)) * [1000.0, 1.0]
    y = X @ [0.001, 1.0] + 0.5 * rng.normal(size=1200)
    y = np.clip(np.round(y + (k - 1) / 2), 0, k - 1).astype(int)
    return kind(max_depth=depth, min_samples_leaf=5).fit(X, y), X


def ladder_of_means():
    return DecisionTreeRegressor().fit(1.5 ** np.arange(9.0)[:, None], -(1.9 ** np.arange(9.0)))


def texts(ax):
    return [text.get_text() for text in ax.texts]


def edges(ax):
    return {line.get_gid(): line for line in ax.lines if (line.get_gid() or "").startswith("edge")}


def frames(ax):
    return [patch for patch in ax.patches if patch.get_zorder() == 2]


def bounds_of_texts(ax):
    """Every text of the picture with its box in pixels, as it is drawn."""
    ax.figure.draw_without_rendering()
    shown = [*ax.texts, *(ax.get_legend().get_texts())]
    renderer = ax.figure.canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in shown]


def overlapping(boxes):
    """Pairs of boxes that touch: as Bbox.overlaps, for all at once."""
    corners = np.array([box.extents for box in boxes])
    begins_before = (corners[:, None, :2] <= corners[None, :, 2:]).all(axis=2)
    return np.argwhere(np.triu(begins_before & begins_before.T, 1)).tolist()


def test_boxes_that_touch_are_found():
    boxes = [Bbox.from_extents(*c) for c in [(0, 0, 2, 2), (1, 1, 3, 3), (2.5, 0, 4, 0.5)]]
    assert overlapping(boxes) == [[0, 1]]


def test_the_boxes_of_a_small_tree():
    model = DecisionTreeClassifier(max_depth=2).fit(ROWS, LABELS)
    ax = plot_tree(None, model, feature_names=["score", "absences"], class_names=["F", "P"])
    assert texts(ax) == [
        *("score <= 11.50", "8 rows"),
        *("absences <= 5.00", "5 rows", "yes"),
        *("F", "50 % of 2", "yes"),
        *("F", "100 % of 3", "no"),
        *("P", "100 % of 3", "no"),
    ]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["F", "P"]


def test_the_boxes_of_a_regression_tree():
    model = DecisionTreeRegressor(max_depth=1).fit([[1.0], [2.0], [8.0]], [3.0, 3.4, -7.0])
    ax = plot_tree(None, model)
    assert texts(ax) == [
        *("feature_0 <= 5.00", "3 rows, mean -0.20"),
        *("3.20", "2 rows", "yes"),
        *("-7.00", "1 row", "no"),
    ]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["mean", "± 1 sd", "mean of all"]


def test_the_bars_are_the_shares_of_the_classes():
    model = DecisionTreeClassifier(max_depth=1).fit(ROWS, LABELS)
    ax = plot_tree(None, model)
    root, left, right = (f.get_width() - 2 * PAD for f in frames(ax))
    parts = [p for p in ax.patches if p.get_zorder() == 3]
    found = [(p.get_width(), to_rgb(p.get_facecolor()), p.get_hatch()) for p in parts]
    shares = [(root / 2, 0), (root / 2, 1), (0.8 * left, 0), (0.2 * left, 1), (right, 1)]
    for (width, colour, hatch), (expected, c) in zip(found, shares, strict=True):
        style = style_of_class(c)
        assert width == pytest.approx(expected)
        assert (colour, hatch or "") == (to_rgb(style["facecolor"]), style["hatch"])


def test_means_and_spreads_stand_on_one_scale():
    model = DecisionTreeRegressor(max_depth=1).fit([[1.0], [2.0], [8.0]], [0.0, 2.0, 8.0])
    ax = plot_tree(None, model)
    width, low, high = LEAST - 3 * PAD, 10 / 3 - np.sqrt(104 / 9), 8.0  # the root reaches lowest
    middle = [f.get_x() + f.get_width() / 2 for f in frames(ax)]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    spans = [line.get_xdata() for line in ax.lines if line.get_solid_capstyle() == "butt"]
    for m, mean, sd, dot, span in zip(
        middle, [10 / 3, 1, 8], [np.sqrt(104 / 9), 1, 0], dots, spans, strict=True
    ):
        at = (np.array([mean, mean - sd, mean + sd]) - low) / (high - low)
        np.testing.assert_allclose([dot, *span], m - width / 2 + width * at, atol=1e-9)


def test_64_classes_look_different():
    looks = {(s["facecolor"], s["hatch"]) for s in map(style_of_class, range(64))}
    assert len(looks) == 64


@pytest.mark.filterwarnings("ignore:The text of this tree")
@pytest.mark.parametrize("size", [None, (6.4, 4.8), (15.0, 3.0)])
@pytest.mark.parametrize(
    ("model", "names", "max_depth"),
    [
        (noisy(DecisionTreeClassifier)[0], None, 4),
        (noisy(DecisionTreeClassifier)[0], LONG, 4),
        (noisy(DecisionTreeRegressor)[0], LONG, 4),
        (noisy(DecisionTreeClassifier, depth=8, k=12)[0], LONG, 3),
        (ladder(9), None, None),
        (ladder_of_means(), None, None),
    ],
)
def test_no_text_touches_another_or_leaves_its_box(model, names, max_depth, size):
    given = None if size is None else plt.figure(figsize=size).add_subplot()
    ax = plot_tree(given, model, feature_names=names, max_depth=max_depth)
    shown = bounds_of_texts(ax)
    assert overlapping([box for _, box in shown]) == [], shown
    inside = [frame.get_window_extent() for frame in frames(ax)]
    whole = ax.get_window_extent()
    boxed = 0
    for text, box in shown:
        assert whole.x0 - 1 <= box.x0 and box.x1 <= whole.x1 + 1, text
        assert whole.y0 - 1 <= box.y0 and box.y1 <= whole.y1 + 1, text
        around = [f for f in inside if f.overlaps(box)]
        if around:
            (frame,) = around
            boxed += 1
            assert frame.x0 <= box.x0 and box.x1 <= frame.x1, text
            assert frame.y0 <= box.y0 and box.y1 <= frame.y1, text
    assert boxed == 2 * len(inside)  # the answers and the legend stand free
    assert overlapping(inside) == []


def test_the_figure_grows_with_the_leaves_and_the_text_keeps_its_size():
    ax = plot_tree(None, noisy(DecisionTreeClassifier)[0])
    assert len(frames(ax)) == 31
    width, height = ax.figure.get_size_inches()
    assert width < 20
    assert min(text.get_fontsize() for text in ax.texts) == pytest.approx(7.0, rel=1e-6)
    two = plot_tree(None, noisy(DecisionTreeClassifier, depth=1)[0]).figure.get_size_inches()
    assert two[0] < width / 3
    assert two[1] < height


def test_yes_is_on_the_left():
    model, _ = noisy(DecisionTreeClassifier)
    tree, ax = model.tree_, plot_tree(None, model)
    drawn = edges(ax)
    assert len(drawn) == 30
    for name, line in drawn.items():
        parent, child = map(int, name.split("-")[1:])
        assert child in (tree.children_left[parent], tree.children_right[parent])
        start, end = line.get_xdata()
        assert (end < start) == (child == tree.children_left[parent])
    answers = {
        tuple(text.get_position()): text.get_text()
        for text in ax.texts
        if text.get_text() in ("yes", "no")
    }
    for line in drawn.values():
        (x0, x1), y = line.get_xdata(), line.get_ydata()
        assert answers[((x0 + x1) / 2, sum(y) / 2)] == ("yes" if x1 < x0 else "no")


@pytest.mark.parametrize("kind", [DecisionTreeClassifier, DecisionTreeRegressor])
def test_the_path_of_a_row_is_bold_and_nothing_else(kind):
    model, X = noisy(kind)
    for i in (0, 1, 2):
        ax = plot_tree(None, model, row=X[i])
        passed = np.flatnonzero(model.decision_path(X[i : i + 1])[0]).tolist()
        expected = {f"edge-{a}-{b}" for a, b in pairwise(passed)}
        assert {gid for gid, e in edges(ax).items() if e.get_color() == "black"} == expected
        nodes = list(shown_nodes(model.tree_, 4))
        bold = [f.get_edgecolor()[:3] == (0, 0, 0) for f in frames(ax)]
        assert {v for v, b in zip(nodes, bold, strict=True) if b} == set(passed)
    plain = plot_tree(None, model)
    assert len({e.get_color() for e in edges(plain).values()}) == 1


def test_branches_that_are_cut_off_say_how_many_leaves_they_have():
    ax = plot_tree(None, ladder(9), max_depth=2)
    assert texts(ax)[-3:] == ["... (8 leaves)", "8 rows", "no"]
    assert frames(ax)[-1].get_linestyle() == "--"
    assert texts(plot_tree(None, ladder(9), max_depth=0)) == ["... (10 leaves)", "10 rows"]


def test_a_lone_leaf_is_one_box():
    model = DecisionTreeClassifier().fit(ROWS, ["a"] * 8)
    assert texts(plot_tree(None, model, row=ROWS[0])) == ["a", "100 % of 8"]
    model = DecisionTreeRegressor().fit(ROWS, np.zeros(8))
    assert texts(plot_tree(None, model)) == ["0.00", "8 rows"]


def test_deep_trees_are_drawn_without_recursion():
    ax = plot_tree(None, ladder(1100), row=[5000.0])
    assert len(frames(ax)) == 9
    layout = lay_out(Words.of(ladder(1100)), ["a", "b"], None)
    assert len(layout.boxes) == 2201
    with pytest.warns(UserWarning, match=r"4.3 points high.* Pass a smaller max_depth"):
        tall = plot_tree(None, ladder(100), max_depth=None).figure.get_size_inches()
    assert tall.max() == LARGEST


def test_text_too_small_to_read_is_warned_of_with_a_size_that_is_enough():
    model, _ = noisy(DecisionTreeClassifier)
    ax = plt.figure(figsize=(4, 3)).add_axes((0, 0, 1, 1))
    with pytest.warns(UserWarning, match="points high") as caught:
        plot_tree(ax, model)
    assert caught[0].filename == __file__
    size = re.search(r"at least ([\d.]+) x ([\d.]+) inches", str(caught[0].message))
    enough = np.array(size.groups(), dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plot_tree(plt.figure(figsize=enough).add_axes((0, 0, 1, 1)), model)
    with pytest.warns(UserWarning, match="points high"):
        plot_tree(plt.figure(figsize=0.95 * enough).add_axes((0, 0, 1, 1)), model)


def test_names_break_at_spaces_and_underscores_only():
    for name, lines in [
        ("missingindicator_score", ["missingindicator_", "score <= 11.50"]),
        ("absencesWithoutAnyReason", ["absencesWithoutAnyReason", "<= 11.50"]),
        ("a_b__c of the last school year", ["a_b__c of the last", "school year <= 11.50"]),
        ("short", ["short <= 11.50"]),
    ]:
        assert wrapped(f"{name} <= 11.50").split("\n") == lines
    assert max(map(len, wrapped("x" * 100).split("\n"))) <= 38


def test_one_tree_of_a_forest_is_drawn_and_printed():
    forest = RandomForestClassifier(2, max_depth=2, random_state=0).fit(ROWS, LABELS)
    tree = forest.estimators_[1]
    names = ["score", "absences"]
    top = texts(plot_tree(None, tree, feature_names=names))[0]
    assert f"|--- {top}\n" in export_text(tree, names)


@pytest.mark.parametrize("name", ["$", "a $b$ c", "$\\frac$", "_x", "<b> & c", "", "x\ny", "{0}%s"])
def test_names_are_drawn_as_they_are(name):
    labels = np.where(LABELS == "fail", name, "other")
    model = DecisionTreeClassifier(max_depth=1).fit(ROWS, labels)
    ax = plot_tree(None, model, feature_names=[name, "b"])
    ax.figure.canvas.draw()
    assert texts(ax)[0].split() == f"{name} <= 11.50".split()
    assert name in [text.get_text() for text in ax.get_legend().get_texts()]
    for text in [*ax.texts, *ax.get_legend().get_texts()]:
        assert not text.get_parse_math()


def test_long_names_keep_their_ends():
    names = [f"{'x' * 60}{end}" for end in "ab"]
    assert shortened(names[0]) != shortened(names[1])
    assert len(shortened(names[0])) <= 38


def test_the_given_axes_are_drawn_on_and_returned():
    figure, axes = plt.subplots(1, 2)
    model = DecisionTreeClassifier(max_depth=1).fit(ROWS, LABELS)
    assert plot_tree(axes[1], model) is axes[1]
    assert not axes[0].texts
    assert len(plt.get_fignums()) == 1
    assert any(isinstance(patch, Rectangle) for patch in axes[1].patches)
    assert figure.axes == list(axes)


def test_what_cannot_be_drawn_is_said():
    model = DecisionTreeClassifier().fit(ROWS, LABELS)
    for wrong, message in [
        ({"feature_names": ["a"]}, "feature_names has 1 name, but 2"),
        ({"class_names": ["a", "b", "c"]}, "class_names has 3 names, but 2"),
        ({"max_depth": -1}, "max_depth is -1"),
        ({"decimals": 0.5}, "decimals is 0.5"),
        ({"row": ROWS[:2]}, r"row has shape \(2, 2\)"),
        ({"row": [1.0, np.nan]}, "missing value"),
    ]:
        with pytest.raises(ValueError, match=message):
            plot_tree(None, model, **wrong)
    with pytest.raises(ValueError, match="a regression tree has no classes"):
        plot_tree(None, DecisionTreeRegressor().fit(ROWS, ROWS[:, 0]), class_names=["a"])
    with pytest.raises(TypeError, match="RandomForestClassifier, but a DecisionTreeClassifier"):
        plot_tree(None, RandomForestClassifier())
    assert plt.get_fignums() == []

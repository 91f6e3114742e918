"""The depth of a tree on two columns: what it says all over the plane, and how often it errs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from mlcore import DecisionTreeClassifier
from mlcore.checks import FloatArray, IntArray
from mlcore.plot import plot_decision_regions
from mlcore.plot.style import COLOURS
from risk.features.known import build_features
from risk.school import simulate_school
from tutorials.play import Picture, Slider

DEEPEST = 15
COLUMNS = ("correct_share", "quiz_mean")
NAMES = ("practice answers correct (%)", "mean quiz score (points)")


@cache
def pupils() -> tuple[FloatArray, IntArray, FloatArray, IntArray]:
    """Return two columns and who was at risk: the pupils of 2024, and those of 2025."""
    school = simulate_school(n_pupils=600, n_weeks=8, seed=0, n_futures=0)
    quizzes = school.tables["quizzes"]
    quizzes.loc[quizzes["score"] > 100, "score"] = np.nan  # 999: a slip of the keyboard
    ended = school.tables["outcomes"].set_index("pupil")["at_risk"].eq("yes")
    table = build_features(school.tables, week=8)[list(COLUMNS)].dropna()
    table = table[table.index.isin(ended.index)]
    X, y = table.to_numpy(), ended[table.index].to_numpy().astype(np.int64)
    learnt = table.index.str.startswith("24")
    return X[learnt], y[learnt], X[~learnt], y[~learnt]


@cache
def tree(depth: int, least: int) -> DecisionTreeClassifier:
    """Return the tree of the pupils of 2024."""
    X, y, _, _ = pupils()
    return DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least).fit(X, y)


@cache
def errors(least: int) -> FloatArray:
    """Return the share misclassified (2, DEEPEST) at each depth: pupils learnt from, and new ones."""
    X, y, new_X, new_y = pupils()
    trees = [tree(depth, least) for depth in range(1, DEEPEST + 1)]
    return np.array([[1 - t.score(*rows) for t in trees] for rows in ((X, y), (new_X, new_y))])


def draw(figure: Any, values: dict[str, float]) -> None:
    """Draw the plane on the left and both errors on the right."""
    depth, least = int(values["depth"]), int(values["least pupils in a leaf"])
    plane, curves = figure.subplots(1, 2)
    X, y, _, _ = pupils()
    model = tree(depth, least)
    labels = np.array(["all well", "at risk"])[y]
    shown = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least).fit(X, labels)
    plot_decision_regions(plane, shown, X, None, NAMES, resolution=100)
    for label, mark, colour, size in (
        ("all well", ".", "#00456E", 9),
        ("at risk", "s", "#7A5000", 11),
    ):
        plane.scatter(
            *X[labels == label].T, s=size, marker=mark, color=colour, linewidths=0, label=label
        )
    plane.legend(fontsize="small", loc="upper left", framealpha=0.85)
    plane.set_title(f"depth {depth}: {model.get_n_leaves()} leaves", fontsize="medium")
    old, new = 100 * errors(least)
    depths = np.arange(1, DEEPEST + 1)
    curves.plot(depths, old, "o-", color=COLOURS[0], markersize=3, label="2024, learnt from")
    curves.plot(depths, new, "s--", color=COLOURS[5], markersize=3, label="2025, new")
    curves.axvline(depth, color="0.6", linewidth=0.8, linestyle=":")
    curves.plot(
        [depth, depth], [old[depth - 1], new[depth - 1]], "ko", markersize=7, fillstyle="none"
    )
    curves.set(xlabel="Depth (splits)", ylabel="Misclassified (%)", ylim=(0, None))
    curves.xaxis.set_major_locator(MaxNLocator(integer=True))
    curves.legend(frameon=False, fontsize="small")
    curves.set_title(
        f"wrong: {old[depth - 1]:.0f} % of 2024, {new[depth - 1]:.0f} % of 2025", fontsize="medium"
    )


PICTURE = Picture(
    "The depth of a tree, and what it gets wrong on pupils it has not seen",
    (
        Slider("depth", 1, DEEPEST, 4, 1),
        Slider("least pupils in a leaf", 1, 40, 1, 1),
    ),
    draw,
)

"""The number of trees: the error on new pupils, and what the forest says over two columns.

Every forest of up to MOST trees on two columns is grown once for each smallest leaf; its first t trees
are the forest of t trees.

Notation: t trees, m new pupils, c cells of the plane.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from mlcore import RandomForestClassifier
from mlcore.checks import FloatArray, IntArray
from mlcore.plot.style import COLOURS, LOW_HIGH
from risk.features.known import build_features
from risk.school import simulate_school
from tutorials.play import Picture, Slider

MOST, CELLS, SHOWN = 150, 50, 250  # trees; cells along a side of the plane; new pupils drawn
COLUMNS = {"prior_score": "Last year's score (points)", "completed_share": "Practice completed (%)"}
BELOW, ABOVE, SEEN = COLOURS[0], COLOURS[5], COLOURS[2]


class Pupils(NamedTuple):
    """Two columns and outcomes of the pupils that the forests learn from, and of new ones."""

    X: FloatArray
    y: IntArray
    new_X: FloatArray
    new_y: IntArray


class Grown(NamedTuple):
    """What forests of 1, 2, ..., MOST trees give."""

    new: FloatArray  # (MOST,) share of new pupils that is wrong
    out_of_bag: FloatArray  # (MOST,)
    own: FloatArray  # (MOST,) of the pupils it learnt from
    plane: FloatArray  # (MOST, c) P of being at risk


@lru_cache(maxsize=1)
def pupils() -> Pupils:
    """Return the pupils of one year of a simulated school as of week 8, cut in halves by lot."""
    school = simulate_school(1000, 8, seed=0, n_years=1, n_futures=0)
    features = build_features(school.tables, week=8)[list(COLUMNS)].dropna()
    truth = school.truth["pupils"].set_index("pupil").loc[features.index, "at_risk"]
    X, y = features.to_numpy(), (truth == "yes").to_numpy().astype(np.int64)
    order = np.random.default_rng(0).permutation(len(y))
    known, new = order[: len(y) // 2], order[len(y) // 2 :]
    return Pupils(X[known], y[known], X[new], y[new])


def plane() -> tuple[FloatArray, tuple[float, float, float, float]]:
    """Return the middles of the cells (c, 2) and the edges of the plane."""
    low, high = pupils().X.min(axis=0), pupils().X.max(axis=0)
    steps = low + (high - low) * (np.arange(CELLS)[:, None] + 0.5) / CELLS
    across, up = np.meshgrid(*steps.T)
    return np.column_stack([across.ravel(), up.ravel()]), (low[0], high[0], low[1], high[1])


@lru_cache(maxsize=16)
def grown(smallest_leaf: int) -> Grown:
    """Return what the forests of one smallest leaf give."""
    known = pupils()
    forest = RandomForestClassifier(
        MOST, min_samples_leaf=smallest_leaf, max_features=1, random_state=0
    ).fit(known.X, known.y)
    number = np.arange(1, MOST + 1)[:, None]

    def up_to(X: FloatArray) -> FloatArray:
        """Return P of the first 1, 2, ... trees, (MOST, rows)."""
        leaves = forest.apply(X).T
        P = [tree.value[leaf, 1] for tree, leaf in zip(forest.trees_, leaves, strict=True)]
        return np.cumsum(P, axis=0) / number

    return Grown(
        ((up_to(known.new_X) > 0.5) != known.new_y).mean(axis=1),
        forest.out_of_bag_errors(known.X, known.y),
        ((up_to(known.X) > 0.5) != known.y).mean(axis=1),
        up_to(plane()[0]),
    )


def draw(figure: Figure, values: dict[str, float]) -> None:
    """Draw the errors up to MOST trees, and the plane as the first trees see it."""
    t, found = int(values["trees"]), grown(int(values["smallest leaf"]))
    left, right = figure.subplots(1, 2)
    number = np.arange(1, MOST + 1)
    for name, error, color, dash in (
        ("new pupils", found.new, ABOVE, "-"),
        ("out of bag", found.out_of_bag, BELOW, "--"),
        ("the pupils it learnt from", found.own, "0.5", ":"),
    ):
        left.plot(number, error, dash, color=color, label=f"{name} {error[t - 1]:.1%}")
        left.plot([t], [error[t - 1]], "o", color=color, markersize=5)
    left.axvline(t, color="0.8", linewidth=1, zorder=0)
    left.set(xlabel="Trees", ylabel="Wrong", xlim=(0, MOST), ylim=(0, 0.3))
    left.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    left.set_title(f"{t} tree{'s' * (t > 1)}: the error", fontsize=11)
    left.legend(fontsize=9, loc="upper right", frameon=False)
    right.imshow(
        found.plane[t - 1].reshape(CELLS, CELLS), origin="lower", extent=plane()[1], aspect="auto",
        cmap=LOW_HIGH, vmin=0, vmax=1, alpha=0.8,
    )  # fmt: skip
    new, names = pupils(), list(COLUMNS.values())
    for at_risk, color, mark in ((0, BELOW, "o"), (1, ABOVE, "^")):
        points = new.new_X[:SHOWN][new.new_y[:SHOWN] == at_risk].T
        right.scatter(*points, s=9, color=color, marker=mark, edgecolors="white", linewidths=0.4)
    right.set(xlabel=names[0], ylabel=names[1], xlim=plane()[1][:2], ylim=plane()[1][2:])
    right.set_title("What they say: blue safe, orange at risk", fontsize=11)


PICTURE = Picture(
    "The number of trees",
    (Slider("trees", 1, MOST, 20, 1), Slider("smallest leaf", 1, 30, 1, 1)),
    draw,
)

"""Where each skill stands on the map, and the way of each arrow between them.

The layout is Sugiyama's. Each skill stands in a column right of all it needs, its grade's columns
right of those of the grades before. An arrow over several columns gets a bend in each column
between, so that it passes between names and not behind them. Columns are ordered so that few
arrows cross; then each place moves towards its neighbours as far as the gaps allow.

Notation: places are skills and bends · links (left, right) pairs of places of neighbouring columns
· order: each column's places from the bottom up · y: heights, where a name's row is 1.

Source: Sugiyama, Tagawa & Toda (1981), Methods for visual understanding of hierarchical system
structures, IEEE Transactions on Systems, Man, and Cybernetics 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations, pairwise
from typing import NamedTuple

import numpy as np

from mlcore.calibration import isotonic_regression
from risk.skills.graph import Skill

SWEEPS = 24  # to the right and back: for crossings two do, heights settle more slowly


class Place(NamedTuple):
    """A skill, or where the arrow between two skills passes a column."""

    column: int
    name: str  # of the skill, or of the skill the arrow comes from
    towards: str = ""  # the skill the arrow goes to; "" for a skill itself


Link = tuple[Place, Place]
Order = list[list[Place]]
Beside = dict[Place, tuple[list[Place], list[Place]]]  # what a place is linked to, left and right


def lay_out(skills: Sequence[Skill]) -> tuple[dict[Place, float], list[list[Place]]]:
    """Return the height of each place, and the places each arrow passes."""
    column = columns_of(skills)
    arrows = arrows_of(skills, column)
    places = [Place(c, name) for name, c in column.items()]
    order: Order = [[] for _ in range(max(column.values()) + 1)]
    for place in dict.fromkeys(chain(places, *arrows)):
        order[place.column].append(place)
    links = [link for arrow in arrows for link in pairwise(arrow)]
    return heights(few_crossings(order, links), links), arrows


def columns_of(skills: Sequence[Skill]) -> dict[str, int]:
    """Return each skill's column: right of what it needs, and of all that earlier grades teach.

    >>> fractions, rates = Skill("fractions", 6, "", ()), Skill("rates", 6, "", ("fractions",))
    >>> columns_of([fractions, rates, Skill("powers", 7, "", ("fractions",))])
    {'fractions': 0, 'rates': 1, 'powers': 2}
    """
    column: dict[str, int] = {}
    for grade in sorted({skill.grade for skill in skills}):
        first = max(column.values(), default=-1) + 1
        for skill in (s for s in skills if s.grade == grade):
            column[skill.name] = max([first, *(column[need] + 1 for need in skill.needs)])
    return column


def arrows_of(skills: Sequence[Skill], column: dict[str, int]) -> list[list[Place]]:
    """Return the places each arrow passes: the skill needed, a bend a column, the skill."""
    return [
        [
            Place(column[need], need),
            *(Place(c, need, s.name) for c in range(column[need] + 1, column[s.name])),
            Place(column[s.name], s.name),
        ]
        for s in skills
        for need in s.needs
    ]


def neighbours(order: Order, links: list[Link]) -> Beside:
    """Return the places linked to each place, on its left and on its right."""
    beside: Beside = {place: ([], []) for place in chain(*order)}
    for left, right in links:
        beside[right][0].append(left)
        beside[left][1].append(right)
    return beside


def crossings(order: Order, links: list[Link]) -> int:
    """Return how many pairs of links cross."""
    at = {place: i for column in order for i, place in enumerate(column)}
    return sum(
        a.column == c.column and (at[a] - at[c]) * (at[b] - at[d]) < 0
        for (a, b), (c, d) in combinations(links, 2)
    )


def few_crossings(order: Order, links: list[Link]) -> Order:
    """Return the columns in the best order found by sweeps to the right and back.

    In a sweep each column is sorted by where its neighbours on one side stand on average.
    """
    beside, best = neighbours(order, links), order
    for sweep in range(SWEEPS):
        order = swept(order, beside, side=sweep % 2)
        if crossings(order, links) < crossings(best, links):
            best = order
    return best


def swept(order: Order, beside: Beside, side: int) -> Order:
    """Return the columns after one sweep: to the right (side 0) or back (side 1)."""
    new = list(order)
    at = {place: float(i) for column in order for i, place in enumerate(column)}
    for c in range(len(order))[:: 1 - 2 * side]:
        middle = {place: mean_of(at, beside[place][side], at[place]) for place in order[c]}
        new[c] = sorted(order[c], key=middle.__getitem__)
        at |= {place: float(i) for i, place in enumerate(new[c])}
    return new


def mean_of(at: dict[Place, float], places: list[Place], otherwise: float) -> float:
    """Return where places are on average, or the other number if there are none.

    >>> a, b = Place(0, "a"), Place(0, "b")
    >>> mean_of({a: 1.0, b: 2.0}, [a, b], 0.0), mean_of({}, [], 0.0)
    (1.5, 0.0)
    """
    return float(np.mean([at[place] for place in places])) if places else otherwise


def heights(order: Order, links: list[Link]) -> dict[Place, float]:
    """Return each place's height: near its neighbours' mean, in order, and apart from the next.

    The nearest heights (in squares) that keep given gaps are an isotonic regression, once the gaps
    below each place are taken off. Bends weigh more than names, to make arrows straight.
    """
    beside = neighbours(order, links)
    below = [np.cumsum([0.0, *(gap(a, b) for a, b in pairwise(column))]) for column in order]
    y: dict[Place, float] = {}
    for column, gaps in zip(order, below, strict=True):
        y |= dict(zip(column, (gaps - gaps[-1] / 2).tolist(), strict=True))
    for sweep in range(SWEEPS):
        for c in range(len(order))[:: 1 - 2 * (sweep % 2)]:
            wanted = np.array([mean_of(y, [*chain(*beside[p])], y[p]) for p in order[c]])
            weights = [4.0 if place.towards else 1.0 for place in order[c]]
            fitted = isotonic_regression(wanted - below[c], sample_weight=weights) + below[c]
            y |= dict(zip(order[c], fitted.tolist(), strict=True))
    return y


def gap(below: Place, above: Place) -> float:
    """Return how far apart two places of a column must be: names need more room than arrows.

    >>> gap(Place(0, "ratios"), Place(0, "ratios", "slope"))
    0.65
    """
    return (1.0, 0.65, 0.3)[bool(below.towards) + bool(above.towards)]

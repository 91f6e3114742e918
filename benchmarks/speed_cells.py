"""Which trees and forests are timed, table by table; the quick choice is the small cells."""

from __future__ import annotations

from benchmarks.speed_memory import MemoryCell
from benchmarks.speed_trees import (
    FOREST_TARGETS,
    ONE,
    OTHER_TARGET,
    PREDICTION_TARGET,
    TREE_TARGETS,
    Cell,
)

THIRD = (("max_features", 1 / 3),)
TWO_JOBS = (("n_jobs", 2),)
TREES_OF_100K = 10  # where a forest has 100 otherwise


def tree_cells(quick: bool) -> list[Cell]:
    """Return the cells of one tree of two classes."""
    return [
        Cell(kind, n, ONE, target=target)
        for kind, targets in TREE_TARGETS.items()
        for n, target in targets.items()
        if n <= 10_000 or not quick
    ]


def forest_cells(quick: bool) -> list[Cell]:
    """Return the cells of forests of two classes."""
    return [
        Cell(kind, n, n_trees(n), target=target)
        for kind, targets in FOREST_TARGETS.items()
        for n, target in targets.items()
        if n <= 1_000 or not quick
    ]


def n_trees(n: int) -> int:
    """Return how many trees a forest on n rows has."""
    return 100 if n < 100_000 else TREES_OF_100K


def other_cells(quick: bool) -> list[Cell]:
    """Return the cells of numbers and of five classes."""
    tree_sizes, forest_sizes = (
        ([10_000], [1_000]) if quick else ([10_000, 100_000], [1_000, 10_000])
    )
    cells = [Cell("regression", n) for n in tree_sizes]
    cells += [Cell("regression", n, 100, params) for n in forest_sizes for params in (THIRD, ())]
    cells += [Cell("5 classes", 10_000)] + [Cell("5 classes", n, 100) for n in forest_sizes]
    return [cell._replace(target=OTHER_TARGET) for cell in cells]


def job_cells(quick: bool) -> list[Cell]:
    """Return the cells of forests grown by two workers."""
    sizes = [1_000] if quick else [1_000, 10_000, 100_000]
    return [Cell("make_classification", n, n_trees(n), TWO_JOBS) for n in sizes]


def prediction_cells() -> list[Cell]:
    """Return the models whose predictions are timed."""
    return [Cell("make_classification", 0, trees, (), PREDICTION_TARGET) for trees in (ONE, 100)]


def prediction_sizes(quick: bool) -> list[int]:
    """Return the numbers of rows that are predicted."""
    return [1_000, 10_000] if quick else [1_000, 10_000, 100_000]


def memory_cells(quick: bool) -> list[MemoryCell]:
    """Return the cells whose memory is measured."""
    if quick:
        return [MemoryCell("make_classification", 20_000, ONE)]
    return [
        MemoryCell(kind, 100_000, trees)
        for trees in (ONE, TREES_OF_100K)
        for kind in ("make_classification", "school")
    ]

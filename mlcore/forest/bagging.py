"""Growing many trees on resampled rows, by any number of workers and with the same bits.

Every tree has a random generator of its own, made from the forest's seed and the tree's number. It
first draws the tree's bag of rows and then the features of its nodes, so that a tree depends on
nothing but the data, the seed and its number: not on the workers, nor on the draws of others.

Notation: n rows, t trees · bags (t, n) how often each tree drew each row.

Source: Breiman (1996), Bagging Predictors, Machine Learning 24.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Any

import numpy as np

from mlcore.checks import FloatArray, IntArray
from mlcore.tree.growth import grow
from mlcore.tree.limits import Limits
from mlcore.tree.nodewise import grow_by_nodes
from mlcore.tree.pruning import cut_back
from mlcore.tree.ranked import Columns, columns_for
from mlcore.tree.structure import Tree
from mlcore.tree.target import Sample, Target
from mlcore.workers import count_workers

ENTRIES_A_PASS = 2**16  # rows times trees grown together: few passes, and each stays in the cache
MOST_TASKS = 64  # given to an executor, which may send each with its data to another machine


def tree_generator(seed: int, number: int) -> np.random.Generator:
    """Return the generator of one tree: the child ``number`` of the seed's sequence."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))


def draw_bag(n: int, draws: int | None, generator: np.random.Generator) -> IntArray:
    """Return how often each of n rows is in the sample (n,): drawn with replacement, or all once.

    >>> int(draw_bag(100, 80, np.random.default_rng(0)).sum())
    80
    """
    if draws is None:
        return np.ones(n, dtype=np.int64)
    return np.bincount(generator.integers(0, n, draws), minlength=n)


def balanced(y: IntArray, k: int, w: FloatArray) -> FloatArray:
    """Return w (n,) times a factor for each class y that makes all present classes weigh the same.

    >>> balanced(np.array([0, 0, 0, 1]), 2, np.ones(4)).round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    weight = np.bincount(y, weights=w, minlength=k)
    present = np.count_nonzero(weight)
    return w * (w.sum() / (present * np.where(weight > 0, weight, np.inf)))[y]  # 0 for the absent


@dataclass(frozen=True)
class Recipe:
    """All that trees are grown from; it can be sent to another process or machine."""

    sample: Sample
    limits: Limits
    seed: int
    draws: int | None  # rows drawn for each tree, None for all of them once
    balance_each: bool = False  # weigh the classes of each bag alike
    max_leaf_nodes: int | None = None
    ccp_alpha: float = 0.0
    n_categories: IntArray | None = None  # (d,), None for the fast growth on complete numbers
    missing: str | None = None
    max_surrogates: int = 0

    def __getstate__(self) -> dict[str, Any]:
        """Send the fields alone: what is worked out from them is worked out anew."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @cached_property
    def columns(self) -> Columns:
        """The columns sorted or ranked, once for all trees."""
        return columns_for(self.sample.X, self.limits.max_features)

    @cached_property
    def target(self) -> Target:
        """Weights and targets of the rows."""
        return self.sample.target()

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.sample.X)

    def bag(self, number: int) -> IntArray:
        """Return how often a tree drew each row, (n,)."""
        return draw_bag(self.n, self.draws, tree_generator(self.seed, number))

    def weights(self, row: IntArray, count: IntArray) -> FloatArray:
        """Return the weights of a bag's rows."""
        w = self.sample.w[row] * count
        return balanced(self.sample.y[row], self.sample.n_classes, w) if self.balance_each else w

    def prepare(self) -> None:
        """Work out what all trees share, before threads ask for it at the same time."""
        if self.n_categories is None:
            _ = self.columns, self.target


def grow_trees(recipe: Recipe, numbers: range) -> list[Tree]:
    """Return the trees of the given numbers, grown in one pass."""
    generators = [tree_generator(recipe.seed, number) for number in numbers]
    bags = [draw_bag(recipe.n, recipe.draws, generator) for generator in generators]
    if recipe.n_categories is not None:
        pairs = zip(bags, generators, strict=True)
        trees = [grow_thoroughly(recipe, bag, generator) for bag, generator in pairs]
    else:
        tree, row = np.nonzero(bags)
        count = np.concatenate([bag[bag > 0] for bag in bags])
        if recipe.balance_each:
            weights = [recipe.weights(bag.nonzero()[0], bag[bag > 0]) for bag in bags]
            target = recipe.sample.rows(row, np.concatenate(weights)).target()
        else:
            target = recipe.target.drawn(row, count)
        trees = grow(recipe.columns, target, row, tree, recipe.limits, generators)
    return [cut_back(tree, recipe.max_leaf_nodes, recipe.ccp_alpha) for tree in trees]


def grow_thoroughly(recipe: Recipe, bag: IntArray, generator: np.random.Generator) -> Tree:
    """Return one tree grown node by node, as missing values and categories need.

    It sees the columns shuffled: equal splits go to the first, and no column may be favoured.
    """
    row, n_categories = bag.nonzero()[0], np.asarray(recipe.n_categories)
    sample = recipe.sample.rows(row, recipe.weights(row, bag[row]))
    shuffled = generator.permutation(sample.X.shape[1])
    tree = grow_by_nodes(
        sample.X[:, shuffled], sample.stats(), sample.criterion, recipe.limits,
        n_categories=n_categories[shuffled], missing=recipe.missing,
        max_surrogates=recipe.max_surrogates, generator=generator,
    )  # fmt: skip
    inner = ~tree.is_leaf
    tree.feature[inner] = shuffled[tree.feature[inner]]
    if tree.routes is not None:
        tree.routes.surrogate_feature = shuffled[tree.routes.surrogate_feature]
    return tree


def grow_passes(recipe: Recipe, passes: list[range]) -> list[Tree]:
    """Return the trees of several passes, one after another."""
    return [tree for numbers in passes for tree in grow_trees(recipe, numbers)]


def cut(numbers: range, most: int) -> list[range]:
    """Return passes of at most ``most`` trees, as even as can be.

    >>> cut(range(10), 4)
    [range(0, 4), range(4, 8), range(8, 10)]
    """
    count = max(1, -(-len(numbers) // most))
    size = max(1, -(-len(numbers) // count))
    return [numbers[first : first + size] for first in range(0, len(numbers), size)]


def grow_forest(
    recipe: Recipe, numbers: range, n_jobs: int | None, executor: Executor | None, verbose: int
) -> list[Tree]:
    """Return the trees of the given numbers, by threads or by the executor's workers.

    Passes are cut by the data alone, never by the workers, so that the bits stay the same: sums of
    broken weights may round by the trees that grow together.
    """
    workers = count_workers(n_jobs)
    if executor is not None and not callable(getattr(executor, "map", None)):
        raise TypeError(
            f"executor is {executor!r}, but a concurrent.futures.Executor was expected. "
            "Try executor=ProcessPoolExecutor(), or n_jobs for threads."
        )
    passes = cut(numbers, max(1, ENTRIES_A_PASS // recipe.n))
    each = 1 if executor is None else -(-len(passes) // MOST_TASKS)
    tasks = [passes[first : first + each] for first in range(0, len(passes), each)]
    work = partial(grow_passes, recipe)
    if executor is not None:
        return gather(executor.map(work, tasks), len(numbers), verbose)
    recipe.prepare()
    pool = ThreadPoolExecutor(workers) if workers > 1 and len(tasks) > 1 else None
    with pool or nullcontext():
        return gather((pool.map if pool else map)(work, tasks), len(numbers), verbose)


def gather(parts: Iterator[list[Tree]], t: int, verbose: int) -> list[Tree]:
    """Return all trees in order, telling on standard error how many there are so far."""
    trees: list[Tree] = []
    for part in parts:
        trees.extend(part)
        if verbose:
            print(f"{len(trees)} of {t} trees", file=sys.stderr, flush=True)
    return trees

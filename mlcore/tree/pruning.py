"""Smaller trees inside a grown one: cost-complexity pruning, and the splits made best first.

R(t) is node t's impurity times its share of all weight, R(T) the sum over the leaves of tree T. For
a price alpha of one leaf the best subtree minimises R(T) + alpha * leaves. As alpha rises it gives
up splits and never takes one back: the best subtrees lie one inside the other. So it is enough to
know each split's own alpha, at which it is given up.

A split's gain is R(t) - R(left) - R(right). A node cannot lose its split before the splits below it
do, so a split of little gain above better ones, as the first of an exclusive or, is worth what they
save together: their mean. Such splits, given up at once, are a *link*. Going from the leaves up,
each split joins the strongest link below it for as long as that one gains at least as much a split
as its own. What results is the isotonic regression of the gains: alphas that fall down the tree.

Notation: m nodes, s subtrees of the sequence · t a node.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, chapter 3;
Pardalos & Xue (1999), Algorithms for a class of isotonic regression problems, Algorithmica 23.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from mlcore.checks import BoolArray, FloatArray, IntArray, check_integer, check_real
from mlcore.tree.structure import LEAF, UNDEFINED, Tree

TIE = 1e-12  # gains that differ by less of R(root) are equal but for rounding


def subtree(tree: Tree, keep: BoolArray) -> Tree:
    """Return the tree with only the splits of the inner nodes in keep (m,).

    Nodes that no kept split leads to are dropped, the others keep their order. ValueError unless
    keep is m times True or False.

    >>> from mlcore import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier().fit([[1], [2], [3], [4]], [0, 1, 0, 1]).tree_
    >>> subtree(tree, np.arange(tree.node_count) == 0).children_left.tolist()
    [1, -1, -1]
    """
    if np.shape(keep) != (tree.node_count,) or np.asarray(keep).dtype != bool:
        raise ValueError(
            f"keep has shape {np.shape(keep)}, but True or False for each of the "
            f"{tree.node_count} nodes was expected. Pass collapse_alpha > alpha, say."
        )
    split = keep & ~tree.is_leaf
    nodes = _reached(tree, split)
    number = np.full(tree.node_count, LEAF)
    number[nodes] = np.arange(len(nodes))
    leaf = ~split[nodes]
    arrays: dict[str, Any] = {
        name: array[nodes] for name, array in vars(tree).items() if isinstance(array, np.ndarray)
    }
    arrays["children_left"] = np.where(leaf, LEAF, number[tree.children_left[nodes]])
    arrays["children_right"] = np.where(leaf, LEAF, number[tree.children_right[nodes]])
    arrays["feature"][leaf] = arrays["threshold"][leaf] = UNDEFINED
    if tree.routes is not None:
        arrays["routes"] = tree.routes.take(nodes, arrays["children_left"] == LEAF)
    return replace(tree, **arrays)


def _reached(tree: Tree, split: BoolArray) -> IntArray:
    """Return the nodes that splits (m,) lead to from the root, in order; one step a level."""
    reached = np.zeros(tree.node_count, dtype=bool)
    level = np.array([0])
    while len(level):
        reached[level] = True
        parents = level[split[level]]
        level = np.concatenate([tree.children_left[parents], tree.children_right[parents]])
    return np.flatnonzero(reached)


def node_costs(tree: Tree) -> FloatArray:
    """Return R(t) of each node (m,): its impurity times its share of all weight."""
    return tree.impurity * tree.weighted_n_node_samples / tree.weighted_n_node_samples[0]


def split_gains(tree: Tree) -> FloatArray:
    """Return R(t) - R(left) - R(right) of each split (m,), 0 for leaves.

    No split adds impurity, so what rounding leaves below 0 is 0.
    """
    cost, inner = node_costs(tree), np.flatnonzero(~tree.is_leaf)
    gain = np.zeros(tree.node_count)
    children = cost[tree.children_left[inner]] + cost[tree.children_right[inner]]
    gain[inner] = np.maximum(cost[inner] - children, 0.0)
    return gain


@dataclass(frozen=True)
class PruningSequence:
    """The best subtrees from the whole tree to the root, one for each link given up.

    The member for an alpha is ``subtree(tree, collapse_alpha > alpha)``. Links may share an alpha;
    then the last entry of that alpha is the member.
    """

    ccp_alphas: FloatArray  # (s,) rising from 0
    impurities: FloatArray  # (s,) R(T)
    n_leaves: IntArray  # (s,)
    collapse_alpha: FloatArray  # (m,) at which a node becomes a leaf; minus infinity for leaves


class Link(NamedTuple):
    """Splits given up together; links sort from the strongest to the weakest."""

    minus_alpha: float  # gain a split, negative because heapq has the least on top
    gain: float
    n_splits: int
    top: int  # the node that becomes a leaf


def pruning_sequence(tree: Tree) -> PruningSequence:
    """Return the weakest-link sequence of a grown tree, as scikit-learn's pruning path.

    Links of equal alpha come from left to right. Cost: O(m log² m) at most, for any depth.

    >>> from mlcore import DecisionTreeClassifier
    >>> model = DecisionTreeClassifier().fit([[1], [2], [3], [4], [5], [6]], [0, 0, 0, 1, 1, 0])
    >>> path = pruning_sequence(model.tree_)
    >>> path.n_leaves.tolist(), path.ccp_alphas.round(3).tolist(), path.impurities.round(3).tolist()
    ([3, 1], [0.0, 0.222], [0.0, 0.444])
    """
    links, joined = _links(tree)
    walk = walk_order(tree)
    links.sort(key=lambda link: (-link.minus_alpha, walk[link.top]))
    alphas = np.array([-link.minus_alpha for link in links])
    gains = np.array([0.0] + [link.gain for link in links])
    splits = np.array([0] + [link.n_splits for link in links])

    collapse = np.full(tree.node_count, -np.inf)
    collapse[[link.top for link in links]] = alphas
    for t, above in sorted(joined.items()):  # a node after the one above it
        collapse[t] = collapse[above]
    return PruningSequence(
        np.concatenate([[0.0], alphas]),
        node_costs(tree)[tree.is_leaf].sum() + np.cumsum(gains),
        tree.n_leaves - np.cumsum(splits),
        collapse,
    )


def _links(tree: Tree) -> tuple[list[Link], dict[int, int]]:
    """Return the links, and for each node that joined a link above the top of that link then."""
    gains, left = split_gains(tree).tolist(), tree.children_left.tolist()
    tie = TIE * node_costs(tree)[0]
    below: dict[int, list[Link]] = {}  # heaps of the links under a node
    joined: dict[int, int] = {}
    for t in np.flatnonzero(~tree.is_leaf)[::-1].tolist():
        links = _merged(below.pop(left[t], []), below.pop(left[t] + 1, []))
        gain, n_splits = gains[t], 1
        while links and -links[0].minus_alpha >= gain / n_splits - tie:
            strongest = heapq.heappop(links)
            gain += strongest.gain
            n_splits += strongest.n_splits
            joined[strongest.top] = t
        heapq.heappush(links, Link(-gain / n_splits, gain, n_splits, t))
        below[t] = links
    return below.get(0, []), joined


def _merged(a: list[Link], b: list[Link]) -> list[Link]:
    """Return one heap of two; moving the smaller one, a link moves at most log2 m times."""
    small, large = sorted((a, b), key=len)
    for link in small:
        heapq.heappush(large, link)
    return large


def walk_order(tree: Tree) -> list[int]:
    """Return each node's place (m,) in a walk that goes down to the left first."""
    left, inner = tree.children_left.tolist(), np.flatnonzero(~tree.is_leaf).tolist()
    size = [1] * tree.node_count  # nodes of each branch
    for t in reversed(inner):
        size[t] += size[left[t]] + size[left[t] + 1]
    place = [0] * tree.node_count
    for t in inner:
        place[left[t]] = place[t] + 1
        place[left[t] + 1] = place[t] + 1 + size[left[t]]
    return place


def prune(tree: Tree, ccp_alpha: float) -> Tree:
    """Return the best subtree for a price of ccp_alpha a leaf; of equally good ones the smallest.

    At a price of 0 the tree stays whole, as in scikit-learn, even where a split gains nothing.

    >>> from mlcore import DecisionTreeClassifier
    >>> model = DecisionTreeClassifier().fit([[1], [2], [3], [4], [5], [6]], [0, 0, 0, 1, 1, 0])
    >>> [prune(model.tree_, alpha).n_leaves for alpha in (0.0, 0.2, 0.3)]
    [3, 3, 1]
    """
    check_real("ccp_alpha", ccp_alpha, 0.0)
    if ccp_alpha == 0:
        return tree
    return subtree(tree, pruning_sequence(tree).collapse_alpha > ccp_alpha)


def best_first(tree: Tree, max_leaf_nodes: int) -> Tree:
    """Return the tree of the first max_leaf_nodes - 1 splits, each time the one of most gain.

    A split waits for its parent's, so this is the tree that grows best first: where growth draws
    nothing at random, the same splits would have been found. Gains that differ by less than TIE
    of R(root) are equal, and the lower node number goes first. Cost: O(m + leaves log leaves).

    >>> from mlcore import DecisionTreeClassifier
    >>> model = DecisionTreeClassifier().fit([[1], [2], [3], [4], [5], [6]], [0, 0, 0, 1, 1, 0])
    >>> best_first(model.tree_, 2).threshold.tolist()
    [3.5, -2.0, -2.0]
    """
    check_integer("max_leaf_nodes", max_leaf_nodes, 2)
    if max_leaf_nodes >= tree.n_leaves:
        return tree
    # Ranks instead of gains: equal gains must not be told apart by the rounding of their sums.
    gain, rank = split_gains(tree), np.empty(tree.node_count, dtype=np.int64)
    order = np.argsort(gain)
    rank[order] = np.cumsum(np.diff(gain[order], prepend=0.0) > TIE * node_costs(tree)[0])
    left, is_leaf = tree.children_left.tolist(), tree.is_leaf
    keep = np.zeros(tree.node_count, dtype=bool)
    waiting = [(-rank[0], 0)]
    for _ in range(max_leaf_nodes - 1):
        _, t = heapq.heappop(waiting)
        keep[t] = True
        for child in (left[t], left[t] + 1):
            if not is_leaf[child]:
                heapq.heappush(waiting, (-rank[child], child))
    return subtree(tree, keep)


def cut_back(tree: Tree, max_leaf_nodes: int | None, ccp_alpha: float) -> Tree:
    """Return what the parameters of a model leave of a tree that was grown in full."""
    if max_leaf_nodes is not None:
        tree = best_first(tree, max_leaf_nodes)
    return prune(tree, ccp_alpha)

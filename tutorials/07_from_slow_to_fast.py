# %% [markdown]
# # From slow to fast
#
# The district asks for a new tree every week, for every school, and later for forests of hundreds of
# trees. The tree of tutorial 6 is right, but slow: it counts the same pupils again and again. Here the
# same tree is grown five times, each time faster, and after each step we check that it is the same
# tree, node for node. A fast program that gives another tree is of no use to anyone.
#
# The last step is what mlcore does. There is no trick in another language: it is all NumPy.

# %%
import inspect
import json
import time
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import mlcore
from mlcore import DecisionTreeClassifier
from mlcore.preprocessing import SimpleImputer
from mlcore.tree.impurity import squared_gain
from mlcore.tree.orders import AllFeatures
from mlcore.tree.ranked import midpoint
from mlcore.tree.search import Scorer
from mlcore.tree.target import fixed_point
from risk.data.records import Records
from risk.features.known import school_table
from risk.school import as_of, simulate_school

ROOT = Path(mlcore.__file__).parents[1]  # of the repository, whatever folder this runs in


def pupils(n_pupils):
    """Return features (n, d) in week 8 and who was at risk (n,), of two years of pupils."""
    tables = as_of(simulate_school(n_pupils, n_weeks=8, seed=0, n_futures=0), week=8)
    table = school_table(Records(tables), week=8)
    known = table.at_risk.notna().to_numpy()
    X = SimpleImputer(strategy="median").fit_transform(table.features[known])
    return X, table.at_risk[known].to_numpy().astype(int), list(table.features)


X, y, names = pupils(300)
print(f"{X.shape[0]} pupils, {X.shape[1]} features, {y.mean():.0%} at risk")

# %% [markdown]
# ## Six pupils by hand
#
# The six of tutorial 6, after the first question: quiz at most 55. Now there are two nodes, and we
# want the best cut of "days absent" for both **at once**. Write the pupils down by node, and within a
# node by days absent:
#
# | place | 0 | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|---|
# | node | left | left | left | right | right | right |
# | pupil | e | f | c | a | d | b |
# | days absent | 2 | 2 | 5 | 1 | 3 | 6 |
# | at risk | 1 | 0 | 1 | 0 | 0 | 0 |
# | running sum | 1 | 1 | 2 | 2 | 2 | 2 |
# | less what came before the node | 1 | 1 | 2 | 0 | 0 | 0 |
#
# One running sum over the whole line, and for every place we know how many at risk stand to its left
# **in its node**. So every cut of every node can be scored in a few operations on whole lines. After
# place 1 the left side has 2 pupils and 1 at risk. After place 0 there is no cut: e and f are equal.

# %%
node = np.array([0, 0, 0, 1, 1, 1])
days, at_risk = np.array([2, 2, 5, 1, 3, 6]), np.array([1, 0, 1, 0, 0, 0])
running = np.cumsum(at_risk)
first = np.array([0, 3])  # where each node begins
before = np.concatenate([[0], running])[first]
left = running - before[node]
print(left)
assert running.tolist() == [1, 1, 2, 2, 2, 2] and left.tolist() == [1, 1, 2, 0, 0, 0]

# %% [markdown]
# ## The formula
#
# With two classes the gain needs no squares of shares. A node has $n$ pupils, $o$ of them at risk; the
# left side $n_L$ and $o_L$, the right side $n_R$. Let $S = o_L - n_L\, o/n$: how many more at risk the
# left side has than its share. Then
#
# $$n \cdot \mathrm{gain} = 2\,\frac{n_L n_R}{n}\,(p_L - p_R)^2 = \frac{2\,n}{n_L n_R}\,S^2 .$$
#
# (Put $p_L = o_L / n_L$ and $p_R = (o - o_L)/n_R$ into tutorial 6's formula; what is left over is the
# square of one difference.) For the left node above, after place 1: $S = 1 - 2 \cdot 2/3 = -1/3$, and
# $n \cdot \mathrm{gain} = 2 \cdot 3 / (2 \cdot 1) \cdot 1/9 = 1/3$. Tutorial 6 found 1/18 for a share of
# all six; six times 1/18 is 1/3.


# %%
def gains(n_left, ones_left, n, ones):
    """Return n times the gain of cuts, from counts: numbers or arrays."""
    surplus = ones_left - n_left * ones / n
    return 2 * n / (n_left * (n - n_left)) * surplus * surplus


assert np.isclose(gains(2, 1, 3, 2), 1 / 3) and np.isclose(6 * 1 / 18, 1 / 3)
rng = np.random.default_rng(7)
for _ in range(20):  # and it is Gini's gain, whatever the labels
    labels = rng.integers(0, 2, 12)
    parts = labels[:5], labels[5:]
    gini = [1 - p.mean() ** 2 - (1 - p.mean()) ** 2 for p in (labels, *parts)]
    old = 12 * gini[0] - 5 * gini[1] - 7 * gini[2]
    assert np.isclose(gains(5, labels[:5].sum(), 12, labels.sum()), old)

# %% [markdown]
# ## Step 1: loops over rows
#
# As in tutorial 6: for every node, every column, every cut, walk over the rows and count. To compare
# trees, each version returns a dict. Its keys number the nodes: the root is 1, and the children of node
# k are 2k and 2k + 1. Its values are (feature, threshold, pupils, at risk); the feature of a leaf is −1.
#
# Equal gains count as equal when they differ by less than `TIE`; then the lowest column wins, and the
# lowest threshold. Without such a rule two right programs would grow two different trees.

# %%
TIE = 1e-9


def grow_by_loops(X, y, max_depth=99):
    """Return the tree of X (n, d) and y (n,), counting rows one by one."""
    columns, labels, tree = X.T.tolist(), y.tolist(), {}

    def best_cut(rows, ones):
        best = (-1, 0.0, 0.0)
        for feature, column in enumerate(columns):
            for low, high in pairwise(sorted({column[i] for i in rows})):
                n_left = ones_left = 0
                for i in rows:
                    if column[i] <= low:
                        n_left += 1
                        ones_left += labels[i]
                gain = gains(n_left, ones_left, len(rows), ones)
                if best[0] < 0 or gain > best[2] + TIE:
                    best = (feature, float(midpoint(low, high)), gain)
        return best

    def grow(name, rows, depth):
        ones = sum(labels[i] for i in rows)
        feature = -1
        if depth > 0 and 0 < ones < len(rows):
            feature, threshold, _ = best_cut(rows, ones)
        if feature < 0:
            tree[name] = (-1, None, len(rows), ones)
            return
        tree[name] = (feature, threshold, len(rows), ones)
        column = columns[feature]
        grow(2 * name, [i for i in rows if column[i] <= threshold], depth - 1)
        grow(2 * name + 1, [i for i in rows if column[i] > threshold], depth - 1)

    grow(1, list(range(len(labels))), max_depth)
    return tree


def timed(function, *args, repeat=1):
    """Return what a function returns, and the shortest of some runs in seconds."""
    took = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = function(*args)
        took.append(time.perf_counter() - start)
    return result, min(took)


seconds = {}
tree, seconds["loops over rows"] = timed(grow_by_loops, X, y)
print(f"{len(tree)} nodes in {1000 * seconds['loops over rows']:.0f} ms")

# %% [markdown]
# How much work is that? A column of $n$ different values has $n - 1$ cuts, and each is counted over $n$
# rows. So $d$ columns cost about $d\,n^2$ for one level of the tree. Twice the pupils, four times as long.

# %%
cuts_of_root = sum(len(np.unique(column)) - 1 for column in X.T)
print(f"the root alone: {cuts_of_root} cuts x {len(y)} pupils = {cuts_of_root * len(y):,} looks")
assert cuts_of_root * len(y) > 1_000_000

# %% [markdown]
# ## Step 2: running sums
#
# Sort the rows by the column. Then the left side of every cut is the rows up to there, and a running sum
# of the labels, `np.cumsum`, counts all cuts in one pass: $n \log n$ for the sort in place of $n^2$.


# %%
def grow_by_sums(X, y, max_depth=99):
    """Return the same tree: a sort and a running sum for each node and column."""
    tree = {}

    def best_cut(X, y):
        n, ones, best = len(y), y.sum(), (-1, 0.0, 0.0)
        n_left = np.arange(1, n)
        for feature in range(X.shape[1]):
            order = np.argsort(X[:, feature])
            x = X[order, feature]
            gain = gains(n_left, np.cumsum(y[order])[:-1], n, ones)
            gain[x[1:] == x[:-1]] = -1.0  # between equal values there is no cut
            top = gain.max()
            if top >= 0 and (best[0] < 0 or top > best[2] + TIE):
                at = np.flatnonzero(gain >= top - TIE)[0]
                best = (feature, float(midpoint(x[at], x[at + 1])), top)
        return best

    def grow(name, X, y, depth):
        n, ones = len(y), int(y.sum())
        feature, threshold = -1, None
        if depth > 0 and 0 < ones < n:
            feature, threshold, _ = best_cut(X, y)
        tree[name] = (feature, threshold if feature >= 0 else None, n, ones)
        if feature >= 0:
            goes = X[:, feature] <= threshold
            grow(2 * name, X[goes], y[goes], depth - 1)
            grow(2 * name + 1, X[~goes], y[~goes], depth - 1)

    grow(1, X, y, max_depth)
    return tree


again, seconds["running sums"] = timed(grow_by_sums, X, y, repeat=3)
assert again == tree
ratio = seconds["loops over rows"] / seconds["running sums"]
print(f"the same {len(again)} nodes, {ratio:.0f} times as fast")
assert ratio > 2

# %% [markdown]
# ## Step 3: all nodes of a level at once
#
# Most nodes are small. For a node of ten pupils NumPy spends its time on being called, not on summing.
# So do what we did by hand: put all nodes of a level on one line, ordered by node and in a node by value
# (`np.lexsort`), and score every cut of every node together. The loops left are over levels and columns.
#
# `np.maximum.reduceat(gain, first)` is the largest gain of each node: the line is cut where a node begins.


# %%
def grow_level_by_level(X, y, best_cuts, max_depth=99):
    """Return the same tree; best_cuts(rows, node, n, ones) has feature and threshold of each node."""
    tree, rows = {}, np.arange(len(y))
    name, node = np.array([1]), np.zeros(len(y), dtype=int)  # of each node; of each row its node
    for depth in range(max_depth + 1):
        n, ones = np.bincount(node), np.bincount(node, y[rows]).astype(int)
        for k, *counts in zip(name.tolist(), n.tolist(), ones.tolist(), strict=True):
            tree[k] = (-1, None, *counts)  # a leaf, unless a cut is found below
        mixed = (ones > 0) & (ones < n)
        if depth == max_depth or not mixed.any():
            break
        kept = mixed[node]
        rows, node = rows[kept], (np.cumsum(mixed) - 1)[node[kept]]
        name = name[mixed]
        feature, threshold = best_cuts(rows, node, n[mixed], ones[mixed])
        for k, f, t in zip(name.tolist(), feature.tolist(), threshold.tolist(), strict=True):
            if f >= 0:
                tree[k] = (f, t, *tree[k][2:])
        kept = feature[node] >= 0
        rows, node = rows[kept], node[kept]
        right = X[rows, feature[node]] > threshold[node]
        name, node = np.unique(2 * name[node] + right, return_inverse=True)
    return tree


def grow_by_levels(X, y, max_depth=99):
    """Return the tree with a sort by node and value for each column of each level."""

    def best_cuts(rows, node, n, ones):
        m, first, labels = len(n), np.cumsum(n) - n, y[rows]
        at = np.repeat(np.arange(m), n)  # the node of each place on the line
        n_left = np.arange(len(rows)) - first[at] + 1
        best, feature, threshold = np.full(m, -1.0), np.full(m, -1), np.zeros(m)
        for f in range(X.shape[1]):
            order = np.lexsort((X[rows, f], node))
            x, line = X[rows, f][order], labels[order]
            running = np.cumsum(line)
            ones_left = running - (running[first] - line[first])[at]
            with np.errstate(divide="ignore", invalid="ignore"):  # after a node's last place
                gain = gains(n_left, ones_left, n[at], ones[at])
            gain[n_left == n[at]] = -1.0  # nothing would be left on the right
            gain[:-1][x[1:] == x[:-1]] = -1.0
            top = np.maximum.reduceat(gain, first)  # (m,)
            hits = np.flatnonzero(gain >= (top - TIE)[at])[::-1]
            place = np.zeros(m, dtype=int)
            place[at[hits]] = hits  # written from the last to the first: the first one stays
            better = (top >= 0) & ((best < 0) | (top > best + TIE))
            place = place[better]
            best[better], feature[better] = top[better], f
            threshold[better] = midpoint(x[place], x[place + 1])
        return feature, threshold

    return grow_level_by_level(X, y, best_cuts, max_depth)


again, seconds["all nodes of a level"] = timed(grow_by_levels, X, y, repeat=3)
assert again == tree
six = np.array([[90, 1], [80, 6], [40, 5], [70, 3], [40, 2], [40, 2]], dtype=float)
small = grow_by_levels(six, np.array([0, 0, 1, 0, 1, 0]))
print(small)
assert small == {
    1: (0, 55.0, 6, 2), 2: (1, 3.5, 3, 2), 3: (-1, None, 3, 0), 4: (-1, None, 2, 1), 5: (-1, None, 1, 1)
}  # fmt: skip
ratio = seconds["running sums"] / seconds["all nodes of a level"]
print(f"the same {len(again)} nodes, {ratio:.1f} times as fast as step 2")

# %% [markdown]
# The picture has the third level of the tree, and one column. All cuts of its nodes stand side by side on
# one line; the dot is the best of each node.

# %%
which = DecisionTreeClassifier(max_depth=2).fit(X, y).apply(X)  # the node of each pupil
x = X[:, names.index("quiz_mean")]
order = np.lexsort((x, which))
first, n = np.unique(which[order], return_index=True, return_counts=True)[1:]
figure, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
for start, size in zip(first, n, strict=True):
    labels, values = (line[order][start : start + size] for line in (y, x))
    place = np.flatnonzero(values[1:] > values[:-1])
    gain = gains(1 + place, np.cumsum(labels)[place], size, labels.sum())
    ax.plot(start + place, gain, linewidth=1)
    ax.plot(start + place[gain.argmax()], gain.max(), "ko", markersize=5)
    ax.axvline(start - 0.5, color="0.6", linewidth=0.8, linestyle=":")
ax.set(
    xlabel="place on the line: by node, then by mean quiz score", ylabel="n · gain of a cut there"
)
ax.set_title(f"All cuts of a level at once: nodes of {', '.join(map(str, n))} pupils")
assert n.sum() == len(y)

# %% [markdown]
# ## Step 4: sort whole numbers
#
# Sorting is now what takes the time. NumPy sorts whole numbers much faster than it orders rows by two
# keys. So replace each value once, before the tree is begun, by its **rank** among the different values
# of its column: 0, 1, 2, … The ranks order the rows just as the values do, so no cut is lost and nothing
# is rounded. Then pack what a sort needs into one whole number:
#
# $$\mathrm{key} = (\mathrm{node} \cdot r + \mathrm{rank}) \cdot N + \mathrm{place},$$
#
# with $r$ more than any rank, and the place of the row among the $N$ rows of the level. One `np.sort` of
# the keys groups by node, orders by value, and still knows the row: the key modulo $N$. All columns are
# sorted in one call. Pupils e, f and c of the left node have days 2, 2, 5: of the different days 1, 2, 3,
# 5, 6 these have the ranks 1, 1, 3. With $r = 5$ and $N = 6$, and e in place 0, f in place 1, c in place
# 2, their keys are 6, 7 and 20. Then 20 modulo 6 is 2: it is c.


# %%
def grow_by_keys(X, y, max_depth=99):
    """Return the tree with one sort of whole numbers for each level."""
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in X.T])  # (d, n)
    r = int(ranks.max()) + 1

    def best_cuts(rows, node, n, ones):
        m, N, first = len(n), len(rows), np.cumsum(n) - n
        at = np.repeat(np.arange(m), n)
        n_left = np.arange(N) - first[at] + 1
        keys = np.sort((node * r + ranks[:, rows]) * N + np.arange(N), axis=1)  # (d, N)
        value, place = np.divmod(keys, N)
        line = y[rows][place]
        running = np.cumsum(line, axis=1)
        ones_left = running - (running[:, first] - line[:, first])[:, at]
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = gains(n_left, ones_left, n[at], ones[at])
        gain[:, n_left == n[at]] = -1.0
        gain[:, :-1][value[:, 1:] == value[:, :-1]] = -1.0
        top = np.maximum.reduceat(gain.max(axis=0), first)  # (m,) over columns and places
        hits = np.flatnonzero((gain >= (top - TIE)[at]).ravel())[::-1]
        best = np.zeros(m, dtype=int)
        best[at[hits % N]] = hits  # the lowest column stays, and in it the lowest place
        feature, cut = np.divmod(best, N)
        low = X[rows[place[feature, cut]], feature]
        high = X[rows[place[feature, np.minimum(cut + 1, N - 1)]], feature]
        return np.where(top >= 0, feature, -1), midpoint(low, high)

    return grow_level_by_level(X, y, best_cuts, max_depth)


again, seconds["whole numbers"] = timed(grow_by_keys, X, y, repeat=3)
assert again == tree
assert [(0 * 5 + rank) * 6 + place for rank, place in ((1, 0), (1, 1), (3, 2))] == [6, 7, 20]
assert 20 % 6 == 2

# %% [markdown]
# ## Step 5: never sort again
#
# mlcore's engine goes one step further. Sort every column once, at the start. When a level is split, send
# the left-goers of all nodes to the front of the line, then the right-goers, each in the order in which
# they stood. What was sorted stays sorted. This is called a **stable partition**, and costs one pass:

# %%
print(inspect.getsource(AllFeatures.part))

# %% [markdown]
# (`compress` keeps the places where a mask is true; `bits` low bits of a key hold the row.) And the running
# sum, less what came before the node, is what we did by hand:

# %%
print(inspect.getsource(Scorer._left))

# %% [markdown]
# The gain is the formula above, written for any number of classes and for numbers to predict. Squaring and
# dividing in place saves making new arrays, which costs as much as the arithmetic:

# %%
print(inspect.getsource(squared_gain))


def as_dict(tree):
    """Return an mlcore tree in the form of the dicts above."""
    found, waiting = {}, [(1, 0)]
    ones = np.rint(tree.value[:, 1] * tree.n_node_samples).astype(int)
    while waiting:
        name, k = waiting.pop()
        f = int(tree.feature[k])
        leaf = f < 0
        cut = (-1, None) if leaf else (f, float(tree.threshold[k]))
        found[name] = (*cut, int(tree.n_node_samples[k]), int(ones[k]))
        if not leaf:
            waiting += [(2 * name, tree.children_left[k]), (2 * name + 1, tree.children_right[k])]
    return found


def grow_by_mlcore(X, y, max_depth=None):
    """Return mlcore's tree."""
    return DecisionTreeClassifier(max_depth=max_depth).fit(X, y).tree_


engine, seconds["mlcore"] = timed(grow_by_mlcore, X, y, repeat=5)
assert as_dict(engine) == tree
line = np.array([1.0, 1.0, 2.0])  # at risk on the left, of the left node of the six
half = squared_gain([line], np.array([1.0, 2.0, 2.5]), [np.full(3, 2.0)], np.full(3, 3.0))
assert np.isclose(2 * half[1], gains(2, 1, 3, 2))  # one line stands for both classes

# %% [markdown]
# ## Measured
#
# The same tree, five times. Times differ from machine to machine, and from run to run; the shortest of
# some runs is the fairest, for whatever else the machine does can only add to it. At this size the
# loops are already the slowest by far; for more pupils the last steps matter.

# %%
more_X, more_y, _ = pupils(2000)
larger = {}
versions = {
    "running sums": grow_by_sums,
    "all nodes of a level": grow_by_levels,
    "whole numbers": grow_by_keys,
    "mlcore": grow_by_mlcore,
}
trees = {}
for title, function in versions.items():
    trees[title], larger[title] = timed(function, more_X, more_y)
reference = trees.pop("running sums")
trees["mlcore"] = as_dict(trees["mlcore"])
assert all(found == reference for found in trees.values())

for title, took in seconds.items():
    also = f", {len(more_y)} pupils {1000 * larger[title]:.0f} ms" if title in larger else ""
    print(f"{title}: {len(y)} pupils {1000 * took:.1f} ms{also}")
figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
places = np.arange(len(seconds))
ax.barh(places - 0.2, list(seconds.values()), height=0.38, label=f"{len(y)} pupils")
ax.barh(
    places[1:] + 0.2, list(larger.values()), height=0.38, hatch="//", edgecolor="white",
    label=f"{len(more_y)} pupils (no loops: too slow)",
)  # fmt: skip
bars = np.concatenate([places - 0.2, places[1:] + 0.2])
for at, took in zip(bars, [*seconds.values(), *larger.values()], strict=True):
    ax.text(took * 1.05, at, f"{1000 * took:.0f} ms", va="center", fontsize=8)
ax.set(
    xscale="log", xlim=(1e-3, 3 * max(seconds.values())), yticks=places, yticklabels=list(seconds)
)
ax.set_xlabel("seconds for one tree (log scale: from label to label times ten)")
ax.invert_yaxis()
ax.legend(frameon=False, fontsize="small")
ax.set_title("The same tree, node for node")
assert seconds["loops over rows"] > 5 * seconds["mlcore"]
assert larger["running sums"] > 1.5 * larger["mlcore"]
assert len(more_y) > 6 * len(y)

# %% [markdown]
# ## The reference numbers
#
# All five against a tree of scikit-learn, stored in this repository: 120 rows, three columns, depth 3.

# %%
topics = json.loads((ROOT / "benchmarks/references/trees.json").read_text("utf-8"))["topics"]
entries = {entry["id"]: entry for topic in topics for entry in topic["entries"]}
stored = entries["syn_binary_120__noweight__gini__max_depth=3"]["expected"]
data = pd.read_csv(ROOT / "benchmarks/references/data/syn_binary_120.csv")
A, b = data[["x0", "x1", "x2"]].to_numpy(), data["y"].to_numpy()


def preorder(tree, name=1):
    """Return the nodes of a dict: a node, then all of its left side, then its right side."""
    below = [] if tree[name][0] < 0 else preorder(tree, 2 * name) + preorder(tree, 2 * name + 1)
    return [tree[name], *below]


for function in (grow_by_loops, grow_by_sums, grow_by_levels, grow_by_keys):
    nodes = preorder(function(A, b, 3))
    assert [node[0] for node in nodes] == stored["feature"]
    assert [node[2] for node in nodes] == stored["n"]
    assert np.allclose([node[1] for node in nodes if node[0] >= 0], stored["threshold"], atol=1e-6)
assert preorder(as_dict(grow_by_mlcore(A, b, 3))) == nodes
print(f"{len(nodes)} nodes, as scikit-learn's: columns {stored['feature']}")
assert len(nodes) == 11

# %% [markdown]
# ## What goes wrong
#
# **A cut between equal values.** Forget to bar the places where the value does not change, and a column of
# few different values looks splendid: the sort puts the pupils of one value in *some* order, and the cut
# falls where it likes. Sort the labels along, by accident or for speed, and a column that says nothing at
# all seems to know everything. No threshold can make that cut.

# %%
useless = np.zeros(len(y))  # one value: nothing can be cut
order = np.lexsort((y, useless))  # by value, and among equals by label
claimed = gains(np.arange(1, len(y)), np.cumsum(y[order])[:-1], len(y), y.sum()).max() / len(y)
impurity = 2 * y.mean() * (1 - y.mean())
print(
    f"a constant column claims a gain of {claimed:.4f}, and all there is to gain is {impurity:.4f}"
)
assert np.isclose(claimed, impurity)

# %% [markdown]
# **A middle that is no middle.** 10 and the largest float below it have no float between them: their
# middle is rounded to 10, and "at most 10" sends both left, though the gain was counted with them apart.
# Shares such as 2/3 of 15 make such twins all the time. The first draft of this page had the plain
# middle in steps 1 to 4. They agreed with each other; only mlcore's tree of the larger table was another.
# Now all take `midpoint` from mlcore, which falls back on the lower value.

# %%
low, high = np.nextafter(10.0, 0.0), 10.0
assert low < high and (low + high) / 2 == high and midpoint(low, high) == low
twins = [np.diff(np.unique(column)) for column in more_X.T]
print(f"twins in the larger table: {sum(int((gap < 1e-13).sum()) for gap in twins)}")
assert sum((gap < 1e-13).sum() for gap in twins) > 0

# %% [markdown]
# **Equal gains that are not.** Weights of pupils may be broken numbers, such as 0.1. A sum of ten times 0.1
# is not 1, and adding in another order gives other last digits. Two cuts that gain exactly the same then
# differ in the sixteenth digit, and which is taken depends on the order of the rows. mlcore adds whole
# numbers, multiples of a tiny unit, whose sums are exact in any order.

# %%
weights = np.array([0.1] * 10 + [0.2] * 5 + [0.3] * 5)
one_way, other_way = (float(np.cumsum(line)[-1]) for line in (weights, weights[::-1]))
whole, unit = fixed_point(weights)
print(f"floats: {one_way!r} and {other_way!r}")
print(f"whole numbers: {np.cumsum(whole)[-1]} and {np.cumsum(whole[::-1])[-1]}, times {unit:.0e}")
assert np.cumsum([0.1] * 10)[-1] != 1 and one_way != other_way
assert np.cumsum(whole)[-1] == np.cumsum(whole[::-1])[-1]
assert np.isclose(np.cumsum(whole)[-1] * unit, one_way, rtol=1e-14)

# %% [markdown]
# **A fast program that nobody checked.** Each version above was compared with the slow one, on data with
# ties. Keep the slow one: it is the one that is easy to believe.
#
# ## What it was worth
#
# - From loops to running sums: another algorithm, $n \log n$ for $n^2$. No compiler would have found it.
# - From nodes to levels: the same work in fewer, longer calls.
# - From floats to whole numbers, and from sorting to parting: less work for the same answer.
#
# ## Where to read on
#
# - `mlcore/tree/growth.py`, then `orders.py`, `search.py` and `ranked.py`: the engine, in four files.
# - Mehta, Agrawal & Rissanen (1996), *SLIQ: a fast scalable classifier for data mining*: one sort for each
#   column, and a level at a time.
# - `python -m benchmarks speed`: mlcore beside scikit-learn, from 300 to 100,000 rows.
#
# ## Exercise
#
# Exercise 15: the best cut of all columns, by running sums, `python -m tutorials check 15`

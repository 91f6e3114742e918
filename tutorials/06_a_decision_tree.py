# %% [markdown]
# # A decision tree from nothing
#
# A teacher asks: can the list of pupils at risk come from a few questions that I could ask aloud?
# "Was last year's score 52 or less? Then: is less than two thirds of the practice done?" A decision
# tree is such a list of questions, and a program can find good ones. This tutorial builds it, first by
# hand, then with loops, then with the function that mlcore uses. Then it shows how a tree fools you, and
# how pruning helps.

# %%
import inspect
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import mlcore
from mlcore import DecisionTreeClassifier
from mlcore.metrics import roc_auc_score
from mlcore.plot import plot_decision_regions, plot_pruning, plot_tree
from mlcore.preprocessing import SimpleImputer
from mlcore.tree import export_text, pruned_by_cross_validation, pruning_sequence
from mlcore.tree.impurity import entropy_cost, gini_cost
from mlcore.tree.pruning import node_costs, split_gains
from mlcore.tree.selection import choose
from risk.data.records import Records
from risk.features.known import school_table
from risk.school import as_of, simulate_school

ROOT = Path(mlcore.__file__).parents[1]  # of the repository, whatever folder this runs in
sys.path.insert(0, str(ROOT))
from tutorials.play import still  # noqa: E402

tables = as_of(simulate_school(n_pupils=1000, n_weeks=18, seed=0, n_futures=0), week=8)
scores = tables["quizzes"]["score"]
tables["quizzes"]["score"] = scores.where(scores <= 100)  # 999 is a slip of the keyboard: missing
table = school_table(Records(tables), week=8)
known = table.at_risk.notna().to_numpy()  # the pupils of 2024 and 2025
y = table.at_risk[known].to_numpy().astype(int)
learnt = (table.cohort[known] == 2024).to_numpy()  # 2025 is only for testing
filler = SimpleImputer(strategy="median").fit(table.features[known][learnt])
X = filler.transform(table.features[known])
names = list(table.features)
print(f"{learnt.sum()} pupils to learn from, {(~learnt).sum()} to test on, {X.shape[1]} features")

# %% [markdown]
# ## Six pupils by hand
#
# | pupil | quiz score | days absent | at risk |
# |---|---|---|---|
# | a | 90 | 1 | no |
# | b | 80 | 6 | no |
# | c | 40 | 5 | yes |
# | d | 70 | 3 | no |
# | e | 40 | 2 | yes |
# | f | 40 | 2 | no |
#
# A question has the form "is this column at most this number?". We want one after which the two sides
# are less mixed than before. How mixed a group is, we measure by **Gini's impurity**: one minus the
# sum of the squared shares. For all six, two at risk and four not:
#
# $$1 - (2/6)^2 - (4/6)^2 = 16/36 = 4/9.$$
#
# It is 0 when all are alike, and 1/2 when two classes are half and half. It is also the chance that
# two pupils, drawn one after the other from the group, ended differently.
#
# Only places between two different values matter. The quiz scores 40, 70, 80, 90 leave three: we take
# the middles 55, 75, 85. The days 1, 2, 3, 5, 6 leave four: 1.5, 2.5, 4, 5.5. Seven cuts in all.
#
# - Quiz at most 55: on the left c, e, f, two of three at risk, impurity 4/9. On the right a, b, d,
#   impurity 0. Half the pupils are left, so what is still mixed is 1/2 · 4/9 + 1/2 · 0 = 2/9. The
#   **gain** is 4/9 − 2/9 = 2/9.
# - Quiz at most 75: on the left c, d, e, f, half and half, impurity 1/2. Four of six pupils, so 1/3 is
#   still mixed, and the gain is 4/9 − 1/3 = 1/9.
# - Absent at most 2.5 days: one of three at risk on either side, as in the whole. The gain is 0.
#
# The first is the best of the seven. Now do the same on each side. The right side is pure: it is a
# **leaf**, and says "not at risk". On the left the quiz scores are all 40, so only the days can be
# cut, between 2 and 5: at most 3.5 has e and f, and more has c. And there it ends, for e and f are
# alike in everything and ended differently. No question can tell them apart; the leaf says 1 of 2.

# %%
quiz = np.array([90, 80, 40, 70, 40, 40])
absent = np.array([1, 6, 5, 3, 2, 2])
six, ended = np.column_stack([quiz, absent]).astype(float), np.array([0, 0, 1, 0, 1, 0])


def gini(labels):
    """Return 1 - sum p² of labels of 0 and 1."""
    share = sum(labels) / len(labels)
    return 1 - share**2 - (1 - share) ** 2


def cuts(x):
    """Return the middles between neighbouring different values."""
    values = sorted(set(x))
    return [(low + high) / 2 for low, high in pairwise(values)]


def gain(x, y, threshold):
    """Return how much less mixed the two sides of a cut are than the whole."""
    left = [label for value, label in zip(x, y, strict=True) if value <= threshold]
    right = [label for value, label in zip(x, y, strict=True) if value > threshold]
    return gini(y) - len(left) / len(y) * gini(left) - len(right) / len(y) * gini(right)


for column, name in enumerate(["quiz", "absent"]):
    for threshold in cuts(six[:, column]):
        print(f"{name:>6} <= {threshold:4.1f}  gain {gain(six[:, column], ended, threshold):.4f}")
assert np.isclose(gini(ended), 4 / 9)
assert cuts(quiz) == [55, 75, 85] and cuts(absent) == [1.5, 2.5, 4, 5.5]
assert np.isclose(gain(quiz, ended, 55), 2 / 9)
assert np.isclose(gain(quiz, ended, 75), 1 / 9)
assert np.isclose(gain(absent, ended, 2.5), 0)
others = [gain(x, ended, t) for x in (quiz, absent) for t in cuts(x) if t != 55]
assert len(others) == 6 and max(others) < 2 / 9

# %% [markdown]
# ## The formula
#
# A node $t$ holds $n_t$ of the $n$ pupils, and a share $p_c$ of them is of class $c$. Then
#
# $$\mathrm{gini}(t) = 1 - \sum_c p_c^2, \qquad
# \mathrm{gain} = \mathrm{gini}(t) - \frac{n_L}{n_t}\,\mathrm{gini}(L) - \frac{n_R}{n_t}\,\mathrm{gini}(R).$$
#
# Each side counts by its share of the pupils. Leave the shares out, and a cut that parts off one
# single pupil looks splendid: one side is pure.
#
# Why square the shares at all, and not just count the pupils on the wrong side? Take 800 pupils, half
# of them at risk, and two cuts. The first makes groups of (300, 100) and (100, 300). The second makes
# (200, 400) and (200, 0): one group is done with. Either way 200 of 800 are misclassified, a quarter.
# Gini prefers the second, and so would you. The curve below says why: it bends, so that two pure
# halves are worth more than two halves that are nearly so. (Entropy, the other measure in use, bends
# as well. The two seldom choose different cuts.)

# %%
first, second = np.array([[300, 100], [100, 300]]), np.array([[200, 400], [200, 0]])
for groups in (first, second):
    shares = groups.sum(axis=1) / 800
    wrong = groups.min(axis=1).sum() / 800
    mixed = sum(s * (1 - ((g / g.sum()) ** 2).sum()) for s, g in zip(shares, groups, strict=True))
    print(f"{groups.tolist()}: misclassified {wrong:.3f}, Gini {mixed:.3f}")
assert first.min(axis=1).sum() == second.min(axis=1).sum() == 200
assert np.isclose(mixed, 1 / 3)  # the second; the first keeps 0.375

p = np.linspace(0.001, 0.999, 200)
both = np.stack([p, 1 - p])  # (2, 200): a column is a node of weight 1
figure, ax = plt.subplots(figsize=(5, 2.8), layout="constrained")
ax.plot(p, gini_cost(both), label="Gini")
ax.plot(p, entropy_cost(both) / 2, "--", label="entropy / 2")
ax.plot(p, np.minimum(p, 1 - p), ":", color="black", label="share misclassified")
ax.set(xlabel="share of the node at risk", ylabel="impurity", title="Three measures of how mixed")
ax.legend(frameon=False)
assert np.isclose(gini_cost(np.array([[0.5], [0.5]])), 0.5)

# %% [markdown]
# ## The whole tree, with plain loops
#
# Try every column and every cut, keep the best, and do the same with each side. A function that calls
# itself on parts of its problem is **recursive**. It must know when to stop:
#
# - all pupils of the node ended alike; or
# - there is no cut, for all rows are the same; or
# - we allowed only so many questions in a row (`depth`).
#
# Two rules make the tree definite. A row with a value equal to the threshold goes left. And of cuts
# that gain the same the first is taken: the lowest column, then the lowest threshold. Sums of broken
# numbers are off in their last digits, so gains that differ by less than $10^{-12}$ count as the same.


# %%
class Node(NamedTuple):
    """A node: its counts, and if it is split the question and the two sides."""

    counts: tuple  # (not at risk, at risk)
    feature: int = -1  # -1: a leaf
    threshold: float = float("nan")
    left: "Node | None" = None
    right: "Node | None" = None


def best_split(X, y):
    """Return (feature, threshold, gain) of the best cut; feature -1 where there is none."""
    best = (-1, float("nan"), 0.0)
    for feature in range(X.shape[1]):
        x = X[:, feature].tolist()
        for threshold in cuts(x):
            found = gain(x, y, threshold)
            if best[0] < 0 or found > best[2] + 1e-12:
                best = (feature, threshold, found)
    return best


def grow(X, y, depth=99):
    """Return the tree of the rows X (n, d) with labels y (n,)."""
    counts = (len(y) - sum(y), sum(y))
    if depth == 0 or 0 in counts:
        return Node(counts)
    feature, threshold, _ = best_split(X, y)
    if feature < 0:
        return Node(counts)
    goes = X[:, feature] <= threshold
    left = grow(X[goes], [label for label, g in zip(y, goes, strict=True) if g], depth - 1)
    right = grow(X[~goes], [label for label, g in zip(y, goes, strict=True) if not g], depth - 1)
    return Node(counts, feature, threshold, left, right)


def share_at_risk(node, row):
    """Return what the tree says of one row: follow the answers down to a leaf."""
    while node.feature >= 0:
        node = node.left if row[node.feature] <= node.threshold else node.right
    return node.counts[1] / sum(node.counts)


by_hand = grow(six, ended.tolist())
assert by_hand == Node(
    (4, 2), 0, 55.0, Node((1, 2), 1, 3.5, Node((1, 1)), Node((0, 1))), Node((3, 0))
)
print([share_at_risk(by_hand, row) for row in six])

model = DecisionTreeClassifier().fit(six, ended)
print(export_text(model, ["quiz", "absent"]))
assert model.predict_proba(six)[:, 1].tolist() == [share_at_risk(by_hand, row) for row in six]
ax = plot_tree(None, model, feature_names=["quiz", "absent"], class_names=["all well", "at risk"])

# %% [markdown]
# The bar in a box shows the shares of the node. The answer "yes" always goes left.
#
# ## What mlcore computes
#
# mlcore looks at many nodes at once, and keeps for each class a line with its count in every node. It
# works with impurity times weight, which it calls a cost: the costs of two children simply add up.
# This is the function itself.

# %%
print(inspect.getsource(gini_cost))

# %% [markdown]
# `counts` is (k, m), a line for each of k classes and a place for each of m nodes. With
# $w = \sum_c \mathrm{count}_c$ it is
#
# $$w\,\Bigl(1 - \sum_c \frac{\mathrm{count}_c^2}{w^2}\Bigr) = w - \frac{\sum_c \mathrm{count}_c^2}{w}.$$
#
# It agrees with our loops on any labels. And the whole tree agrees, node for node, on the pupils of
# 2024: the same column, the same threshold, the same counts.

# %%
rng = np.random.default_rng(6)
for _ in range(20):
    labels = rng.integers(0, 2, rng.integers(1, 30)).tolist()
    counts = np.array([[labels.count(0)], [labels.count(1)]], dtype=float)
    assert np.isclose(gini_cost(counts)[0], len(labels) * gini(labels))


def same(node, tree, at=0):
    """Return whether our node and everything below it is mlcore's node ``at``."""
    counts = tree.value[at] * tree.n_node_samples[at]
    if not np.allclose(counts, node.counts) or (node.feature < 0) != (tree.children_left[at] < 0):
        return False
    if node.feature < 0:
        return True
    return (
        node.feature == tree.feature[at]
        and np.isclose(node.threshold, tree.threshold[at])
        and same(node.left, tree, tree.children_left[at])
        and same(node.right, tree, tree.children_right[at])
    )


few = [names.index(n) for n in ("quiz_mean", "absent_share", "completed_share", "skills_mastered")]
ours = grow(X[learnt][:, few], y[learnt].tolist(), depth=4)
theirs = DecisionTreeClassifier(max_depth=4).fit(X[learnt][:, few], y[learnt])
assert same(ours, theirs.tree_)
print(f"{theirs.tree_.node_count} nodes, all the same")

# %% [markdown]
# ## The reference numbers
#
# The authors of R's package rpart show in its manual a tree for 81 children after an operation on the
# spine; 17 of them have a deformity called kyphosis afterwards. Its first question parts them into 62,
# of whom 6 have it, and 19, of whom 11 do. They print an improvement of 6.762: the gain times the
# number of children.
#
# Two more, from numbers stored in this repository: rpart's first cut on a table of 400 rows, and the
# 13 steps by which scikit-learn prunes a tree on the same table (pruning comes below).

# %%
parent, sides = np.array([[64.0], [17.0]]), np.array([[56.0, 8.0], [6.0, 11.0]])
improvement = gini_cost(parent)[0] - gini_cost(sides).sum()
print(f"kyphosis: {improvement:.3f}, published 6.762")
assert round(improvement, 3) == 6.762 and sides.sum(axis=0).tolist() == [62, 19]


def stored(file, name):
    """Return an entry of the reference numbers."""
    topics = json.loads((ROOT / "benchmarks" / "references" / file).read_text("utf-8"))["topics"]
    return next(e["expected"] for topic in topics for e in topic["entries"] if e["id"] == name)


data = pd.read_csv(ROOT / "benchmarks/references/data/syn_binary_400.csv")
A, b = data[[f"x{i}" for i in range(6)]].to_numpy(), data["y"].to_numpy()
rpart = stored("rpart.json", "rpart__syn_binary_400_prune")
root = rpart["nodes"][0]["primary"]
tree = DecisionTreeClassifier(min_samples_leaf=7).fit(A, b).tree_
print(f"rpart: x0 at {root['cut']}, {root['improve']:.6f}; ours {400 * split_gains(tree)[0]:.6f}")
assert tree.feature[0] == 0 and np.isclose(tree.threshold[0], root["cut"])
assert np.isclose(400 * split_gains(tree)[0], root["improve"], rtol=1e-12)

sklearn = stored("pruning.json", "ccp__syn_binary_400__noweight__gini__min_samples_leaf=20")
path = DecisionTreeClassifier(min_samples_leaf=20).cost_complexity_pruning_path(A, b)
assert np.allclose(path.ccp_alphas, sklearn["ccp_alphas"], rtol=1e-12)
assert len(path.ccp_alphas) == 13

# %% [markdown]
# ## What goes wrong 1: a gain of 0 taken for the end
#
# Four pupils. Those with exactly one of two troubles are at risk; those with none have no need, and
# those with both are already helped. Neither question alone gains anything: of either answer one in
# two is at risk. This is the **exclusive or**, XOR.
#
# Many programs stop where no cut gains. They end with one leaf, and are wrong for half of the pupils.
# Split all the same, and the next questions gain everything. That is why a cut that gains 0 is a cut.

# %%
xor, answer = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
print("gains of the two cuts:", [float(gain(xor[:, j], answer, 0.5)) for j in (0, 1)])
assert [gain(xor[:, j], answer, 0.5) for j in (0, 1)] == [0, 0]
stops = DecisionTreeClassifier(min_impurity_decrease=0.01).fit(xor, answer)
goes_on = DecisionTreeClassifier().fit(xor, answer)
assert same(grow(xor, answer.tolist()), goes_on.tree_)
assert stops.get_n_leaves() == 1 and stops.score(xor, answer) == 0.5
assert goes_on.get_n_leaves() == 4 and goes_on.score(xor, answer) == 1

many = rng.uniform(0, 1, (200, 2))
checker = (many[:, 0] > 0.5) != (many[:, 1] > 0.5)
figure, axes = plt.subplots(1, 2, figsize=(7, 3.3), layout="constrained")
for ax, depth, title in zip(axes, (1, 5), ("one question", "five in a row"), strict=True):
    shown = DecisionTreeClassifier(max_depth=depth).fit(many, np.where(checker, "yes", "no"))
    plot_decision_regions(
        ax, shown, many, np.where(checker, "yes", "no"), ["x", "y"], resolution=80
    )
    ax.set_title(f"{title}: {shown.score(many, np.where(checker, 'yes', 'no')):.0%} right")

# %% [markdown]
# The lighter the ground, the less sure the leaf. With points that are not quite even the first gain
# is small, not 0, and the first cut lies nowhere in particular. Greedy search, one best question at a
# time, has no eye for what two questions do together.
#
# ## What goes wrong 2: a tree that knows everyone
#
# Let the tree ask until every leaf is pure. It then is right about all pupils it learnt from. Of new
# pupils it is wrong about more than the tree with three questions in a row. It has learnt the pupils, not
# what puts pupils at risk. This is **overfitting**.

# %%
deep = DecisionTreeClassifier().fit(X[learnt], y[learnt])
small = DecisionTreeClassifier(max_depth=3).fit(X[learnt], y[learnt])
for title, m in (("until pure", deep), ("depth 3", small)):
    auc = roc_auc_score(y[~learnt], m.predict_proba(X[~learnt])[:, 1])
    print(
        f"{title:>10}: {m.get_n_leaves():3} leaves, wrong about {1 - m.score(X[learnt], y[learnt]):.1%}"
        f" of 2024 and {1 - m.score(X[~learnt], y[~learnt]):.1%} of 2025, AUC {auc:.2f}"
    )
assert deep.score(X[learnt], y[learnt]) == 1
assert deep.score(X[~learnt], y[~learnt]) < small.score(X[~learnt], y[~learnt]) - 0.01

# %% [markdown]
# The picture has two columns only, so that it can be drawn. On the left, what a deep tree says all over
# the plane: slivers and islands round single pupils. On the right, the share misclassified at every
# depth. Move the sliders yourself: `python -m tutorials play depth`.

# %%
figure = still("depth", depth=10)

# %% [markdown]
# ## Pruning: what a leaf must save
#
# How large should the tree be? Stopping early is a poor answer: XOR showed that a weak question can lead
# to strong ones. So grow it in full, and cut back. Ask of every question what it saves, and at which
# price a leaf it is not worth it.
#
# As a leaf, node $t$ would cost $R(t) = \frac{n_t}{n}\,\mathrm{gini}(t)$. As it is, it costs $R(T_t)$, the
# sum of $R$ over the leaves below it. Cutting there takes away all those leaves but one. So each leaf
# saves
#
# $$\alpha(t) = \frac{R(t) - R(T_t)}{\text{leaves below } t - 1}.$$
#
# The node of the least $\alpha$ is the **weakest link**, and is cut first. Then look again, and so on to
# the root. This gives a row of trees, each inside the one before, and it can be shown that for any price
# $\alpha$ the tree with the least $R(T) + \alpha \cdot \text{leaves}$ is among them.
#
# The six pupils: the lower question saves 1/2 · 4/9 − 1/3 · 1/2 = 1/18, for one leaf. The root saves
# 4/9 − 1/6 = 5/18 for two leaves, 5/36 each. So the lower one goes first, at 1/18 (0.056). What is left
# is the root with two leaves: it saves 4/9 − 2/9 = 2/9 for one, and goes at 2/9 (0.222).


# %%
def cost(node, n):
    """Return R(t)."""
    labels = [0] * node.counts[0] + [1] * node.counts[1]
    return len(labels) / n * gini(labels)


def leaves_of(node):
    """Return the leaves below a node, or the node itself if it is one."""
    return [node] if node.feature < 0 else leaves_of(node.left) + leaves_of(node.right)


def splits_of(node):
    """Return the nodes that are split: each before those below it, left before right."""
    return [] if node.feature < 0 else [node, *splits_of(node.left), *splits_of(node.right)]


def alpha(node, n):
    """Return what each leaf below a node saves."""
    below = leaves_of(node)
    return (cost(node, n) - sum(cost(leaf, n) for leaf in below)) / (len(below) - 1)


def without(node, gone):
    """Return the tree with one of its nodes made a leaf."""
    if node is gone:
        return Node(node.counts)
    if node.feature < 0:
        return node
    return node._replace(left=without(node.left, gone), right=without(node.right, gone))


def prune(tree):
    """Return the alpha of the weakest link (of equals the first), and the tree without it."""
    n, best = sum(tree.counts), (float("inf"), tree)
    for node in splits_of(tree):
        found = alpha(node, n)
        if found < best[0] - 1e-12:
            best = (found, node)
    return best[0], without(tree, best[1])


assert np.isclose(alpha(by_hand.left, 6), 1 / 18) and np.isclose(alpha(by_hand, 6), 5 / 36)
steps, smaller = [], by_hand
while smaller.feature >= 0:
    price, smaller = prune(smaller)
    steps.append((round(price, 3), len(leaves_of(smaller))))
print("six pupils:", steps)
assert steps == [(0.056, 2), (0.222, 1)]

sequence = pruning_sequence(model.tree_)  # mlcore's, of the same tree
assert np.allclose(sequence.ccp_alphas, [0, 1 / 18, 2 / 9])
assert sequence.n_leaves.tolist() == [3, 2, 1]
assert np.isclose(node_costs(model.tree_)[0], cost(by_hand, 6))

prices, smaller = [0.0], ours  # and of the tree on the school's data
while smaller.feature >= 0:
    price, smaller = prune(smaller)
    prices.append(price)
assert np.allclose(prices, pruning_sequence(theirs.tree_).ccp_alphas)

# %% [markdown]
# mlcore finds the whole row of trees in one walk from the leaves up. What a question saves by itself it
# takes from this function; the weakest links come from joining a question to stronger ones below it (see
# `mlcore/tree/pruning.py`, which says why that is the same).

# %%
print(inspect.getsource(split_gains))
figure, ax = plt.subplots(figsize=(5, 2.8), layout="constrained")
price = np.linspace(0, 0.3, 50)
for left, impurity, style in zip(
    sequence.n_leaves, sequence.impurities, ("-", "--", ":"), strict=True
):
    ax.plot(
        price, impurity + left * price, style, label=f"{left} leaves" if left > 1 else "root alone"
    )
for at in sequence.ccp_alphas[1:]:
    ax.axvline(at, color="0.7", linewidth=0.8)
ax.set(xlabel="price of a leaf, alpha", ylabel="R(T) + alpha · leaves")
ax.set_title("Six pupils: the lowest line changes at 1/18 and at 2/9")
ax.legend(frameon=False)
at_seam = sequence.impurities + sequence.n_leaves / 18
assert np.isclose(at_seam[0], at_seam[1]) and at_seam[1] < at_seam[2]

# %% [markdown]
# ## Which price? Cross-validation and one standard error
#
# On the pupils it learnt from, the largest tree is always best. So deal the pupils of 2024 into ten
# **folds**. Grow a tree on nine, prune it at every price, and count its mistakes on the tenth, which it
# never saw; then the next nine. Every pupil is judged once by a tree that did not know it.
#
# The error found is itself uncertain. If a share $e$ of $n$ pupils is misclassified, its standard error is
# $\sqrt{e(1-e)/n}$. Many sizes are within it of the best, and which of them comes out best is luck. The
# **1-SE rule** takes the smallest tree whose error is at most the least error plus one standard error.

# %%
print(inspect.getsource(choose))

# %% [markdown]
# rpart's own table for the 400 rows, stored here: errors of trees of 1 to 15 leaves as shares of the
# root's. The least is 0.422, with a standard error of 0.041, so up to 0.463 will do. The tree with
# 4 leaves has 0.442 and is the smallest that does.

# %%
rows = rpart["cptable"][::-1]  # from the whole tree to the root
xerror, xstd = (np.array([row[key] for row in rows]) for key in ("xerror", "xstd"))
best, chosen = choose(xerror, xstd, "1se")
print(f"best {rows[best]['nsplit'] + 1:.0f} leaves, chosen {rows[chosen]['nsplit'] + 1:.0f} leaves")
assert rows[0]["nsplit"] + 1 == 15 and rows[-1]["nsplit"] + 1 == 1
assert rows[chosen]["nsplit"] + 1 == 4
assert round(xerror[best], 3) == 0.422 and round(xstd[best], 3) == 0.041
assert round(xerror[best] + xstd[best], 3) == 0.463 and round(xerror[chosen], 3) == 0.442

# %% [markdown]
# And for the school. The largest tree has 105 leaves; the rule keeps 5, four questions that can be read
# aloud. (`ccp_alpha`, at the top of the picture, is scikit-learn's name for the price of a leaf.)

# %%
result = pruned_by_cross_validation(
    DecisionTreeClassifier(), X[learnt], y[learnt], cv=10, random_state=0
)
figure, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
plot_pruning(ax, result)
pruned = result.estimator
print(export_text(pruned, names, decimals=1))
e, n = result.cv_error[result.best], learnt.sum()
assert np.isclose(result.cv_std[result.best], np.sqrt(e * (1 - e) / n))
assert deep.get_n_leaves() == 105 and pruned.get_n_leaves() == 5
assert result.train_error[0] == 0 and result.cv_error[0] > result.cv_error[result.chosen]

# %% [markdown]
# On the pupils of 2025, whom nothing here has seen, the small tree is wrong less often than the full one,
# and ranks them better.

# %%
auc = {
    title: roc_auc_score(y[~learnt], m.predict_proba(X[~learnt])[:, 1])
    for title, m in (("full", deep), ("pruned", pruned))
}
wrong = {
    title: 1 - m.score(X[~learnt], y[~learnt]) for title, m in (("full", deep), ("pruned", pruned))
}
for title in auc:
    print(f"{title:>7}: wrong about {wrong[title]:.1%} of 2025, AUC {auc[title]:.2f}")
assert wrong["pruned"] < wrong["full"] and auc["pruned"] > auc["full"] + 0.03
ax = plot_tree(None, pruned, feature_names=names, class_names=["all well", "at risk"], decimals=1)

# %% [markdown]
# ## What goes wrong 3: too few pupils for the rule
#
# Take every third pupil of 2024. Cross-validation is best with several leaves, but the 1-SE rule goes
# back to the root alone: a tree that finds nobody. "Nobody is at risk" is wrong for one
# pupil in six only, and with 323 pupils the standard error is larger than what the questions save. An error
# rate is a blunt measure of a list of pupils (tutorial 0). Look at the picture before you trust the rule;
# `rule="min"` takes the least error.

# %%
third = X[learnt][::3], y[learnt][::3]
careful = pruned_by_cross_validation(DecisionTreeClassifier(), *third, random_state=0)
bold = pruned_by_cross_validation(DecisionTreeClassifier(), *third, rule="min", random_state=0)
print(f"1se: {careful.estimator.get_n_leaves()} leaf, min: {bold.estimator.get_n_leaves()} leaves")
assert len(third[1]) == 323 and abs(third[1].mean() - 1 / 6) < 0.02
assert careful.estimator.get_n_leaves() == 1 and bold.estimator.get_n_leaves() > 1
assert careful.cv_std[careful.best] > careful.cv_error[-1] - careful.cv_error[careful.best]

# %% [markdown]
# ## What a tree is not
#
# - It is not stable. Leave out some pupils, and other questions may come first. A forest averages many
#   trees for that reason (tutorial 8).
# - Its steps are coarse: a tree of four leaves gives four different risks.
# - Its questions are no causes. "Few answers right" tells who is at risk, not why.
#
# ## Where to read on
#
# - Breiman, Friedman, Olshen & Stone (1984), *Classification and Regression Trees*, chapters 2 to 4; the
#   1-SE rule is in section 3.4.
# - Hastie, Tibshirani & Friedman (2009), *The Elements of Statistical Learning*, section 9.2, which has the
#   example of the 800.
# - Therneau & Atkinson, *An introduction to recursive partitioning using the rpart routines*: kyphosis.
# - `mlcore/tree/pruning.py` and `mlcore/tree/selection.py`; missing values in `mlcore/tree/surrogates.py`.
#
# ## Exercises
#
# - Exercise 13: gini, `python -m tutorials check 13`
# - Exercise 14: the best cut by a loop, `python -m tutorials check 14`
# - Exercise 16: a whole tree, `python -m tutorials check 16` (15 comes with tutorial 7)
# - Exercise 17: the weakest link, `python -m tutorials check 17`

# %% [markdown]
# # Forests: many trees that disagree
#
# A school asks a tree in week 8 which pupils will end the year at risk. Then it asks a second tree,
# grown on other pupils of the same year. How often do the two say the same of a pupil? If they often
# differ, the answer is luck. This tutorial makes it steadier: grow many trees, each on a sample of its
# own, and take the mean of what they say. That is a random forest.

# %%
import inspect
import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import mlcore
from mlcore import DecisionTreeClassifier, RandomForestClassifier
from mlcore.forest.bagging import draw_bag, tree_generator
from mlcore.forest.out_of_bag import out_of_bag_error_curve
from mlcore.plot import plot_importances
from mlcore.plot.style import COLOURS
from risk.features.known import build_features
from risk.school import simulate_school

ROOT = Path(mlcore.__file__).parent.parent  # of the repository
sys.path.append(str(ROOT))  # so that this runs from any folder
from tutorials.play import still  # noqa: E402

BLUE, ORANGE, GREEN = COLOURS[0], COLOURS[5], COLOURS[2]

plt.rcParams["figure.dpi"] = 90

school = simulate_school(n_pupils=5000, n_weeks=8, seed=1, n_years=1, n_futures=0)
features = build_features(school.tables, week=8)
at_risk = school.truth["pupils"].set_index("pupil").loc[features.index, "at_risk"] == "yes"
order = np.random.default_rng(0).permutation(len(features))  # mix the schools
features, y = features.fillna(features.median()).iloc[order], at_risk.to_numpy().astype(int)[order]
X = features.to_numpy()
print(f"{len(y)} pupils, {X.shape[1]} columns, {y.mean():.0%} end at risk")

# %% [markdown]
# The tutorial learns from a few hundred of these pupils. The rest are far more than a real school has;
# they let us measure errors on new pupils almost exactly.
#
# Two trees, each grown on 300 pupils, disagree about one new pupil in five. A forest of 100 trees on
# each of the same halves: the two forests disagree about one in thirteen, and both are right more
# often than either tree.

# %%
halves, new = (slice(0, 300), slice(300, 600)), slice(2000, None)
trees = [DecisionTreeClassifier().fit(X[half], y[half]) for half in halves]
forests = [RandomForestClassifier(100, random_state=0).fit(X[half], y[half]) for half in halves]
disagree = {}
for name, pair in (("trees", trees), ("forests", forests)):
    said = [model.predict(X[new]) for model in pair]
    disagree[name] = (said[0] != said[1]).mean()
    right = ", ".join(f"{(one == y[new]).mean():.1%}" for one in said)
    print(f"two {name}: they disagree about {disagree[name]:.1%}; right of {right}")

assert abs(disagree["trees"] - 1 / 5) < 0.01
assert abs(disagree["forests"] - 1 / 13) < 0.005
assert min(m.score(X[new], y[new]) for m in forests) > max(m.score(X[new], y[new]) for m in trees)

# %% [markdown]
# ## Six pupils by hand: bags
#
# Where would a hundred trees get different pupils from? There is only one set of pupils. So we draw
# from it, **with replacement**: a pupil who was drawn goes back and may be drawn again. Such a sample
# is called a **bootstrap sample**, or a **bag**. With six pupils a die does it. In a computer, take a
# random number $u$ from 0 to 1 and go down to the whole number below $6u$: that is a die with the
# faces 0 to 5.
#
# | pupil | a | b | c | d | e | f |
# |---|---|---|---|---|---|---|
# | quiz mean | 30 | 40 | 50 | 60 | 70 | 80 |
# | at risk | 1 | 1 | 0 | 1 | 0 | 0 |
#
# | bag | drawn | how often: a b c d e f | out of the bag |
# |---|---|---|---|
# | 1 | b e a d d f | 1 1 0 2 1 1 | c |
# | 2 | a a c c e f | 2 0 2 0 1 1 | b, d |
# | 3 | b c c d f b | 0 2 2 1 0 1 | a, e |
#
# A pupil drawn twice counts twice, exactly as a weight of 2 does. Now grow a tree with one question on
# each bag (the best question is found as in tutorial 6):
#
# | bag | question | left says | right says |
# |---|---|---|---|
# | 1 | quiz mean up to 65? | 1 | 0 |
# | 2 | quiz mean up to 40? | 1 | 0 |
# | 3 | quiz mean up to 45? | 1 | 1/4 |
#
# In bag 3 the right side holds c twice, d and f: one of four is at risk. The forest's answer is the
# mean of the three: for c it is (1 + 0 + 1/4) / 3 = 5/12, below one half, so "not at risk".

# %%
quiz, risk = np.array([[30.0], [40], [50], [60], [70], [80]]), np.array([1, 1, 0, 1, 0, 0])
drawn = [[1, 4, 0, 3, 3, 5], [0, 0, 2, 2, 4, 5], [1, 2, 2, 3, 5, 1]]
six_bags = np.array([np.bincount(rows, minlength=6) for rows in drawn])
assert six_bags.tolist() == [[1, 1, 0, 2, 1, 1], [2, 0, 2, 0, 1, 1], [0, 2, 2, 1, 0, 1]]
stumps = [
    DecisionTreeClassifier(max_depth=1).fit(quiz, risk, sample_weight=bag) for bag in six_bags
]
six_votes = np.array([stump.predict_proba(quiz)[:, 1] for stump in stumps])
assert [stump.tree_.threshold[0] for stump in stumps] == [65, 40, 45]
assert six_votes[:, 2].tolist() == [1, 0, 1 / 4] and np.isclose(six_votes[:, 2].mean(), 5 / 12)
assert np.floor(6 * np.array([0.2, 0.7, 0.1, 0.5, 0.55, 0.9])).tolist() == [1, 4, 0, 3, 3, 5]
print(six_votes)

# %% [markdown]
# ## What a bag leaves out
#
# The chance that one draw misses a given pupil is $1 - 1/n$, so that $n$ draws all miss with chance
#
# $$\Big(1 - \frac 1 n\Big)^n \;\to\; e^{-1} = 0.368 .$$
#
# A tree has seen about 63 % of the pupils. The other 37 % are as new to it as a test set.

# %%
for n in (6, 60, 600):
    print(f"{n} pupils: left out {(1 - 1 / n) ** n:.3f}")
assert round((1 - 1 / 600) ** 600, 3) == round(np.exp(-1), 3) == 0.368

# %% [markdown]
# ## A forest, slowly
#
# The naive code does what we did by hand. Each tree has a random generator of its own, so that tree 7
# is the same whether it is grown first or last.


# %%
def slow_bag(n, generator):
    """Return how often each of n rows is drawn, by n draws with replacement."""
    bag = [0] * n
    for row in generator.integers(0, n, n):
        bag[row] += 1
    return np.array(bag)


def slow_forest(X, y, t, seed):
    """Return t pairs of a bag and the tree grown on it."""
    found = []
    for number in range(t):
        bag = slow_bag(len(y), tree_generator(seed, number))
        tree = DecisionTreeClassifier(min_samples_leaf=20).fit(X, y, sample_weight=bag)
        found.append((bag, tree))
    return found


column = X[:600, [features.columns.get_loc("quiz_mean")]]
grown = slow_forest(column, y[:600], t=30, seed=0)
curves = np.array([tree.predict_proba(column)[:, 1] for _, tree in grown])

# %% [markdown]
# In `mlcore` a bag is drawn by this function, and a forest grows many trees in one pass. The bags are
# the same, and on one column so are the trees. (On several columns two cuts are often equally good. A
# single tree takes the first column; a forest draws lots, so that no column is favoured.)

# %%
print(inspect.getsource(draw_bag))
forest = RandomForestClassifier(30, min_samples_leaf=20, random_state=0).fit(column, y[:600])
assert np.array_equal(forest.bags(), [bag for bag, _ in grown])
assert np.allclose(forest.predict_proba(column)[:, 1], curves.mean(axis=0), atol=1e-12)
left_out = (forest.bags() == 0).mean()
print(f"left out of a bag: {left_out:.3f}")
assert abs(left_out - 0.368) < 0.01

# %%
figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
place = np.linspace(20, 100, 400)[:, None]
single = np.array([tree.predict_proba(place)[:, 1] for _, tree in grown])
ax.plot(place, single[:10].T, color="0.7", linewidth=0.6)
ax.plot(place, single[0], color=ORANGE, linewidth=1.2, label="one tree")
ax.plot(place, single.mean(axis=0), color=BLUE, linewidth=2.2, label="the mean of 30 trees")
ax.set(xlabel="Mean quiz score (points)", ylabel="Says: chance of being at risk")
ax.set_title("One tree jumps, the mean of many slopes (grey: ten of the trees)", fontsize=11)
ax.legend(frameon=False)
jump = [np.abs(np.diff(said)).max() for said in (single[0], single.mean(axis=0))]
print(f"the largest jump: one tree {jump[0]:.2f}, the mean of 30 trees {jump[1]:.2f}")
assert jump[1] < jump[0] / 2

# %% [markdown]
# ## Why trees must differ: the formula
#
# What a tree says of a given pupil depends on luck: on which pupils it was grown. Call the variance of
# that answer $\sigma^2$. Two trees of the same forest are somewhat alike; call the correlation of
# their answers $\rho$. The mean of $t$ trees then has the variance
#
# $$\operatorname{Var}\Big(\frac 1 t \sum_{i=1}^t T_i\Big)
#   = \frac{1}{t^2}\Big(t\,\sigma^2 + t(t-1)\,\rho\sigma^2\Big)
#   = \rho\,\sigma^2 + \frac{1-\rho}{t}\,\sigma^2 .$$
#
# There are $t$ variances and $t(t-1)$ covariances in the square of the sum; that is all of the proof.
# Here $T_i$ is what tree $i$ says. (The correlation is 1 where two trees always say the same, and 0
# where what one says tells nothing of the other; correlation times $\sigma^2$ is the covariance.)
# The second part goes to 0 with many trees. The first part stays, however many there are. So a forest
# must make its trees **less alike**: at every node a tree may only choose among a few columns, drawn
# anew (`max_features`; by default $\sqrt d$ of the $d$ columns). Each tree is a bit worse, and $\rho$
# is much smaller.
#
# Here is the check. Forty samples of 100 pupils; on each a forest of 25 trees, once with all 25
# columns at every node, once with 5, once with 1; what the 1,000 trees say of 833 new pupils. ($\rho$
# comes from all 25 trees, so the last column must agree; the others are the check.)

# %%
SAMPLES, T = 40, 25
judged = slice(4000, None)  # not among the forty samples
assert len(y[judged]) == 833
counts = (1, 5, 10, 25)
print("columns  sigma²   rho    " + "".join(f"t = {t:<10}" for t in counts) + "error of 25 trees")
measured, formula, error, alike = {}, {}, {}, {}
for drawn_columns in (25, 5, 1):
    V = []  # what each tree says, (samples, trees, pupils)
    for r in range(SAMPLES):
        rows = slice(100 * r, 100 * (r + 1))
        one = RandomForestClassifier(T, max_features=drawn_columns, random_state=r).fit(
            X[rows], y[rows]
        )
        leaf = one.apply(X[judged]).T
        V.append([tree.value[at, 1] for tree, at in zip(one.trees_, leaf, strict=True)])
    V = np.array(V)
    away = V - V.mean(axis=(0, 1))
    variance = (away**2).mean()
    pairs = (away.sum(axis=1) ** 2 - (away**2).sum(axis=1)).mean() / (T * (T - 1))
    rho = alike[drawn_columns] = pairs / variance
    groups = {
        t: V.reshape(SAMPLES, T // t, t, -1) if T % t == 0 else V[:, None, :t] for t in counts
    }
    measured[drawn_columns] = [groups[t].mean(axis=2).var(axis=0).mean() for t in counts]
    formula[drawn_columns] = [rho * variance + (1 - rho) * variance / t for t in counts]
    error[drawn_columns] = ((V.mean(axis=1) > 0.5) != y[judged]).mean()
    both = zip(measured[drawn_columns], formula[drawn_columns], strict=True)
    cells = "".join(f"{m:.4f}/{f:.4f} " for m, f in both)
    print(f"{drawn_columns:7} {variance:7.3f} {rho:6.3f}   {cells} {error[drawn_columns]:.1%}")
    assert np.allclose(measured[drawn_columns], formula[drawn_columns], rtol=0.1)
print("(measured/formula)")
assert [round(rho, 2) for rho in alike.values()] == [0.14, 0.05, 0.03]

# %% [markdown]
# Measured and formula agree within a tenth. With all columns at every node the correlation is 0.14,
# with five it is 0.05, with one 0.03. The forest with five columns is the best: with one, the trees
# are the least alike, but each is too weak, as it must often ask about a column that tells nothing.

# %%
figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
many = np.arange(1, 41)
for drawn_columns, color, mark in ((25, ORANGE, "^"), (5, BLUE, "o")):
    first, last = formula[drawn_columns][0], formula[drawn_columns][-1]
    floor = (last - first / T) / (1 - 1 / T)  # rho sigma²
    ax.plot(
        many, floor + (first - floor) / many, color=color, label=f"{drawn_columns} columns: formula"
    )
    ax.plot(
        counts,
        measured[drawn_columns],
        mark,
        color=color,
        label=f"{drawn_columns} columns: measured",
    )
    ax.axhline(floor, color=color, linewidth=0.8, linestyle=":")
    ax.text(0.4, floor + 0.001, "floor $\\rho\\sigma^2$", color=color, fontsize=9)
ax.set(xlabel="Trees", ylabel="Variance of the forest's answer", ylim=(0, 0.12), xlim=(0, 40))
ax.set_title(
    "The mean gets steadier, down to a floor that only unlike trees can lower", fontsize=11
)
ax.legend(frameon=False, ncols=2)
assert error[5] < error[1] and error[5] < error[25]

# %% [markdown]
# ## Out of bag: a test set for nothing
#
# Every pupil was left out by about 37 % of the trees. Ask only those, and the answer is as honest as
# on a test set. No pupil has to be kept back. By hand, for the six pupils: a was left out by tree 3,
# which says 1; b by tree 2, which says 1; c by tree 1: 1; d by tree 2: 0; e by tree 3: 1/4, so 0.
# Nobody left out f, so f is not judged. Wrong are c and d: the **out-of-bag error** is 2/5. If all
# three trees are asked, only d is wrong: 1/6. That is too good, for they know the pupils by heart.


# %%
def slow_out_of_bag(votes, bags, y):
    """Return the share of wrong rows, each judged by the mean vote of the trees that left it out."""
    wrong = judged = 0
    for row in range(len(y)):
        mine = [votes[tree][row] for tree in range(len(votes)) if bags[tree][row] == 0]
        if mine:
            judged += 1
            says = 1 if sum(mine) / len(mine) > 0.5 else 0  # at 1/2 the lower class
            wrong += says != y[row]
    return wrong / judged


assert slow_out_of_bag(six_votes, six_bags, risk) == 2 / 5
assert ((six_votes.mean(axis=0) > 0.5) != risk).mean() == 1 / 6

# %% [markdown]
# In `mlcore` the error after each tree comes from running sums; each tree adds its part once.

# %%
print(inspect.getsource(out_of_bag_error_curve))

known = slice(0, 600)
forest = RandomForestClassifier(200, random_state=0).fit(X[known], y[known])
votes = np.array([tree.predict_proba(X[known])[:, 1] for tree in forest.estimators_])
out_of_bag = forest.out_of_bag_errors(X[known], y[known])
assert out_of_bag[-1] == slow_out_of_bag(votes, forest.bags(), y[known])

leaf = forest.apply(X[new]).T
said = np.array([tree.value[at, 1] for tree, at in zip(forest.trees_, leaf, strict=True)])
number = np.arange(1, 201)[:, None]
on_new = ((np.cumsum(said, axis=0) / number > 0.5) != y[new]).mean(axis=1)
on_own = ((np.cumsum(votes, axis=0) / number > 0.5) != y[known]).mean(axis=1)
print(
    f"200 trees: out of bag {out_of_bag[-1]:.1%}, new pupils {on_new[-1]:.1%}, own {on_own[-1]:.1%}"
)
assert round(100 * out_of_bag[-1], 1) == round(100 * on_new[-1], 1) == 12.7
assert on_own[-1] == 0

# %% [markdown]
# Out of bag and on new pupils the error is the same, 12.7 %. On the pupils that it has seen it is 0,
# which says nothing: the majority of trees has each pupil in its bag, and remembers the outcome.

# %%
figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
for name, curve, color, dash in (
    ("new pupils", on_new, ORANGE, "-"),
    ("out of bag", out_of_bag, BLUE, "--"),
    ("the pupils it has seen", on_own, "0.5", ":"),
):
    ax.plot(number[:, 0], 100 * curve, dash, color=color, label=name)
ax.set(xlabel="Trees", ylabel="Wrong (%)", ylim=(0, 25), xlim=(1, 200))
ax.set_title("Out of bag follows the error on new pupils", fontsize=11)
legend = ax.legend(frameon=False)

# %% [markdown]
# ## The reference number
#
# `benchmarks/references/forests.json` holds what 50 forests of scikit-learn gave on the breast cancer
# data of Wisconsin: a mean out-of-bag error of 4.15 %, with a standard deviation of 0.52 points from
# seed to seed. Forests cannot share random numbers, so we compare means: ten of ours against those
# fifty.

# %%
stored = json.loads((ROOT / "benchmarks/references/forests.json").read_text("utf-8"))
entry = stored["topics"][0]["entries"][0]
reference = entry["expected"]["sklearn"]["stats"]["oob_error"]
table = np.genfromtxt(
    ROOT / "benchmarks/references" / entry["dataset"]["file"], delimiter=",", names=True
)
kept = np.setdiff1d(np.arange(len(table)), entry["dataset"]["test_index0"])
cells = np.column_stack([table[name] for name in entry["dataset"]["features"]])[kept]
sick = table["target"][kept].astype(int)
ours = [
    1
    - RandomForestClassifier(100, max_features=5, oob_score=True, random_state=s)
    .fit(cells, sick)
    .oob_score_
    for s in range(10)
]
spread = reference["sd"] * np.sqrt(1 / 10 + 1 / 50)
print(
    f"ours {np.mean(ours):.2%}, scikit-learn's {reference['mean']:.2%}, a difference within {2 * spread:.2%}"
)
assert round(100 * reference["mean"], 2) == 4.15 and round(100 * reference["sd"], 2) == 0.52
assert abs(np.mean(ours) - reference["mean"]) < 2 * spread

# %% [markdown]
# ## What goes wrong: copies
#
# One pupil in five is at risk. A famous recipe balances the classes: copy the rows of the rare class
# until there are as many of them as of the others. Then look at the out-of-bag error: below 4 %! But
# on new pupils the error is 13 %, no better than before. A copied pupil is out of the bag, while its
# twin is in it. The trees know the outcome, and out of bag they are asked about pupils they have seen.

# %%
rare = np.flatnonzero(y[known] == 1)
copies = np.random.default_rng(0).choice(rare, 600 - 2 * len(rare))
rows = np.concatenate([np.arange(600), copies])
copied = RandomForestClassifier(200, random_state=0).fit(X[rows], y[rows])
fooled, true = copied.out_of_bag_errors(X[rows], y[rows])[-1], 1 - copied.score(X[new], y[new])
print(f"with copies: out of bag {fooled:.1%}, new pupils {true:.1%}")
assert y[rows].mean() == 0.5
assert fooled < 0.04 and round(100 * true) == 13 and true > on_new[-1]

# %% [markdown]
# The same happens without copying where rows are twins by nature: several rows of the same pupil, or
# pupils of one class who share a teacher. Out of bag speaks of rows like those that the forest has.
# Next year's pupils are another matter (tutorial 9). To balance classes, use weights:
# `class_weight="balanced"`.
#
# ## Importances, and why they favour columns of many values
#
# How much does a forest need a column? The quick answer adds up by how much the splits on that column
# lowered the impurity. It is counted on the very rows that the tree grew on. There a column of pure
# noise also gains something: among many cuts, one always looks good by luck. A column of 600 different
# values offers up to 599 cuts, a coin only one. Strobl and others showed in 2007 what follows. Let us
# add to six columns of the school three of pure noise: a number drawn by lot for each pupil, a second
# such number with decimals, and a coin.

# %%
rng = np.random.default_rng(0)
real = [
    "quiz_mean",
    "completed_share",
    "absent_share",
    "weeks_little",
    "skill_gaps",
    "quizzes_missed",
]
with_noise = features.iloc[known][real].assign(
    **{
        "noise: pupil number": rng.permutation(600),
        "noise: decimals": rng.normal(size=600),
        "noise: coin": rng.integers(0, 2, 600),
    }
)
forest = RandomForestClassifier(200, random_state=0).fit(with_noise, y[known])
impurity = forest.feature_importances_
shuffled = forest.permutation_importances(with_noise, y[known], random_state=0)
print(f"{'':22}{'values':>8}{'impurity':>10}{'out of bag':>12}")
for name, by_impurity, by_shuffling in zip(
    with_noise, impurity, shuffled.importances_mean, strict=True
):
    print(f"{name:22}{with_noise[name].nunique():8}{by_impurity:10.3f}{by_shuffling:12.4f}")

# %% [markdown]
# The honest answer: take the rows out of a tree's bag, shuffle the column among them, and see how many
# more of them the tree gets wrong. On rows it has not seen, noise gains nothing on average. (Tutorial
# 10 does the same for any model.)

# %%
figure, axes = plt.subplots(1, 2, figsize=(7.5, 3.5), layout="constrained")
for ax, importances, title in (
    (axes[0], impurity, "By impurity: noise looks good"),
    (axes[1], shuffled.importances_mean, "Out of bag: noise is worth nothing"),
):
    plot_importances(ax, importances, with_noise)
    ax.set_title(title, fontsize=11)
axes[0].set_xlabel("Share of the impurity removed")
axes[1].set_xlabel("More wrong, once shuffled (share)")

worth = dict(zip(with_noise, zip(impurity, shuffled.importances_mean, strict=True), strict=True))
for noise in ("noise: pupil number", "noise: decimals"):
    for column_name in ("absent_share", "weeks_little", "quizzes_missed"):
        assert worth[noise][0] > worth[column_name][0]
        assert worth[noise][1] < worth[column_name][1]
assert worth["noise: pupil number"][0] > 4 * worth["noise: coin"][0]
assert all(abs(worth[name][1]) < 0.003 for name in worth if name.startswith("noise"))

# %% [markdown]
# By impurity a number drawn by lot beats the days absent. Out of bag all noise is within 0.003 of
# nothing.
#
# ## How many trees?
#
# More trees never make a forest overfit: by the formula they only take away the part that shrinks like
# $1/t$. So the question is when to stop paying for it. The error is soon flat, but a pupil's risk
# keeps wobbling from seed to seed. Its standard deviation falls like $1/\sqrt t$: with a hundred trees
# it is about a third of what it is with ten, as $\sqrt{10} = 3.2$.

# %%
risks = {t: [] for t in (10, 100)}
for seed in range(10):
    forest = RandomForestClassifier(100, random_state=seed).fit(X[known], y[known])
    for t, found in risks.items():
        leaf = forest.apply(X[new])[:, :t].T
        found.append(
            np.mean([tree.value[at, 1] for tree, at in zip(forest.trees_, leaf, strict=False)], 0)
        )
wobble = {t: np.std(found, axis=0, ddof=1).mean() for t, found in risks.items()}
print(
    {
        t: f"a pupil's risk moves by {100 * w:.1f} points from seed to seed"
        for t, w in wobble.items()
    }
)
assert abs(wobble[10] / wobble[100] - np.sqrt(10)) < 0.3

# %% [markdown]
# Move the sliders yourself with `python -m tutorials play trees`. Two columns, so that the forest can
# be drawn: one tree cuts the plane into sharp pieces, many trees make a slope.

# %%
figure = still("trees", trees=1)
figure.set_dpi(85)
# %%
figure = still("trees", trees=100)
figure.set_dpi(85)

# %% [markdown]
# ## Where to read on
#
# - L. Breiman (2001), *Random Forests*, Machine Learning 45. Short, and everything above is in it.
# - T. Hastie, R. Tibshirani, J. Friedman, *The Elements of Statistical Learning*, chapter 15; the
#   formula is (15.1).
# - C. Strobl and others (2007), *Bias in random forest variable importance measures*, BMC
#   Bioinformatics 8.
# - P. Probst, A.-L. Boulesteix (2018), *To tune or not to tune the number of trees in random forest*,
#   JMLR 18.
#
# Exercise 19: draw a bootstrap sample, `python -m tutorials check 19`. Exercise 20: judge a forest by
# the rows its trees left out, `python -m tutorials check 20`.

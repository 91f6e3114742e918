# %% [markdown]
# # What the model sees
#
# A model says that a pupil will probably end the year at risk. The teacher asks: why? And the head
# asks: what does this model look at, all in all? These are different questions, and each has its own
# tool.
#
# | question | tool |
# |---|---|
# | What does a linear model do with a column? | coefficient, odds ratio |
# | How did a tree come to this answer? | the path of the row |
# | Which columns does the model rest on? | permutation importance |
# | What moved this one prediction? | Shapley values (SHAP) |
# | How does the answer change along a column? | partial dependence, and its single curves (ICE) |
#
# All of them speak of the model. None of them speaks of causes; the last section shows how that goes
# wrong.

# %%
import inspect
import json
from itertools import combinations, permutations
from math import factorial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import mlcore
from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    LogisticRegression,
    RandomForestClassifier,
    explain,
    infer,
)
from mlcore.inspection import (
    dependence,
    linear_shap,
    partial_dependence,
    permutation_importance,
    tree_shap,
)
from mlcore.metrics import roc_auc_score
from mlcore.plot import plot_partial_dependence, plot_shap_waterfall, plot_tree
from mlcore.plot.style import COLOURS
from risk.features.known import build_features
from risk.school import simulate_school

ROOT = Path(mlcore.__file__).parent.parent  # of the repository
BLUE, ORANGE, GREY = COLOURS[0], COLOURS[5], "0.6"
plt.rcParams["figure.dpi"] = 90

COLUMNS = ["prior_score", "quiz_mean", "completed_share", "absent_share", "correct_share"]
school = simulate_school(n_pupils=2000, n_weeks=8, seed=2, n_years=1, n_futures=0)
X = build_features(school.tables, week=8)[COLUMNS]
at_risk = school.truth["pupils"].set_index("pupil").loc[X.index, "at_risk"] == "yes"
order = np.random.default_rng(0).permutation(len(X))  # mix the schools
X, y = X.fillna(X.median()).iloc[order], at_risk.to_numpy().astype(int)[order]
train, new = slice(0, 800), slice(800, None)

linear = LogisticRegression().fit(X[train], y[train])
tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=20).fit(X[train], y[train])
forest = RandomForestClassifier(100, min_samples_leaf=5, random_state=0).fit(X[train], y[train])


def auc(model, X, y):
    """Score a model: the chance that it ranks a pupil at risk above one who is not."""
    return roc_auc_score(y, model.predict_proba(X)[:, 1])


for name, model in (("logistic regression", linear), ("tree", tree), ("forest", forest)):
    print(f"{name:20} AUC on new pupils {auc(model, X[new], y[new]):.2f}")
assert [round(auc(m, X[new], y[new]), 2) for m in (linear, tree, forest)] == [0.90, 0.85, 0.89]

# %% [markdown]
# Explain a model only after it has shown that it is good on new rows. A bad model has explanations
# too.
#
# ## Coefficients and odds ratios
#
# A logistic regression says $\log \frac{p}{1-p} = b + \sum_j \beta_j x_j$. The left side is the log of
# the odds: at $p = 0.2$ the odds are 1 to 4. If column $j$ grows by $u$ and the others stay, the odds
# are multiplied by
#
# $$\text{odds ratio} = e^{u \beta_j} .$$
#
# Here is the table, with $u$ = 10 points for each column. Ten points more in last year's score
# multiply the odds of being at risk by 0.32; ten points more of absence (in % of the days) double
# them, all else as it is. An interval that holds 1 leaves open which way it goes.

# %%
found = infer(linear, X[train], y[train])
ratio = np.exp(10 * found.coefficients[1:])
interval = np.exp(10 * found.conf_int()[1:])
for name, middle, (low, high) in zip(COLUMNS, ratio, interval, strict=True):
    print(f"{name:16} 10 points more: odds times {middle:.2f}  ({low:.2f} to {high:.2f})")
assert round(ratio[0], 2) == 0.32
assert round(ratio[3], 1) == 2.0 and interval[3, 0] > 1
x = X.iloc[[800]]
odds = [
    p / (1 - p) for p in (linear.predict_proba(x.assign(prior_score=s))[0, 1] for s in (50, 60))
]
assert np.isclose(odds[1] / odds[0], ratio[0])

# %%
figure, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
place = np.arange(len(COLUMNS))
ax.errorbar(ratio, place, xerr=np.abs(interval.T - ratio), fmt="o", color=BLUE, capsize=3)
ax.axvline(1, color=GREY, linewidth=1, linestyle=":")
ax.set_yticks(place, COLUMNS)
ax.margins(y=0.15)
ax.invert_yaxis()
ax.set_xscale("log")
ax.set_xticks([0.3, 0.5, 1, 2, 3], ["0.3", "0.5", "1", "2", "3"])
ax.minorticks_off()
ax.set_xlabel("Odds ratio of 10 points more, with 95 % intervals (log scale)")
title = ax.set_title("Left of 1: less risk; right of 1: more risk", fontsize=11)

# %% [markdown]
# The same numbers are in books. Spector and Mazzeo asked in 1980 whether a new way to teach economics
# (PSI) helps 32 students to a better grade. Greene's textbook prints the coefficients 2.8261 for the
# grade point average and 2.3787 for PSI; so PSI multiplies the odds by $e^{2.3787} = 10.8$.

# %%
spector = np.genfromtxt(ROOT / "benchmarks/references/data/spector.csv", delimiter=",", names=True)
stored = json.loads((ROOT / "benchmarks/references/published.json").read_text("utf-8"))
entry = next(e for e in stored["topics"][0]["entries"] if e["id"] == "spector_mazzeo")
printed = {row["quantity"]: float(row["published"]) for row in reversed(entry["rows"])}
cells = np.column_stack([spector[name] for name in ("GPA", "TUCE", "PSI")])
economics = LogisticRegression().fit(cells, spector["GRADE"])
print(f"GPA {economics.coef_[0, 0]:.4f}, PSI {economics.coef_[0, 2]:.4f}")
assert round(economics.coef_[0, 0], 4) == printed["coef GPA"] == 2.8261
assert round(economics.coef_[0, 2], 4) == printed["coef PSI"] == 2.3787
assert round(np.exp(2.3787), 1) == 10.8

# %% [markdown]
# Two traps. A coefficient has the unit "per unit of its column": measured in days instead of percent
# it is another number, so sizes of coefficients cannot be compared between columns. And "the others
# stay" is a thought: pupils who are absent more also practise less.
#
# ## The path of a row
#
# A tree explains itself: it lists the questions that it asked.

# %%
pupil = int(np.flatnonzero(tree.predict(X[new]) == 1)[0])
row = X[new].iloc[pupil]
told = explain(tree, row)
print(told)
assert np.allclose(told.start + told.contributions.sum(axis=0), told.value)

# %%
ax = plot_tree(None, tree, class_names=["not at risk", "at risk"], row=row, max_depth=3, decimals=0)
ax.figure.set_size_inches(9, 4.2)
title = ax.set_title("The pupil's path in bold", fontsize=11)

# %% [markdown]
# The last line but one adds up what each question changed. That is honest bookkeeping, but the order
# of the questions decides who gets the credit. We come back to it.
#
# ## Six pupils by hand
#
# | pupil | a | b | c | d | e | f |
# |---|---|---|---|---|---|---|
# | quiz | 30 | 50 | 40 | 60 | 70 | 80 |
# | practice | 40 | 55 | 75 | 45 | 85 | 90 |
# | at risk | 1 | 1 | 0 | 0 | 0 | 0 |
#
# A tree on them first asks "quiz up to 55?". If yes, it asks "practice up to 65?", and says 1 if yes;
# all else gets 0. It gets all six right.
#
# **Permutation importance.** Give the quiz scores to the pupils in the reverse order: 80, 70, 60, 40,
# 50, 30. Now a and b get 0, and d gets 1: three of six are right. The share right fell from 1 to 1/2,
# so the importance of the quiz is 1/2. Practice reversed: 90, 85, 45, 75, 55, 40. Now a and b get 0,
# and c gets 1: also 1/2.
#
# **Partial dependence.** Set the quiz to 30 for everyone: a, b and d have practice up to 65 and get 1.
# The mean is 1/2. Set it to 80: all get 0. The single curves: those of a, b, d fall from 1 to 0, those
# of c, e, f stay at 0. The curves are not parallel, so quiz and practice interact.
#
# **Shapley values** of pupil a. What does the tree expect when it knows only some of the columns?
# Where it knows the column, it follows the pupil. Where not, it takes both sides, by how many pupils
# went there.
#
# | known | the tree expects |
# |---|---|
# | nothing | 2 of 6 are at risk: 1/3 |
# | quiz | left; there 2 of 3 have little practice: 2/3 |
# | practice | 3 of 6 go left, and those get 1, as a's practice is low: 1/2 |
# | both | 1 |
#
# Learn the quiz first: it adds 2/3 − 1/3 = 1/3. Learn it second: 1 − 1/2 = 1/2. The mean of the two
# orders is 5/12. For practice it is the mean of 1/2 − 1/3 = 1/6 and 1 − 2/3 = 1/3, which is 1/4.
# Together 5/12 + 1/4 = 2/3, which leads from 1/3 to 1.

# %%
six = np.array([[30.0, 40], [50, 55], [40, 75], [60, 45], [70, 85], [80, 90]])
risk = np.array([1, 1, 0, 0, 0, 0])
small = DecisionTreeClassifier().fit(six, risk)
assert small.tree_.feature[:2].tolist() == [0, 1] and small.tree_.threshold[:2].tolist() == [55, 65]
assert small.score(six, risk) == 1
for j in (0, 1):
    reversed_ = six.copy()
    reversed_[:, j] = six[::-1, j]
    assert small.score(reversed_, risk) == 1 / 2
for value, mean in ((30, 1 / 2), (80, 0)):
    everyone = six.copy()
    everyone[:, 0] = value
    assert small.predict_proba(everyone)[:, 1].mean() == mean
shares = tree_shap(small, six[:1]).values[0, :, 1]
print("Shapley values of pupil a:", shares)
assert np.allclose(shares, [5 / 12, 1 / 4])

# %% [markdown]
# ## Permutation importance: which columns does the model rest on?
#
# For every column: shuffle it among the rows, ask the model again, and see how far the score falls.
# The column keeps its values, but they tell nothing any more. With a score $s$ (more is better) and
# $r$ shuffles,
#
# $$I_j = \frac 1 r \sum_{k=1}^r \big(s(X, y) - s(X^{(j,k)}, y)\big) ,$$
#
# where in $X^{(j,k)}$ column $j$ stands in the $k$-th shuffled order. Use rows that the model has not
# seen. Otherwise you measure what it knows by heart. Only column $j$ is shuffled: begin each time with
# a fresh copy.


# %%
def slow_permutation_importance(model, X, y, n_repeats, seed):
    """Return the mean fall of the AUC for each column (d,)."""
    before, importances = auc(model, X, y), []
    for name, generator in zip(X, np.random.default_rng(seed).spawn(X.shape[1]), strict=True):
        falls = []
        for _ in range(n_repeats):
            shuffled = X.copy()
            shuffled[name] = X[name].to_numpy()[generator.permutation(len(X))]
            falls.append(before - auc(model, shuffled, y))
        importances.append(sum(falls) / len(falls))
    return np.array(importances)


slow = slow_permutation_importance(forest, X[new], y[new], n_repeats=3, seed=0)
ours = permutation_importance(forest, X[new], y[new], scoring=auc, n_repeats=3, random_state=0)
assert np.allclose(slow, ours.importances_mean, atol=1e-12)
lines = inspect.getsource(permutation_importance).split('"""')
print(lines[0] + "...\n" + lines[2].lstrip("\n"))  # without its docstring

# %% [markdown]
# **How sure is it?** Two things are left to chance: the shuffle, and which pupils we happen to have.
# More shuffles remove the first. For the second, draw the pupils anew with replacement many times (a
# bootstrap, tutorial 8), and see how the fall varies. The spread over the shuffles alone
# (`importances_std`) is smaller, and says nothing of other pupils.

# %%
rng = np.random.default_rng(0)
before = forest.predict_proba(X[new])[:, 1]
falls, ends = [], []
for name in COLUMNS:
    shuffled = X[new].assign(**{name: rng.permutation(X[new][name])})
    after, drawn = forest.predict_proba(shuffled)[:, 1], []
    for _ in range(200):
        rows = rng.integers(0, len(before), len(before))
        truth = y[new][rows]
        drawn.append(roc_auc_score(truth, before[rows]) - roc_auc_score(truth, after[rows]))
    falls.append(roc_auc_score(y[new], before) - roc_auc_score(y[new], after))
    ends.append(np.quantile(drawn, [0.025, 0.975]))
ends = np.array(ends)
for name, fall, (low, high), std in zip(COLUMNS, falls, ends, ours.importances_std, strict=True):
    print(f"{name:16} AUC falls by {fall:.3f} ({low:.3f} to {high:.3f}); std of shuffles {std:.3f}")
assert round(falls[0], 2) == 0.13 and falls[0] > 3 * max(falls[1:])
assert (ends[:3, 0] > 0).all() and (ends[3:, 0] < 0).all() and (ends[3:, 1] > 0).all()
assert (ends[0, 1] - ends[0, 0]) / 4 > ours.importances_std[0]

# %%
figure, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
ax.barh(place, falls, color=COLOURS[4], height=0.65)
reach = [np.array(falls) - ends[:, 0], ends[:, 1] - np.array(falls)]
ax.errorbar(falls, place, xerr=np.abs(reach), fmt="none", ecolor="0.2", elinewidth=1, capsize=3)
ax.set_yticks(place, COLUMNS)
ax.invert_yaxis()
ax.set_xlabel("Fall of the AUC once the column is shuffled, with 95 % intervals over pupils")
title = ax.set_title("The forest rests on last year's score most of all", fontsize=11)

# %% [markdown]
# Shuffling last year's score costs 0.13 of AUC, more than three times what any other column costs. The
# intervals of the last two columns hold 0: of these pupils we cannot say that the forest needs them.
# The odds ratio of the days absent was clear of 1, though. That is no contradiction: a forest is not a
# line, and it can read much of the absences from the practice that was not done.
#
# ## Shapley values: what moved this prediction?
#
# Think of the columns as players in a team. $v(S)$ is what the model is expected to say when only the
# columns in the set $S$ are known. Let the columns become known one after another; each is credited
# with what it adds to $v$. The order matters, so take the mean over all $d!$ orders. Many orders have
# the same set before $j$: there are $|S|!\,(d-1-|S|)!$ orders in which exactly $S$ comes before $j$.
# So the mean is
#
# $$\phi_j = \sum_{S \text{ without } j} \frac{|S|!\,(d-1-|S|)!}{d!}\,\big(v(S \cup \{j\}) - v(S)\big) .$$
#
# The empty set counts among the $S$. The shares sum to $v(\text{all}) - v(\text{none})$: from the
# average prediction to this one. Lloyd Shapley showed in 1953 that no other rule gives equal players
# equal shares, idle players nothing, and adds up over games. Both ways of writing it, on a tree of
# three columns:


# %%
def expected(tree, row, known, node=0):
    """Return P(at risk) that a tree expects for a row of which only some columns are known."""
    left, right = tree.children_left[node], tree.children_right[node]
    if left == -1:
        return tree.value[node, 1]
    if tree.feature[node] in known:
        goes_left = row[tree.feature[node]] <= tree.threshold[node]
        return expected(tree, row, known, left if goes_left else right)
    weight = tree.weighted_n_node_samples
    both = [weight[side] * expected(tree, row, known, side) for side in (left, right)]
    return sum(both) / weight[node]


def shapley_by_orders(v, d):
    """Return each share (d,) as the mean over all orders."""
    shares, orders = np.zeros(d), list(permutations(range(d)))
    for arriving in orders:
        known = set()
        for j in arriving:
            shares[j] += v(known | {j}) - v(known)
            known = known | {j}
    return shares / len(orders)


def shapley_by_subsets(v, d):
    """Return the same by the formula: fewer values of v are asked for."""
    shares = np.zeros(d)
    for j in range(d):
        others = [i for i in range(d) if i != j]
        for size in range(d):
            weight = factorial(size) * factorial(d - 1 - size) / factorial(d)
            for S in combinations(others, size):
                shares[j] += weight * (v({*S, j}) - v(set(S)))
    return shares


three = X[["prior_score", "completed_share", "absent_share"]]
deep = DecisionTreeClassifier(max_depth=5).fit(three[train], y[train])
fast = tree_shap(deep, three[new][:20])
for i, values in enumerate(three[new][:20].to_numpy()):
    brute = shapley_by_orders(lambda known, values=values: expected(deep.tree_, values, known), 3)
    assert np.allclose(brute, fast.values[i, :, 1])
    by_set = shapley_by_subsets(lambda known, values=values: expected(deep.tree_, values, known), 3)
    assert np.allclose(by_set, brute)
print("brute force and mlcore agree on 20 pupils; the first:", fast.values[0, :, 1].round(3))

# %% [markdown]
# With 25 columns there are $2^{25}$ sets, 34 million. For trees there is a way that needs one walk
# over each tree (`mlcore/inspection/tree_paths.py` explains it); a forest's values are the mean of its
# trees' values. For a linear score, if the other columns are left as they are, every order gives the
# same, and the formula becomes $\phi_j = \beta_j (x_j - \bar x_j)$:

# %%
assert 2**25 == 33_554_432
print(inspect.getsource(linear_shap).split('"""')[2])
moved = linear_shap(linear, X[new], X[train])
by_hand = linear.coef_[0] * (X[new] - X[train].mean()).to_numpy()
assert np.allclose(moved.values, by_hand)
assert np.allclose(
    moved.values.sum(axis=1) + moved.expected_value, linear.decision_function(X[new])
)

# %%
figure, axes = plt.subplots(2, 1, figsize=(7, 5), layout="constrained")
pupil = int(forest.predict_proba(X[new])[:, 1].argmax())
reasons = tree_shap(forest, X[new][: pupil + 1])
plot_shap_waterfall(axes[0], reasons, values=X[new][: pupil + 1].round(0), row=pupil)
axes[0].set_title("Forest: from the mean risk to this pupil's", fontsize=11)
plot_shap_waterfall(axes[1], moved, values=X[new].round(0), row=pupil)
axes[1].set_title("Logistic regression, the same pupil: in log-odds", fontsize=11)
said = reasons.values[pupil, :, 1].sum() + reasons.expected_value[1]
assert np.isclose(said, forest.predict_proba(X[new])[pupil, 1])

# %% [markdown]
# ## The reference number: fever and cough
#
# Lundberg, Erion and Lee (2018) show why the path's bookkeeping is not enough. A score is 80 if a
# patient has both fever and cough, else 0. Their model A asks for fever first. Model B adds 10 for a
# cough, so cough matters **more**, and the tree asks for it first. For a patient with both, their
# figure 1 gives:
#
# | | fever | cough |
# |---|---|---|
# | path, A | 20 | 40 |
# | path, B | 40 | 25 |
# | Shapley, A | 30 | 30 |
# | Shapley, B | 30 | 35 |
#
# By the path, cough is worth less in B, though B uses it more. Shapley's shares go the right way.

# %%
patients = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])  # fever, cough
for name, score, path, shapley in (
    ("A", [0, 0, 0, 80], [20, 40], [30, 30]),
    ("B", [0, 10, 0, 90], [40, 25], [30, 35]),
):
    model = DecisionTreeRegressor().fit(patients, score)
    by_path = explain(model, patients[3]).contributions[:, 0]
    by_shapley = tree_shap(model, patients).values[3]
    print(f"model {name}: path {by_path}, Shapley {by_shapley}")
    assert np.allclose(by_path, path) and np.allclose(by_shapley, shapley)

# %% [markdown]
# ## Partial dependence and single curves
#
# Set a column to a value in **every** row, leave the other columns, and take the mean of what the
# model says:
#
# $$\text{dependence}(u) = \frac 1 n \sum_{i=1}^n f\big(x_i \text{ with column } j \text{ set to } u\big) .$$
#
# Without the mean there is one curve for each row: individual conditional expectation (ICE).


# %%
def slow_partial_dependence(predict, X, j, grid):
    """Return the mean prediction for each value of the grid."""
    means = []
    for u in grid:
        total = 0.0
        for row in X:
            changed = [float(cell) for cell in row]  # a copy; whole numbers would cut off decimals
            changed[j] = u
            total += predict(np.array([changed]))[0]
        means.append(total / len(X))
    return np.array(means)


few = X[new][:60]
curve = partial_dependence(forest, few, "prior_score", kind="both", grid_resolution=4)
plain = RandomForestClassifier(100, min_samples_leaf=5, random_state=0)
plain.fit(X[train].to_numpy(), y[train])  # the same forest, for rows without names
slow = slow_partial_dependence(
    lambda rows: plain.predict_proba(rows)[:, 1], few.to_numpy(), 0, curve.grid_values[0]
)
assert np.allclose(slow, curve.average[0]) and np.allclose(curve.individual[0].mean(axis=0), slow)
print(inspect.getsource(dependence.predictions))

# %%
figure, axes = plt.subplots(1, 2, figsize=(7.5, 3.3), layout="constrained", sharey=True)
slopes = {}
for ax, model, name in ((axes[0], linear, "logistic regression"), (axes[1], forest, "forest")):
    lines = partial_dependence(model, X[new][:300], "prior_score", kind="both", grid_resolution=40)
    plot_partial_dependence(ax, lines, name="Last year's score (points)", most=60)
    ax.set(title=name.capitalize(), ylabel="P(at risk)" if model is linear else "")
    slopes[name] = lines.average[0, 0] - lines.average[0, -1]
figure.suptitle("Thick: the mean (partial dependence). Thin: single pupils (ICE)", fontsize=11)
print(
    {
        name: f"from the lowest to the highest score the mean falls by {s:.2f}"
        for name, s in slopes.items()
    }
)
assert all(s > 0.45 for s in slopes.values())
moves = lines.individual[0][:, 0] - lines.individual[0][:, -1]  # of each pupil, by the forest
small, large = np.quantile(moves, [0.05, 0.95])
print(f"the forest's curves of single pupils fall by {small:.2f} to {large:.2f} (the middle 90 %)")
assert round(small, 2) == 0.39 and round(large, 2) == 0.65

# %% [markdown]
# The mean hides who is moved. The thin curves do not run side by side: the forest's fall by 0.39 for
# some pupils, by 0.65 for others. So last year's score and the other columns interact.
#
# Beware of rows that cannot be. A pupil with a score of 30 last year and every answer correct this
# year may not exist, but every row is asked for every value. There the model guesses from nothing.
#
# ## What goes wrong: columns that say the same
#
# Add last year's score a second time, as another office noted it: with a small error of 2 points. The
# correlation is 0.99. No model gets better or worse. But everything we said of "last year's score"
# changes.

# %%
double = X.assign(prior_copy=X["prior_score"] + np.random.default_rng(0).normal(0, 2, len(X)))
linear_two = LogisticRegression().fit(double[train], y[train])
forest_two = RandomForestClassifier(100, min_samples_leaf=5, random_state=0).fit(
    double[train], y[train]
)
one_error = found.standard_errors[1]
two_error = infer(linear_two, double[train], y[train]).standard_errors[1]
alone = permutation_importance(
    forest, X[new], y[new], scoring=auc, columns=["prior_score"], random_state=0
).importances_mean
among = permutation_importance(
    forest_two,
    double[new],
    y[new],
    scoring=auc,
    columns=["prior_score", "prior_copy", ["prior_score", "prior_copy"]],
    random_state=0,
).importances_mean
correlation = np.corrcoef(double["prior_score"], double["prior_copy"])[0, 1]
print(
    f"correlation {correlation:.2f}; standard error of the coefficient {one_error:.3f} -> {two_error:.3f}"
)
print(
    f"importance alone {alone[0]:.2f}; beside its copy {among[0]:.2f} and {among[1]:.2f}; "
    f"together {among[2]:.2f}"
)
assert round(correlation, 2) == 0.99
assert abs(auc(linear, X[new], y[new]) - auc(linear_two, double[new], y[new])) < 0.01
assert abs(auc(forest, X[new], y[new]) - auc(forest_two, double[new], y[new])) < 0.01
assert two_error > 4 * one_error
assert [round(value, 2) for value in (*alone, *among)] == [0.14, 0.03, 0.03, 0.14]

# %%
figure, ax = plt.subplots(figsize=(7, 2.4), layout="constrained")
names = ["alone", "beside its copy", "the copy", "both shuffled together"]
ax.barh(range(4), [*alone, *among], color=[BLUE, COLOURS[4], COLOURS[4], BLUE], height=0.65)
ax.set_yticks(range(4), names)
ax.invert_yaxis()
ax.set_xlabel("Fall of the AUC once shuffled")
title = ax.set_title("Last year's score seems worth little beside its copy", fontsize=11)

# %% [markdown]
# The forest's importance of the score falls from 0.14 to 0.03, for what one column loses the other
# still tells. The standard error of the coefficient is more than four times as large: the data cannot
# say which of the two it is. Shuffle columns that tell the same **together** (0.14), and report them
# as one.
#
# ## Not causes
#
# Suppose teachers give support lessons to pupils whose score was low last year, and suppose these
# lessons do nothing at all. A model that knows of the lessons, but not of last year's score, finds an
# odds ratio of 6: "lessons put pupils at risk". It predicts well, and every tool of this page would
# say how much it rests on them. With last year's score in the model the ratio is 0.94, and its
# interval holds 1.

# %%
chance = np.random.default_rng(3).normal(0, 10, len(X))
lessons = ((X["prior_score"] + chance) < 50).astype(int)
ratios = {}
for others in ((), ("prior_score",)):
    table = X[list(others)].assign(lessons=lessons)
    fitted = LogisticRegression().fit(table[train], y[train])
    ratios[others] = infer(fitted, table[train], y[train]).odds_ratios()[-1]
    middle, low, high = ratios[others]
    known = "last year's score too" if others else "the lessons alone"
    print(f"knowing {known}: odds ratio of lessons {middle:.2f} ({low:.2f} to {high:.2f})")
assert round(ratios[()][0]) == 6 and ratios[()][1] > 4
assert round(ratios[("prior_score",)][0], 2) == 0.94
assert ratios[("prior_score",)][1] < 1 < ratios[("prior_score",)][2]

# %% [markdown]
# We knew what to add, since we made the lessons ourselves. In a real school nobody knows whether
# something else is missing. So say "the model expects more risk where …", never "… causes". Tutorial
# 11 shows the same with tutoring whose true effect is known.
#
# ## Where to read on
#
# - C. Molnar, *Interpretable Machine Learning*, free on the web: each tool, with its traps.
# - L. Breiman (2001), *Random Forests*, section 10, for permutation.
# - J. Friedman (2001), *Greedy function approximation*, section 8.2, for partial dependence; A.
#   Goldstein and others (2015),
#   *Peeking inside the black box*, for the single curves.
# - S. Lundberg, G. Erion, S.-I. Lee (2018), *Consistent individualized feature attribution for tree
#   ensembles*.
#
# Exercise 21: permutation importance, `python -m tutorials check 21`. Exercise 22: partial dependence,
# `python -m tutorials check 22`. Exercise 23: Shapley values over subsets, `python -m tutorials check
# 23`.

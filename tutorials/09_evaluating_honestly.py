# %% [markdown]
# # Evaluating without fooling yourself
#
# A salesman calls at the school. His program finds pupils at risk with an AUC of .98. The school's own
# logistic regression has .88. Should it buy?
#
# The AUC is the chance that a pupil at risk ranks above one who is not (tutorial 5). By the end of this
# tutorial we shall have made a .98 ourselves, from the same school, without knowing anything more. Four
# ways of being wrong make such figures. They are called **leaks**: something of the answer gets to the
# model before the test. Then we compare two honest models, where luck is the trap.

# %%
import inspect

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mlcore import (
    DecisionTreeClassifier,
    LogisticRegression,
    RandomForestClassifier,
    SimpleImputer,
    StandardScaler,
    make_pipeline,
)
from mlcore.metrics import roc_auc_score
from mlcore.model_selection import (
    GroupKFold,
    KFold,
    RepeatedStratifiedKFold,
    compare_models,
    corrected_t_test,
    cross_val_score,
)
from mlcore.model_selection.splits import contiguous_folds
from mlcore.plot.style import COLOURS
from mlcore.student import student_tail
from risk.check import leaks
from risk.check.variables import Variable
from risk.data.records import Records
from risk.evaluation.comparison import compare
from risk.evaluation.figures import evaluate
from risk.evaluation.splits import choose_split
from risk.evaluation.unseen import out_of_fold
from risk.features.known import build_features, quiz_features, school_table
from risk.features.register import Register
from risk.models.risk_model import RiskModel
from risk.school import simulate_school

school = simulate_school(n_pupils=1000, n_weeks=18, seed=0, n_futures=0)
table = school_table(Records(school.tables), week=8)
known = table.at_risk.notna().to_numpy()
X, y = table.features[known], table.at_risk[known].to_numpy()
split = choose_split(table)


def auc_of(features, plan):
    """Return the AUC of a logistic regression, each pupil scored as the plan of tests says."""
    model = RiskModel("Logistic regression", LogisticRegression(alpha=0.01), table.schema)
    risk, _ = out_of_fold(model, features, y, plan)
    return roc_auc_score(y[plan.tested], risk[plan.tested])


honest = auc_of(X, split)
print(f"week 8, {split.sentence}: AUC {honest:.2f}")
assert split.sentence == "learnt from 2024, tested on 2025" and round(honest, 2) == 0.88

# %% [markdown]
# ## Rows to learn from, rows to test on
#
# A model is tested on rows it has not seen. With few rows we want to test on all of them, so we take
# turns. Deal the rows into $k$ **folds**. Each fold is scored once, by a model that learnt from the other
# folds. That is cross-validation.
#
# By hand, 7 rows and 3 folds. 7/3 is 2 and 1 is left over, so the first fold gets one row more:
#
# | row | 0 | 1 | 2 | 3 | 4 | 5 | 6 |
# |---|---|---|---|---|---|---|---|
# | fold | 0 | 0 | 0 | 1 | 1 | 2 | 2 |
#
# The size of fold $j = 0, …, k - 1$ is
#
# $$n_j = \lfloor n / k \rfloor + [\, j < n \bmod k \,],$$
#
# where [ ] is 1 for true and 0 for false. So sizes differ by one at most, and they add up to $n$.


# %%
def folds_slowly(n, k):
    """Return the fold of each row, one row after another."""
    fold = []
    for j in range(k):
        size = n // k + (1 if j < n % k else 0)
        fold += [j] * size
    return fold


print(inspect.getsource(contiguous_folds))
assert folds_slowly(7, 3) == [0, 0, 0, 1, 1, 2, 2]
assert all(
    folds_slowly(n, k) == contiguous_folds(n, k).tolist() for k in (2, 3, 5) for n in range(k, 40)
)
assert [len(test) for _, test in KFold(3).split(np.zeros(7))] == [3, 2, 2]

# %% [markdown]
# **What goes wrong.** Many write `n // k` and forget the rest. Then 7 rows in 3 folds test 6 rows, and of
# 103 pupils in 10 folds 3 are never tested. Nothing fails and nothing is said.

# %%
tested = [row for j in range(10) for row in range(j * (103 // 10), (j + 1) * (103 // 10))]
assert len(tested) == 100
assert np.bincount(contiguous_folds(103, 10)).tolist() == [11] * 3 + [10] * 7

# %% [markdown]
# ## Leak 1: a column that is known only later
#
# In week 8 nobody knows week 9. That is easy to say, and easy to forget: last year's tables are complete,
# and `groupby("pupil").mean()` takes all of a table. Six dated rows, and a third pupil, Cem, who has
# none:
#
# | pupil | week | quiz score |
# |---|---|---|
# | Ana (0) | 2 | 40 |
# | Ana (0) | 4 | 60 |
# | Ana (0) | 6 | 92 |
# | Ben (1) | 2 | missed |
# | Ben (1) | 4 | 70 |
# | Ben (1) | 6 | 50 |
#
# As of the end of week 4 Ana's mean is (40 + 60)/2 = 50 and Ben's 70: the quiz he missed has no score, and
# is not a 0. Of Cem nothing is known: NaN, which says so. As of week 6 they are 64, 60 and NaN.
#
# For pupil $i$, at the end of week $k$, over the rows $r$ with a score,
#
# $$\text{mean}_i(k) = \frac{\sum_{r:\ \text{pupil}_r = i,\ \text{week}_r \le k} \text{score}_r}
# {\#\{r:\ \text{pupil}_r = i,\ \text{week}_r \le k\}}.$$


# %%
def mean_as_of(pupil, week, score, k, n):
    """Return each pupil's mean score as of the end of week k, row by row."""
    total, count = [0.0] * n, [0] * n
    for who, when, points in zip(pupil, week, score, strict=True):
        if when <= k and not np.isnan(points):
            total[who] += points
            count[who] += 1
    return [total[i] / count[i] if count[i] else np.nan for i in range(n)]


pupil, week = np.array([0, 0, 0, 1, 1, 1]), np.array([2, 4, 6, 2, 4, 6])
score = np.array([40, 60, 92, np.nan, 70, 50])
assert np.array_equal(mean_as_of(pupil, week, score, 4, 3), [50, 70, np.nan], equal_nan=True)
assert np.array_equal(mean_as_of(pupil, week, score, 6, 3), [64, 60, np.nan], equal_nan=True)

# %% [markdown]
# Without the loop: choose the rows that are known, then `np.bincount(pupil, weights=score)` adds up by
# pupil and `np.bincount(pupil)` counts (with `minlength=n`, or the last pupils are lost when they have
# no rows). `risk` holds the tables as arrays of pupils and weeks. It cuts them to what is known **first**,
# and computes all features from the cut. So no feature can forget the date:

# %%
print(inspect.getsource(Register.as_of))
print(inspect.getsource(quiz_features))

quizzes, ids = school.tables["quizzes"], school.tables["pupils"]["pupil"]
place = {name: i for i, name in enumerate(ids)}
slow = mean_as_of(
    quizzes["pupil"].map(place), quizzes["week"], quizzes["score"].to_numpy(float), 8, len(ids)
)
ours = build_features(school.tables, week=8)["quiz_mean"]  # of those still there
assert np.allclose([slow[place[name]] for name in ours.index], ours, equal_nan=True)

changed = school.tables | {
    "quizzes": quizzes.assign(score=quizzes["score"].where(quizzes["week"] <= 8, 0))
}
assert build_features(changed, week=8).equals(build_features(school.tables, week=8))

# %% [markdown]
# The last two lines are the test to remember: change everything after week 8, and no feature of week 8
# may change.
#
# What is the leak worth? Give the model the same features over the whole year, for the same pupils, and
# claim to predict in week 8: AUC .91 instead of .88. It can be worse. Somebody joined the table of
# report marks, written in June, within some 5 points of the final score. That column has .98 alone.

# %%
late = build_features(school.tables, week=18).reindex(table.ids[known]).reset_index(drop=True)
end = school.tables["outcomes"].set_index("pupil")["final_score"].reindex(table.ids[known])
report_mark = end.to_numpy() + np.random.default_rng(0).normal(0, 5, len(y))

whole_year = auc_of(late[X.columns].set_index(X.index), split)
mark_alone = roc_auc_score(y[split.tested], -report_mark[split.tested])
print(f"features of the whole year: AUC {whole_year:.2f}; the report mark alone: {mark_alone:.2f}")
assert (round(whole_year, 2), round(mark_alone, 2)) == (0.91, 0.98)

# %% [markdown]
# **How to find it.** Try each column alone. Rank pupils by it and take the AUC, of the pupils for whom it
# is known. A column may fall with the risk as well as rise, so its strength is
#
# $$\text{strength} = \max(\text{AUC},\, 1 - \text{AUC}).$$
#
# Honest columns are modest: the best here is last year's score, with .85. One beyond .9 alone is very
# good news, or it was written after the outcome. A program cannot tell which. It can ask.


# %%
def strengths(columns, truth):
    """Return how well each column alone ranks the pupils, in the better direction."""
    found = {}
    for name in columns:
        there = columns[name].notna().to_numpy()
        area = roc_auc_score(truth[there], columns[name][there])
        found[name] = max(area, 1 - area)
    return pd.Series(found).sort_values()


def variable(name, values):
    """Return a column as the school's checks take it."""
    return Variable(
        name, "number", [], np.zeros(len(values), dtype=int), np.asarray(values, dtype=float)
    )


columns = X.assign(report_mark=report_mark)
alone = strengths(columns, y)
print(inspect.getsource(leaks.alone))
for name in columns:
    found = leaks.alone(variable(name, columns[name]), y, np.ones(len(y), dtype=bool))
    assert np.isclose(found.auc, alone[name])
assert alone[alone > 0.9].index.tolist() == ["report_mark"]
assert alone.index[-2] == "prior_score" and round(alone.iloc[-2], 2) == 0.85

# %%
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
best = alone.iloc[-10:]
ax.barh(best.index, best - 0.5, left=0.5, color=[COLOURS[0]] * 9 + [COLOURS[5]])
ax.axvline(0.9, color="0.4", linestyle=":")
ax.set_title("The ten strongest columns, each alone: one is too good to be true", fontsize=11)
ax.set(xlim=(0.5, 1), xlabel="Strength: AUC in the better direction")
assert leaks.LIMIT == 0.9

# %% [markdown]
# ## Leak 2: a label that is a rule
#
# Many data sets on the web have no outcome, so their authors made one: "at risk" if the quiz mean is
# below 50 and less than 75 % of the practice is done. The columns decide the label. A tree with three
# questions finds the rule, and has an AUC of 1.00. It predicts the author, not the pupils. On what really
# happened three questions have .81.
#
# The probe of `risk check` asks those three questions of all columns together:

# %%
made_up = ((X["quiz_mean"] < 50) & (X["completed_share"] < 75)).to_numpy(float)
features = [variable(name, X[name]) for name in X]
for label, target in (("made-up label", made_up), ("what happened", y)):
    findings = leaks.probe(features, target, variable("at_risk", target))
    told = {finding.kind: finding.sentence for finding in findings}
    print(f"{label}: {told['probe']}\n")
    assert ("tree too good" in told) == (target is made_up)
    assert f"all of them have {1.00 if target is made_up else 0.81:.2f}" in told["probe"]

# %% [markdown]
# ## Leak 3: choosing before splitting
#
# Here the split is right, and the leak comes before it. Take 50 pupils, half of them at risk, and 5,000
# columns of pure noise. Nothing can be learnt: the true error is 50 %. Now
#
# 1. keep the 100 columns that correlate most with the outcome, over all 50 pupils;
# 2. cross-validate: give each pupil the outcome of the most similar other one (of another fold).
#
# Step 1 has seen the outcomes of the pupils whom step 2 tests on. This is the experiment of Hastie,
# Tibshirani & Friedman, section 7.10.2. Their 50 simulations had an average error of 3 %; ours have 1 %.
# The truth is 50 %, which is what comes out when the choosing is done inside each fold.


# %%
def strongest(Z, t, count=100):
    """Return the columns that correlate most with t."""
    centred = Z - Z.mean(axis=0)
    correlation = np.abs((t - t.mean()) @ centred) / np.sqrt((centred**2).sum(axis=0))
    return np.argpartition(-correlation, count)[:count]


def error_of_nearest(rng, inside):
    """Return the cross-validated error, the columns chosen inside each fold or before all."""
    Z, t, wrong = rng.normal(size=(50, 5000)), np.repeat([0, 1], 25), 0
    fold = np.arange(50) % 5  # each has five of either kind
    before = strongest(Z, t)
    for k in range(5):
        learn, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        kept = strongest(Z[learn], t[learn]) if inside else before
        apart = ((Z[test][:, None, kept] - Z[learn][:, kept]) ** 2).sum(axis=2)  # (test, learn)
        wrong += (t[learn][apart.argmin(axis=1)] != t[test]).sum()
    return wrong / 50


errors = {
    name: [error_of_nearest(np.random.default_rng(seed), inside) for seed in range(50)]
    for name, inside in (("chosen before splitting", False), ("chosen inside each fold", True))
}
fig, ax = plt.subplots(figsize=(7, 2.8), layout="constrained")
for (name, e), colour in zip(errors.items(), (COLOURS[5], COLOURS[0]), strict=True):
    print(f"{name}: mean error {np.mean(e):.0%}")
    counts, edges = np.histogram(e, np.arange(-0.01, 0.82, 0.02))
    ax.stairs(counts, edges, fill=True, color=colour, label=name)
ax.axvline(0.5, color="0.4", linestyle=":")
ax.legend(frameon=False)
ax.set_title("5,000 columns of noise, 50 pupils: the error that was measured", fontsize=11)
ax.set(xlabel="Cross-validated error (the truth is the dotted line)", ylabel="Simulations of 50")
assert round(np.mean(errors["chosen before splitting"]), 2) == 0.01
assert abs(np.mean(errors["chosen inside each fold"]) - 0.5) < 0.03

# %% [markdown]
# Everything that is computed from rows belongs inside: the mean that fills a gap, the scale, the columns
# chosen, the penalty. A pipeline does that by itself, since each fold fits the whole of it anew:

# %%
filled = make_pipeline(
    SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(alpha=0.01)
)
inside = cross_val_score(filled, X, y, cv=5, scoring="roc_auc").mean()
print(f"filling gaps, scaling and fitting inside each fold: AUC {inside:.2f}")
assert round(inside, 2) == 0.88

# %% [markdown]
# ## Leak 4: the same pupil on both sides
#
# More rows are better, so somebody takes each pupil of 2024 five times, as of weeks 6, 7, 8, 9 and 10.
# The outcome is the same each time, and the features nearly so. Now deal the rows into folds at
# random. Of almost every pupil tested, the model has learnt from other rows. A forest can know a pupil
# again by the numbers, and the outcome with it. Here is the salesman's figure: .98. With all rows of a
# pupil in the same fold (`GroupKFold`) it is .86.

# %%
weeks = []
for w in (6, 7, 8, 9, 10):
    then = school_table(Records(school.tables), week=w)
    kept = (then.at_risk.notna() & (then.cohort == 2024)).to_numpy()
    weeks.append(then.features[kept].assign(pupil=then.ids[kept], at_risk=then.at_risk[kept]))
rows = pd.concat(weeks, ignore_index=True)
Z, t, who = (
    rows.drop(columns=["pupil", "at_risk"]),
    rows["at_risk"].to_numpy(),
    rows["pupil"].to_numpy(),
)

areas = {}
for name, classifier in (
    ("tree", DecisionTreeClassifier()),
    ("forest", RandomForestClassifier(n_estimators=30, random_state=0)),
    ("logistic regression", LogisticRegression(alpha=0.01)),
):
    model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), classifier)
    at_random = cross_val_score(
        model, Z, t, cv=KFold(5, shuffle=True, random_state=0), scoring="roc_auc"
    ).mean()
    apart = cross_val_score(model, Z, t, groups=who, cv=GroupKFold(5), scoring="roc_auc").mean()
    areas[name] = at_random, apart
    print(f"{name:20s} rows at random {at_random:.2f}, pupils kept together {apart:.2f}")
assert [round(a, 2) for a in areas["forest"]] == [0.98, 0.86]
assert (len(set(who)), Z.shape[1]) == (969, 24)

# %%
fig, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
for i, (at_random, apart) in enumerate(areas.values()):
    ax.plot([apart, at_random], [i, i], color="0.7", zorder=0)
    ax.plot(
        apart, i, "o", color=COLOURS[0], label="all rows of a pupil in one fold" if i == 0 else None
    )
    ax.plot(at_random, i, "s", color=COLOURS[5], label="rows at random" if i == 0 else None)
ax.set_yticks(range(3), list(areas))
ax.set_title(
    "Five rows a pupil: the more a model can learn by heart, the larger the leak", fontsize=11
)
ax.set(xlabel="AUC", xlim=(0.65, 1), ylim=(-0.6, 2.6))
legend = ax.legend(frameon=False, loc="upper left", fontsize=9)

# %% [markdown]
# The logistic regression, with 24 weights and an intercept for 969 pupils, can hardly cheat. So a leak
# does not only flatter: it flatters most the model that learns by heart, and makes you choose it.
#
# ## Time, and groups
#
# The same holds for all that rows share. Classmates share a teacher, pupils of one year share the tests.
# Ask what the model will be used on, and test on that:
#
# - on the pupils of next year: learn from earlier years, test on a later one;
# - on a school that has just joined: no school on both sides;
# - on new rows of pupils who are known: then, and only then, at random.
#
# `choose_split` takes the most honest plan a table allows, and says in words what it did.

# %%
for kind in ("random", "group", "cohort"):
    plan = choose_split(table, kind)
    print(f"{auc_of(X, plan):.3f}  {kind:6s} {plan.sentence}")
    assert plan.optimistic == (kind == "random")
assert choose_split(table).kind == "cohort"
assert [round(auc_of(X, choose_split(table, k)), 3) for k in ("random", "cohort")] == [0.882, 0.879]

# %% [markdown]
# Here the plans hardly differ, .882 at random and .879 by year: one year of the simulated school is much
# like the next, and one row stands for each pupil. Do not count on that. You only know by testing both.
#
# ## Is one model better than another?
#
# Now two honest models. One is the logistic regression. The other does without last year's score. Is
# it worse? Both have an interval, and the intervals overlap:

# %%
without = [column for column in table.schema if column.name != "prior_score"]
evaluations = {}
for name, schema in (("all columns", table.schema), ("without last year's score", without)):
    model = RiskModel(name, LogisticRegression(alpha=0.01), schema)
    risk, _ = out_of_fold(model, X, y, split)
    evaluations[name] = evaluate(name, y, risk, 0.1)
    e = evaluations[name]
    print(f"{name}: AUC {e.auc:.3f} [{e.auc_interval[0]:.3f}, {e.auc_interval[1]:.3f}]")
paired = next(d for d in compare(y, evaluations, "all columns") if d.figure == "auc")
print(
    f"difference {paired.value:.3f} [{paired.interval[0]:.3f}, {paired.interval[1]:.3f}], p = {paired.p:.5f}"
)

first, second = (e.auc_interval for e in evaluations.values())
assert second[0] < first[0] < second[1]  # they overlap
assert [round(v, 3) for v in (paired.value, *paired.interval)] == [-0.035, -0.052, -0.018]
assert paired.p < 0.001

# %% [markdown]
# ($p$ is how often a difference at least so large would come by chance alone, if both models were
# equally good. Below .05 people say "significant".)
#
# "They overlap, so there is no difference" is a famous mistake. Both models were tested on the same pupils.
# If by luck these are easy to rank, both gain. What they share cancels in the difference, so look at the
# interval **of the difference**: -.035 [-.052, -.018]. It lies clearly below 0.

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 2.5), layout="constrained", width_ratios=[3, 2])
for i, e in enumerate(evaluations.values()):
    axes[0].plot(e.auc_interval, [i, i], color=COLOURS[0])
    axes[0].plot(e.auc, i, "o", color=COLOURS[0])
axes[0].set_yticks([0, 1], ["all columns", "without\nlast year's score"])
axes[0].set(xlabel="AUC", ylim=(-0.6, 1.6))
axes[0].set_title("Each by itself: they overlap", fontsize=11)
axes[1].plot(paired.interval, [0, 0], color=COLOURS[5])
axes[1].plot(paired.value, 0, "o", color=COLOURS[5])
axes[1].axvline(0, color="0.4", linestyle=":")
axes[1].set_title("Paired: no doubt", fontsize=11)
axes[1].set(xlabel="Difference in AUC", yticks=[], xlim=(-0.06, 0.01))
assert len(evaluations) == 2

# %% [markdown]
# ## Many splits, and a t-test that knows they share rows
#
# Without a later year to test on, cross-validate both models on the same folds, and take the difference
# in each. Say five folds of 20 rows each, and differences of .02, .03, .01, .04 and 0. By hand: the mean is
# .02, and the variance, with divisor 4, is
# (0 + .0001 + .0001 + .0004 + .0004)/4 = .00025. The usual t-test divides the mean by its error,
# $\sqrt{.00025/5}$: t = 2.83, p = .047, "significant".
#
# But five folds are not five experiments. Any two of the models learnt from 60 rows in common, of 80. If the
# sample is odd, all five are odd in the same way. Nadeau & Bengio (2003) make the variance larger:
#
# $$t = \frac{\bar d}{\sqrt{s^2 \left( \frac1J + \frac{n_\text{test}}{n_\text{train}} \right)}}$$
#
# with $J$ splits. Here 1/5 becomes 1/5 + 20/80, and t is 1.89, p = .13. Splitting more often makes 1/J small,
# but never the second part: more splits are not more pupils.


# %%
def corrected_slowly(differences, n_train, n_test):
    """Return t of the corrected test."""
    J = len(differences)
    mean = sum(differences) / J
    variance = sum((d - mean) ** 2 for d in differences) / (J - 1)
    return mean / (variance * (1 / J + n_test / n_train)) ** 0.5


print(inspect.getsource(corrected_t_test))
d = np.array([0.02, 0.03, 0.01, 0.04, 0.00])
test = corrected_t_test(d, n_train=80, n_test=20)
usual = d.mean() / np.sqrt(d.var(ddof=1) / 5)
assert np.isclose(d.var(ddof=1), 0.00025)
assert (round(usual, 2), round(2 * student_tail(usual, 4), 3)) == (2.83, 0.047)
assert (round(test.t, 2), round(test.p_value, 2)) == (1.89, 0.13)
assert np.isclose(corrected_slowly(d.tolist(), 80, 20), test.t)

# %% [markdown]
# **The reference.** scikit-learn's page on the statistical comparison of models has ten times repeated
# 10-fold cross-validation of 100 rows, so $J$ = 100 splits of 90 and 10. It prints an uncorrected t of 2.611
# and a corrected one of 0.750. On the same differences ours gives 0.750. The quotient of the two needs no
# data: it is $\sqrt{(1/100 + 10/90)/(1/100)}$.

# %%
stretch = np.sqrt((1 / 100 + 10 / 90) / (1 / 100))
print(f"2.611 / {stretch:.4f} = {2.611 / stretch:.3f}")
assert round(2.611 / stretch, 3) == 0.750
some = np.random.default_rng(0).normal(0.01, 0.1, 100)
uncorrected = some.mean() / np.sqrt(some.var(ddof=1) / 100)
assert np.isclose(uncorrected / corrected_t_test(some, 90, 10).t, stretch)

# %% [markdown]
# **What goes wrong.** Let two models be equally good, by construction: each looks at one column, and both
# columns are made alike. A test at 5 % should cry "better!" for one data set in twenty. Do it for 200 data
# sets of 100 rows. With 50 splits the usual test cries for more than half of them, and the more splits,
# the louder. The corrected test stays near 5 %.


# %%
def differences(rng, J, n=100, n_test=20):
    """Return how much better one of two equal models did, in J random splits of one data set."""
    t = np.repeat([0, 1], n // 2)
    Z = t[:, None] + rng.normal(size=(n, 2))
    test = rng.random((J, n)).argsort(axis=1) < n_test  # (J, n)
    share = []
    for x in Z.T:  # a model of one column: its cut is midway between the means of the two classes
        mean = [(~test @ (x * (t == c))) / (~test @ (t == c).astype(float)) for c in (0, 1)]
        right = (x > (mean[0] + mean[1])[:, None] / 2) == t
        share.append((right & test).sum(axis=1) / n_test)
    return share[0] - share[1]


rng, counts = np.random.default_rng(0), (5, 10, 20, 50, 100)
alarms = np.zeros((len(counts), 2))
for i, J in enumerate(counts):
    for _ in range(200):
        d = differences(rng, J)
        usual = d.mean() / np.sqrt(d.var(ddof=1) / J) if d.any() else 0.0
        alarms[i] += (
            2 * student_tail(abs(usual), J - 1) < 0.05,
            corrected_t_test(d, 80, 20).p_value < 0.05,
        )
alarms /= 200
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for column, name, colour in ((0, "usual t-test", COLOURS[5]), (1, "corrected", COLOURS[0])):
    ax.plot(counts, alarms[:, column], "o-", color=colour, label=name)
ax.axhline(0.05, color="0.4", linestyle=":")
ax.legend(frameon=False)
ax.set_title("Two equal models: how often a test at 5 % says that one is better", fontsize=11)
ax.set(xlabel="Splits of the same 100 rows", ylabel="Share of data sets", ylim=(0, 0.8))
print(alarms.round(2).tolist())
assert alarms[3, 0] > 0.5 and alarms[-1, 0] > alarms[0, 0] + 0.2
assert (alarms[:, 1] < 0.09).all()

# %% [markdown]
# `compare_models` does it all: the same folds for both, and the corrected test. Is a forest better than the
# logistic regression, at the school? By this it cannot be told: the interval holds 0.

# %%
forest = make_pipeline(
    SimpleImputer(strategy="median"),
    RandomForestClassifier(n_estimators=30, min_samples_leaf=5, random_state=0),
)
folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=0)
answer = compare_models(forest, filled, X, y, scoring="roc_auc", cv=folds)
print(answer)
assert answer.low < 0 < answer.high and len(answer.folds) == 10

# %% [markdown]
# If it cannot be told, take the model that is easier to read.
#
# ## So, the salesman
#
# Ask him five questions. On which pupils was it tested, and were they of a later year? Is any pupil, class or
# school on both sides? On which day was each column known? Who made the label, and from what? What does
# the simplest model have, on the same pupils, and what is the interval of the difference? An honest .88
# is better than a .98 that nobody can explain.
#
# ## Where to read on
#
# - Hastie, Tibshirani & Friedman, *The Elements of Statistical Learning*, section 7.10.2: the wrong and the
#   right way to cross-validate.
# - Kaufman, Rosset, Perlich & Stitelman (2012), *Leakage in data mining*, ACM Transactions on Knowledge
#   Discovery from Data 6. Kapoor & Narayanan (2023), *Leakage and the reproducibility crisis in
#   machine-learning-based science*, Patterns 4.
# - Nadeau & Bengio (2003), *Inference for the generalization error*, Machine Learning 52.
# - DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44: two AUCs of the same rows.
#
# ## Exercises
#
# - Exercise 24: k folds that lose no row, `python -m tutorials check 24`
# - Exercise 25: a feature as of a week, `python -m tutorials check 25`
# - Exercise 26: find the leak, `python -m tutorials check 26`

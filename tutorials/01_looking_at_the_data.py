# %% [markdown]
# # Looking at the data
#
# The school hands over its tables: who was absent, how the quizzes went, last year's scores. Before any
# model, a question: **what do these numbers say, and what do they hide?** A cell can be wrong. A cell can
# be missing, and the reason it is missing can be the very thing we look for. Words must become numbers,
# and numbers of different size must be made comparable. Each of these steps can quietly spoil everything
# that comes after it.

# %%
import inspect
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import mlcore
from mlcore import LogisticRegression
from mlcore.metrics import roc_auc_score
from mlcore.preprocessing import (
    MissingIndicator,
    OneHotEncoder,
    OrdinalEncoder,
    SimpleImputer,
    StandardScaler,
)
from mlcore.preprocessing.scaling import weighted_moments
from risk.features.known import build_features
from risk.school import simulate_school

ROOT = Path(mlcore.__file__).parents[1]  # of the repository, whatever folder this runs in
school = simulate_school(n_pupils=600, n_weeks=18, seed=0, n_futures=0)
pupils, quizzes = school.tables["pupils"].set_index("pupil"), school.tables["quizzes"]
print({name: table.shape for name, table in school.tables.items()})
print(quizzes.head(6))

# %% [markdown]
# ## First of all, look
#
# The mean quiz score is 64.3 of 100, with a standard deviation of 44.1 (how far scores typically lie
# from their mean; the formula comes below). Can that be? For scores from 0 to
# 100 a deviation of 44 would need nearly everyone at one end or the other. A histogram shows what happened:
# 22 of the 15,921 scores are 999. Somebody leant on a key.
#
# So few, and they move the mean by more than a point, and make the deviation 1.7 times as large. The
# **median**, the value in the middle when all are sorted, does not notice: it is 70 with them and
# without. A value that cannot be is not a value. We take it as missing.

# %%
raw = quizzes["score"]
score = raw.where(raw.between(0, 100))  # what is impossible becomes missing
figure, axes = plt.subplots(1, 2, figsize=(7, 2.8), layout="constrained")
axes[0].hist(raw.dropna(), bins=50, color="#0072B2")
axes[0].set(title="as recorded", xlabel="score", ylabel="quizzes (log scale)", yscale="log")
axes[1].hist(score.dropna(), bins=np.arange(-5, 106, 10), color="#0072B2", edgecolor="white")
axes[1].set(title="possible scores only", xlabel="score (points of 100)", ylabel="quizzes")
print(
    f"mean {raw.mean():.1f} -> {score.mean():.1f}, deviation {raw.std():.1f} -> {score.std():.1f}"
)
assert len(raw) == 15_921 and (raw == 999).sum() == 22 and ((raw > 100) == (raw == 999)).all()
assert round(raw.mean(), 1) == 64.3 and round(raw.std(), 1) == 44.1
assert raw.mean() - score.mean() > 1 and raw.std() > 1.7 * score.std()
assert raw.median() == score.median() == 70

# %% [markdown]
# Then look at columns beside the outcome. What we know in week 8 of the pupils of 2024 and 2025, whose year
# is over: those who ended at risk, and the others. The humps overlap. No single column parts them, and no
# model will part them cleanly.

# %%
quizzes["score"] = score
ended = school.tables["outcomes"].set_index("pupil")["at_risk"].eq("yes")
features = build_features(school.tables, week=8)
features = features[features.index.isin(ended.index)]
y = ended[features.index].to_numpy().astype(int)
year = pupils["year"][features.index].to_numpy()
figure, axes = plt.subplots(1, 3, figsize=(8, 2.8), layout="constrained")
shown = {
    "prior_score": "last year's score (points)",
    "quiz_mean": "mean quiz score (points)",
    "absent_share": "days absent (%)",
}
for ax, (name, label) in zip(axes, shown.items(), strict=True):
    bins = np.linspace(features[name].min(), features[name].max(), 16)
    for value, colour, text in ((0, "#0072B2", "all well"), (1, "#E69F00", "at risk")):
        x = features[name][y == value].dropna()
        ax.hist(x, bins, density=True, histtype="stepfilled", alpha=0.35, color=colour)
        ax.hist(x, bins, density=True, histtype="step", color=colour, label=text)
    ax.set(xlabel=label, yticks=[])
axes[0].set_ylabel("share of each group")
axes[0].legend(frameon=False, fontsize="small")
low, high = (features["quiz_mean"][y == value].mean() for value in (1, 0))
print(f"at risk {y.mean():.0%}; mean quiz score {low:.0f} of those, {high:.0f} of the others")
assert low < high - 15

# %% [markdown]
# ## Missing in three ways
#
# About seven in a hundred quiz scores are missing. Why? A school cannot tell. The simulation can: its truth
# keeps the reason of every missing cell. There are three kinds, and statistics has a name for each.
#
# 1. **At random.** The teacher lost the sheet. It could have been anyone's. (Missing completely at random.)
# 2. **Absent.** The pupil was away in that week. We can see that elsewhere, in the attendance. (Missing at
#    random, *given* what we see. The name is unlucky.)
# 3. **Weak.** The pupil expected to fail, and stayed away from the quiz. What decides is the very score that
#    we do not see. (Missing *not* at random.)
#
# The table has for each kind the pupils' mean hidden knowledge (0 is average when the years begin), their
# days absent in that week, the share of them who ended at risk, and the mean of the quizzes they did
# write. In the picture each box holds the middle half of the pupils, and the line in it is their median.

# %%
truth = school.truth["weeks"][["pupil", "week", "knowledge", "score_missing"]]
cells = quizzes.merge(truth, on=["pupil", "week"]).merge(school.tables["attendance"])
cells = cells.merge(school.truth["pupils"][["pupil", "at_risk"]])
cells = cells[~raw.eq(999).to_numpy()]  # the slips are another story
cells["kind"] = cells["score_missing"].replace("", "known")
cells["at_risk"] = cells["at_risk"].eq("yes")
own = quizzes.groupby("pupil")["score"].mean()
cells["other_quizzes"] = own[cells["pupil"]].to_numpy()
kinds = cells.groupby("kind")[["knowledge", "days_absent", "at_risk", "other_quizzes"]].mean()
kinds.insert(0, "cells", cells["kind"].value_counts())
kinds = kinds.loc[["known", "at random", "absent", "weak"]]
print(kinds.round(2))
assert 0.06 < cells["score"].isna().mean() < 0.08
assert abs(kinds["knowledge"]["at random"] - kinds["knowledge"]["known"]) < 0.1
assert kinds["days_absent"]["absent"] > 2 and kinds["days_absent"]["weak"] < 0.5
assert kinds["at_risk"]["weak"] > 0.6 and kinds["at_risk"]["known"] < 0.2

figure, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
ax.boxplot(
    [cells["knowledge"][cells["kind"] == kind] for kind in kinds.index],
    widths=0.6, showfliers=False, medianprops={"color": "black"},
)  # fmt: skip
ax.set_xticks(range(1, 5), [f"{k}\n({n:,} cells)" for k, n in kinds["cells"].items()])
ax.set_ylabel("hidden knowledge in that week")
title = ax.set_title("Who is behind a missing quiz score?")

# %% [markdown]
# Those missing at random are like the known ones. Of those who stayed away because they are weak, more than
# 60 % ended at risk, against fewer than 20 %. So **that a score is missing is news**, whatever
# stands in the cell. Count the quizzes a pupil missed:

# %%
missed = quizzes["score"].isna().groupby(quizzes["pupil"]).sum()[features.index].clip(upper=3)
rate = pd.Series(y, features.index).groupby(missed.to_numpy()).agg(["mean", "size"])
figure, ax = plt.subplots(figsize=(5, 2.6), layout="constrained")
ax.bar(rate.index, 100 * rate["mean"], color="#0072B2")
for x, (mean, size) in zip(rate.index, rate.to_numpy(), strict=True):
    ax.text(x, 100 * mean + 1, f"{size:.0f} pupils", ha="center", fontsize="small")
ax.set_xticks(rate.index, ["0", "1", "2", "3 or more"])
ax.set(xlabel="quiz scores missing in the year", ylabel="ended at risk (%)", ylim=(0, 80))
assert rate["mean"].is_monotonic_increasing and rate["mean"][3] > 4 * rate["mean"][0]

# %% [markdown]
# ## Six rows by hand
#
# Most models need a number in every cell, so something must be filled in. Six pupils; we learn from the
# first four, the **training rows**, and e and f are new.
#
# | pupil | last year's score | school |
# |---|---|---|
# | a | 50 | North |
# | b | ? | South |
# | c | 60 | North |
# | d | 80 | West |
# | **e** | ? | South |
# | **f** | 40 | East |
#
# **Fill.** The known training scores are 50, 60, 80; the one in the middle is 60. So b and e get 60. Not 55,
# the median of all four known scores: f is new, and nothing of f may be used before f is judged.
#
# **Mark.** A second column says where something was missing: b and e have 1, the others 0.
#
# **Scale.** After filling, the training rows are 50, 60, 60, 80. Their mean is 62.5. The squared distances
# from it, 156.25, 6.25, 6.25, 306.25, have the mean 118.75, so the standard deviation is 10.90. Every score
# becomes how many deviations it lies from the mean: f is at (40 − 62.5) / 10.90 = −2.06.
#
# **Encode.** A school is a word. One column for each school of the training rows, 1 where the pupil is in
# it: a is (1, 0, 0), b is (0, 1, 0), d is (0, 0, 1). f's school is new: (0, 0, 0).

# %%
scores = np.array([[50.0], [np.nan], [60.0], [80.0], [np.nan], [40.0]])
places = np.array([["North"], ["South"], ["North"], ["West"], ["South"], ["East"]])
train, new = slice(0, 4), slice(4, 6)
filler = SimpleImputer(strategy="median").fit(scores[train])
filled = filler.transform(scores)
scaler = StandardScaler().fit(filled[train])
marks = MissingIndicator().fit(scores[train]).transform(scores).astype(int)
schools = OneHotEncoder(handle_unknown="ignore").fit(places[train]).transform(places).astype(int)
print(np.column_stack([filled, marks, scaler.transform(filled).round(2), schools]))
assert filler.statistics_[0] == 60 and np.nanmedian(scores) == 55
assert marks[:, 0].tolist() == [0, 1, 0, 0, 1, 0]
assert scaler.mean_[0] == 62.5 and scaler.var_[0] == 118.75 and round(scaler.scale_[0], 2) == 10.90
assert round(scaler.transform(filled)[5, 0], 2) == -2.06
assert schools[[0, 1, 3, 5]].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]

# %% [markdown]
# ## The formula
#
# For one column, with the sums over the training rows whose value $x_i$ is known, $n$ of them:
#
# $$\mu = \frac{1}{n} \sum_i x_i, \qquad \sigma^2 = \frac{1}{n} \sum_i (x_i - \mu)^2, \qquad
# z = \frac{x - \mu}{\sigma}.$$
#
# The division is by $n$, not by $n - 1$ (pandas' `std` has $n - 1$; for 600 pupils the difference is small,
# but it is a difference). The median is the middle of the sorted known values, and of an even number of
# them the mean of the two in the middle. In plain loops, a column at a time:


# %%
def known(column):
    """Return the values of a column that are there."""
    return [x for x in column if x == x]  # NaN, "not a number", is not equal even to itself


def median(column):
    """Return the value in the middle, or the mean of the two."""
    values = sorted(known(column))
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def mean_and_variance(column):
    """Return the mean, and the mean squared distance from it."""
    values = known(column)
    mean = sum(values) / len(values)
    return mean, sum((x - mean) ** 2 for x in values) / len(values)


assert median(scores[train, 0]) == 60 and median([1, 2, 8, 0]) == 1.5
assert mean_and_variance(filled[train, 0]) == (62.5, 118.75)

# %% [markdown]
# ## What mlcore computes
#
# All columns at once, and with weights of rows. A row of weight 2 counts as the same row twice.

# %%
print(inspect.getsource(weighted_moments))

# %% [markdown]
# `w @ A` sums the columns, each row times its weight. Why subtract the mean first and square then, when
# $\frac{1}{n}\sum x^2 - \mu^2$ would need one pass only? Because of a famous mistake: for numbers that are
# large and close together both terms are nearly the same, and their difference is rounding. Three exam
# numbers, 1,000,000,001 to 1,000,000,003, have the variance 2/3. The short way says 0.

# %%
learnt = year == 2024
table = features[learnt].to_numpy()
mean, variance, n = weighted_moments(table, np.ones(len(table)))
for j, column in enumerate(table.T):
    assert np.allclose((mean[j], variance[j]), mean_and_variance(column.tolist()))
    assert n[j] == len(known(column))
medians = SimpleImputer(strategy="median").fit(table).statistics_
assert np.allclose(medians, [median(column.tolist()) for column in table.T])

large = np.array([1e9 + 1, 1e9 + 2, 1e9 + 3])
short = np.mean(large**2) - np.mean(large) ** 2
print(f"short way {short}, two passes {weighted_moments(large[:, None], np.ones(3))[1][0]:.4f}")
assert short == 0 and np.isclose(weighted_moments(large[:, None], np.ones(3))[1][0], 2 / 3)

# %% [markdown]
# ## The reference numbers
#
# The penguins of Palmer station are a data set made for practice: 344 birds. R prints of them, with
# `summary(penguins)`, these means and medians, two missing values in each column and eleven unknown sexes.
# Ours agree to the last printed digit.

# %%
penguins = pd.read_csv(ROOT / "benchmarks/references/data/penguins.csv")
published = {  # mean, median
    "bill_length_mm": (43.92, 44.45),
    "bill_depth_mm": (17.15, 17.30),
    "flipper_length_mm": (200.9, 197.0),
    "body_mass_g": (4202, 4050),
}
birds = penguins[list(published)].to_numpy()
means = SimpleImputer(strategy="mean").fit(birds).statistics_
medians = SimpleImputer(strategy="median").fit(birds).statistics_
for name, ours in zip(published, zip(means, medians, strict=True), strict=True):
    print(f"{name}: mean {ours[0]:.4g}, median {ours[1]:.4g}; published {published[name]}")
    assert [f"{value:.4g}" for value in ours] == [f"{value:.4g}" for value in published[name]]
assert len(penguins) == 344 and np.isnan(birds).sum(axis=0).tolist() == [2, 2, 2, 2]
assert penguins["sex"].isna().sum() == 11

# %% [markdown]
# ## What filling does
#
# Last year's score is missing for one pupil in ten. Fill the median in, and a spike stands in the middle:
# a tenth of the pupils now look exactly average. The spread of the column shrinks, and so does what it seems
# to say. Filling makes no knowledge.
#
# **What goes wrong.** The commonest filling on the web is `fillna(0)`. Then those pupils are not average, but
# the worst of the school, by far. The AUC, the chance that a pupil at risk has a lower score than one who is
# not (tutorial 5), falls further than with the median.

# %%
prior = features["prior_score"]
middle = SimpleImputer(strategy="median").fit(prior[learnt].to_numpy()[:, None]).statistics_[0]
fillings = {"median": prior.fillna(middle), "zero": prior.fillna(0.0)}
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6), layout="constrained", sharey=True)
for ax, (title, column) in zip(axes, fillings.items(), strict=True):
    ax.hist(column, bins=np.arange(0, 101, 4), color="#E69F00", label="filled in")
    ax.hist(prior.dropna(), bins=np.arange(0, 101, 4), color="#0072B2", label="known")
    ax.set(xlabel="last year's score (points)", title=f"filled with {title}")
axes[0].set_ylabel("pupils")
axes[0].legend(frameon=False, fontsize="small")
there = prior.notna().to_numpy()
auc = {"known only": roc_auc_score(y[there], -prior[there])}
auc |= {title: roc_auc_score(y, -column) for title, column in fillings.items()}
spread = {"known only": prior.std()} | {t: c.std() for t, c in fillings.items()}
for title in auc:
    print(f"{title:>10}: deviation {spread[title]:.1f}, AUC {auc[title]:.3f}")
assert 0.08 < prior.isna().mean() < 0.12
assert spread["median"] < spread["known only"] < spread["zero"]
assert auc["zero"] < auc["median"] < auc["known only"]

# %% [markdown]
# And a filled quiz score? The median is 70. The pupils who stayed away because they are weak have a mean of
# about 42 in the quizzes they did write: the filled cell speaks far too well of them. No filling can know
# that. But the mark beside it, "is missing", lets a model learn that such pupils fare differently. So:
# **fill, and mark.**

# %%
print(kinds["other_quizzes"].round(0).to_dict())
assert abs(kinds["other_quizzes"]["weak"] - 42) < 1
assert abs(kinds["other_quizzes"]["at random"] - kinds["other_quizzes"]["known"]) < 3

# %% [markdown]
# ## Words into numbers
#
# A word has no size. Give the schools the codes 0, 1, 2, … and a linear model (one that adds up each
# column times a fixed number, such as tutorial 2's) must say that risk rises, or falls, from school
# to school in the order of the alphabet. One column for each school lets each have its own level.
# (For a category with an order, such as "no secondary school" to "university", codes in *that* order
# make sense, if you give them: sorted by alphabet "college" would come first.) A tree minds less: it
# can cut codes in several places.

# %%
names = pupils.loc[features.index, ["school"]]
coded = OrdinalEncoder().fit(names[learnt]).transform(names)
one_hot = OneHotEncoder(drop=None).fit(names[learnt]).transform(names)
found = {}
for title, columns in (("codes", coded), ("one column each", one_hot)):
    model = LogisticRegression(alpha=0.001).fit(columns[learnt], y[learnt])
    found[title] = roc_auc_score(y[~learnt], model.predict_proba(columns[~learnt])[:, 1])
    print(f"{title}: AUC in 2025 of the school alone {found[title]:.2f}")
assert found["one column each"] > found["codes"] + 0.05

levels = [["no secondary school", "secondary school", "college", "university"]]
education = pupils.loc[features.index, ["parents_education"]]
rank = OrdinalEncoder(categories=levels).fit(education).transform(education)[:, 0]
by_rank = [y[rank == k].mean() for k in range(4)]
print("at risk by the parents' education:", [f"{share:.0%}" for share in by_rank])
assert by_rank == sorted(by_rank, reverse=True)
print(inspect.getsource(OneHotEncoder.transform))

# %% [markdown]
# One column can always be told from the others (it is 1 where they are all 0). For a linear model without a
# penalty (tutorial 4) that is one too many, and `drop="first"` leaves it out.
#
# ## Scaling learnt from the training rows
#
# **What goes wrong.** "Scale the new pupils, too": with their *own* mean and deviation. It runs, and says
# nothing. One new pupil with a score of 40 is then at 0, exactly average, whatever the score: a column's own
# mean of one value is that value. And a whole year that did 10 points worse looks like every other year; the
# change we should see has been subtracted.

# %%
scaler = StandardScaler().fit(prior[learnt].to_numpy()[:, None])
for one in (40.0, 90.0):
    right = scaler.transform([[one]])[0, 0]
    wrong = StandardScaler().fit_transform([[one]])[0, 0]
    print(f"score {one:.0f}: by the training rows {right:+.2f}, by its own mean {wrong:+.2f}")
    assert wrong == 0 and abs(right) > 1
worse = prior[~learnt].to_numpy()[:, None] - 10
shift = np.nanmean(scaler.transform(worse)), np.nanmean(StandardScaler().fit_transform(worse))
print(
    f"a year 10 points worse: {shift[0]:+.2f} by the training rows, {abs(shift[1]):.2f} by its own"
)
assert shift[0] < -0.5 and abs(shift[1]) < 1e-12

# %% [markdown]
# The rule is the same for medians, scales and categories: **`fit` on the training rows, `transform` for
# everyone.** That is why they are two functions.
#
# ## Why the test set stays shut
#
# The pupils of 2025 are there to say how good a model is on pupils it never saw. Each look at them to decide
# something (a feature, a setting, a threshold) uses them up a little. To see how fast, make 300 columns of
# pure noise, which know nothing. Look which of them does best on 60 test pupils. It "predicts" well. On the
# other pupils of 2025 it is worth what it always was: nothing, an AUC near one half.

# %%
rng = np.random.default_rng(1)
tested = np.flatnonzero(~learnt)
opened, others = tested[:60], tested[60:]
noise = rng.normal(size=(len(y), 300))
on_opened = np.array([roc_auc_score(y[opened], column) for column in noise[opened].T])
best = int(on_opened.argmax())
truly = roc_auc_score(y[others], noise[others, best])
print(
    f"best of 300 columns of noise: AUC {on_opened[best]:.2f} where chosen, {truly:.2f} elsewhere"
)
assert on_opened[best] > 0.7 and abs(truly - 0.5) < 0.07
figure, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
ax.hist(on_opened, bins=25, color="#0072B2")
ax.axvline(on_opened[best], color="black", linestyle="--", label="the best, where it was chosen")
ax.axvline(truly, color="#D55E00", label="the same column on other pupils")
ax.set(xlabel="AUC on 60 test pupils", ylabel="columns of noise", title="Choosing on the test set")
legend = ax.legend(frameon=False, fontsize="small")

# %% [markdown]
# This tutorial looked at both years together in its pictures, but every number that a model would use came
# from 2024. To choose between models, part the training rows again (tutorial 9).
#
# ## Where to read on
#
# - Rubin (1976), *Inference and missing data*, Biometrika 63: the three kinds. Van Buuren (2018), *Flexible
#   Imputation of Missing Data*, chapters 1 and 2.
# - Hastie, Tibshirani & Friedman (2009), *The Elements of Statistical Learning*, section 7.10.2: the wrong
#   and the right way to do cross-validation.
# - Chan, Golub & LeVeque (1983), *Algorithms for computing the sample variance*, The American
#   Statistician 37.
# - Horst, Hill & Gorman (2020), *palmerpenguins*.
# - `mlcore/preprocessing/`: `imputing.py`, `encoding.py`, `scaling.py`.
#
# ## Exercise
#
# Exercise 18: fill with the medians of the training rows, `python -m tutorials check 18`. (`np.nanmedian`
# leaves missing values out; with `axis=0` it has one for each column. `np.where(mask, a, b)` takes a where
# the mask is true, else b, cell by cell.)

# %% [markdown]
# # Logistic regression from nothing
#
# A teacher looks at two numbers in week 8: the mean of a pupil's quizzes, and how much of the set
# practice was done. How likely is this pupil to end the year below the cut? The answer should be a
# probability, and the teacher should be able to read where it comes from. Logistic regression gives
# both. This tutorial builds it: the loss, its slope, the descent, and how far to trust the result.

# %%
import inspect
import json
import math
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import mlcore
from mlcore import LogisticRegression
from mlcore.checks import SeparationWarning
from mlcore.linear import infer, losses
from mlcore.linear.objective import Objective
from mlcore.linear.solvers import gradient_descent
from mlcore.plot.style import COLOURS
from risk.data.records import read_records, write_records
from risk.features.known import school_table
from risk.school import as_of, simulate_school

ROOT = Path(mlcore.__file__).parents[1]
BLUE, ORANGE, GREEN = COLOURS[:3]

school = simulate_school(n_pupils=300, n_weeks=18, seed=0, n_futures=0)
with TemporaryDirectory() as folder:  # through files, as a school's own would come
    write_records(as_of(school, week=8), folder)
    table = school_table(read_records(folder), week=8)
known = table.at_risk.notna().to_numpy()  # the years that have ended
X = table.features.loc[known, ["quiz_mean", "completed_share"]]
y = table.at_risk[known].to_numpy().astype(int)  # 1: ended below the cut
print(f"{len(y)} pupils, {y.mean():.0%} of them at risk")
assert len(y) == 582 and X.notna().all(axis=None)
assert round(y.mean(), 2) == 0.18

# %%
bins = np.arange(0, 101, 10)
group = np.digitize(X["quiz_mean"], bins)
middle = [X["quiz_mean"][group == g].mean() for g in np.unique(group)]
share = [y[group == g].mean() for g in np.unique(group)]
size = [(group == g).sum() for g in np.unique(group)]

fig, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
ax.scatter(middle, share, s=size, color=BLUE)
ax.set(
    xlabel="Mean quiz score by week 8 (points)",
    ylabel="Share that ended at risk",
    title="The lower the quizzes, the more pupils at risk (area: number of pupils)",
)
assert share[0] > 0.5 > 0.1 > share[-1]

# %% [markdown]
# The share falls along a bent line: it cannot go below 0 or above 1. A straight line would.
#
# ## From a probability to a score, and back
#
# The **odds** of a probability $p$ are $p / (1 - p)$. "3 to 1" is $p = 3/4$. The logarithm of the
# odds runs over all numbers: it is 0 for a coin, above 0 for "rather yes", below for "rather no".
# So let a straight line say the *log-odds*. We call it the **score**, $z$:
#
# $$z = b + \beta_1 x_1 + \beta_2 x_2 + \dots \qquad p = \mathrm{sigmoid}(z) = \frac{1}{1 + e^{-z}}$$
#
# The sigmoid turns a score back into a probability. $b$ is the **intercept**, each $\beta$ a
# **coefficient**. Finding good values for them is all that is left to do.

# %%
z = np.linspace(-6, 6, 121)
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.plot(z, losses.sigmoid(z), color=BLUE)
for odds, words in ((1 / 3, "1 to 3"), (1, "1 to 1"), (3, "3 to 1")):
    p = odds / (1 + odds)
    assert abs(losses.sigmoid(np.array(math.log(odds))) - p) < 1e-15
    ax.plot(math.log(odds), p, "o", color=ORANGE)
    ax.annotate(words, (math.log(odds), p), (8, -8), textcoords="offset points")
ax.set(xlabel="Score (log-odds)", ylabel="Probability", title="The sigmoid, and three odds on it")
assert math.log(1) == 0

# %% [markdown]
# `exp(1000)` is too large for a number, so a careful sigmoid uses `exp(-|z|)` only, which lies
# between 0 and 1. For $z \ge 0$ that is the formula above. For $z < 0$ multiply numerator and
# denominator by $e^{z}$: the sigmoid is $e^{z} / (1 + e^{z})$. This is the first function of mlcore
# we shall read:

# %%
print(inspect.getsource(losses.sigmoid))

# %% [markdown]
# ## Six pupils by hand
#
# One number for each pupil, $x$: quizzes missed. Suppose someone offers $b = -\log 3$ and
# $\beta = \log 3$. The score of a pupil who missed none is $-\log 3$, odds 1 to 3, so $p = 1/4$.
# One missed: $z = 0$, $p = 1/2$. Two missed: $z = \log 3$, $p = 3/4$.
#
# | pupil | missed $x$ | at risk $y$ | $p$ | said of what happened | $p - y$ |
# |---|---|---|---|---|---|
# | a | 0 | 0 | 1/4 | 3/4 | 1/4 |
# | b | 0 | 0 | 1/4 | 3/4 | 1/4 |
# | c | 1 | 1 | 1/2 | 1/2 | −1/2 |
# | d | 1 | 0 | 1/2 | 1/2 | 1/2 |
# | e | 2 | 1 | 3/4 | 3/4 | −1/4 |
# | f | 2 | 1 | 3/4 | 3/4 | −1/4 |
#
# "Said of what happened" is $p$ where $y = 1$ and $1 - p$ where $y = 0$. The product of the six is
# how likely all that happened was, by this $b$ and $\beta$: the **likelihood**,
# $(3/4)^4 (1/2)^2 = 81/1024$. Another $b$ and $\beta$ that make it larger explain the six better.
# So make it as large as possible.
#
# A product of 582 such factors is too small for a number, so take logarithms, which turns it into a
# sum. Turn the sign, so that small is good, and divide by $n$, so that it does not grow with the
# school. That is the **log loss**: the mean of $-\log$ of what was said of what happened. Here
# $(4 \log(4/3) + 2 \log 2) / 6 = 0.423$. Saying $1/2$ of everyone costs $\log 2 = 0.693$.

# %%
missed = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
at_risk = np.array([0, 0, 1, 0, 1, 1])
A6 = np.column_stack([np.ones(6), missed])  # a column of ones, for the intercept
theta6 = np.array([-math.log(3), math.log(3)])  # intercept and coefficient in one array

p6 = losses.sigmoid(A6 @ theta6)
assert np.allclose(p6, [1 / 4, 1 / 4, 1 / 2, 1 / 2, 3 / 4, 3 / 4])
said = np.where(at_risk == 1, p6, 1 - p6)
likelihood = said.prod()
assert abs(likelihood - 81 / 1024) < 1e-15
loss6 = -np.log(said).mean()
assert abs(loss6 - (4 * math.log(4 / 3) + 2 * math.log(2)) / 6) < 1e-15
assert round(loss6, 3) == 0.423 and round(math.log(2), 3) == 0.693
assert 0.75**582 > 0 and 0.25**582 == 0  # too small for a number
print(f"likelihood {likelihood:.4f}, log loss {loss6:.4f}")

# %% [markdown]
# ## The formula, and its slope
#
# Write $a_i$ for the row $(1, x_{i1}, \dots, x_{id})$ and $\theta$ for
# $(b, \beta_1, \dots, \beta_d)$. Then $z_i = a_i \cdot \theta$. With $p = e^z / (1 + e^z)$ the two
# cases of a row's loss become one:
#
# $$\ell(z, y) = \log(1 + e^{z}) - y z, \qquad J(\theta) = \frac1n \sum_i \ell(z_i, y_i)$$
#
# (For $y = 0$: $-\log(1 - p) = \log(1 + e^z)$. For $y = 1$: $-\log p = \log(1 + e^z) - z$.) No $p$
# is needed, which will matter below.
#
# To make $J$ small we ask how it changes with each entry of $\theta$. The derivative of
# $\log(1 + e^z)$ is $e^z / (1 + e^z) = p$, so
#
# $$\frac{\partial \ell}{\partial z} = p - y, \qquad
#   \frac{\partial J}{\partial \theta_j} = \frac1n \sum_i (p_i - y_i)\, a_{ij}$$
#
# since $z_i$ changes by $a_{ij}$ when $\theta_j$ changes by 1 (the chain rule). Read it aloud: *the
# mean of the error times the column*. These numbers together are the **gradient**,
# $A^\top (p - y) / n$, where the rows of $A$ are the $a_i$.
#
# For the six pupils the errors add up to 0: nothing to gain from $b$. Times $x$ they are
# $0, 0, -1/2, 1/2, -1/2, -1/2$, with the mean $-1/6$: the loss falls when $\beta$ grows.

# %% [markdown]
# ## The naive code
#
# Loops, as the formula says them.


# %%
def loss_slowly(A, y, theta):
    """Return the mean over the rows of log(1 + exp(z)) - y z."""
    total = 0.0
    for i in range(len(y)):
        z = sum(A[i][j] * theta[j] for j in range(len(theta)))
        total += math.log(1 + math.exp(z)) - y[i] * z
    return total / len(y)


def gradient_slowly(A, y, theta):
    """Return the mean over the rows of (p - y) a, one number for each entry of theta."""
    slope = [0.0] * len(theta)
    for i in range(len(y)):
        z = sum(A[i][j] * theta[j] for j in range(len(theta)))
        p = 1 / (1 + math.exp(-z))
        for j in range(len(theta)):
            slope[j] += (p - y[i]) * A[i][j] / len(y)
    return slope


assert abs(loss_slowly(A6, at_risk, theta6) - loss6) < 1e-15
assert np.allclose(gradient_slowly(A6, at_risk, theta6), [0, -1 / 6], atol=1e-15)
print([round(float(value), 4) for value in gradient_slowly(A6, at_risk, theta6)])

# %% [markdown]
# ## Is the gradient right? Finite differences
#
# A derivation by hand may be wrong. Measure the slope instead: change one entry of $\theta$ by a
# small $h$ up and down, and divide the change of $J$ by $2h$. A short $h$ sounds best, but too
# short a one loses the change in rounding. The picture shows both: the error falls as $h^2$, then
# rises again.


# %%
def slope_measured(A, y, theta, j, h):
    """Return (J(theta + h) - J(theta - h)) / 2h for entry j."""
    up, down = np.array(theta), np.array(theta)
    up[j] += h
    down[j] -= h
    return (loss_slowly(A, y, up) - loss_slowly(A, y, down)) / (2 * h)


h = np.logspace(-13, 0, 40)
error = [abs(slope_measured(A6, at_risk, theta6, 1, step) + 1 / 6) for step in h]
best = h[np.argmin(error)]
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.loglog(h, np.maximum(error, 1e-17), "o-", color=BLUE, markersize=4)
ax.set(
    xlabel="h",
    ylabel="Distance from −1/6",
    title="Too long a step misses the bend, too short a one drowns in rounding",
)
assert min(error) < 1e-10 and 1e-7 < best < 1e-3
assert error[0] > 1e-6 and error[-1] > 1e-3

# %% [markdown]
# Test every gradient you write in this way, with $h$ near $10^{-5}$. A wrong sign or a forgotten
# $n$ shows at once.
#
# ## The same in mlcore
#
# The loss of each row and its slope, without loops. `np.log1p(np.exp(-np.abs(z)))` is
# $\log(1 + e^{-|z|})$, so that nothing can overflow. ($Z$ has a column for each score; two classes
# need one.)

# %%
print(inspect.getsource(losses.logistic_loss))
print(inspect.getsource(losses.logistic_slope))
print(inspect.getsource(Objective.at))

# %% [markdown]
# `at` reads the rows in blocks that stay in the processor's cache, and allows each row a weight $w$
# and each column a penalty (`ridge`, `lasso`: tutorial 4). Without these it is what we wrote. It
# agrees with the loops on all pupils, and takes a fraction of the time.

# %%
mean, deviation = X.to_numpy().mean(axis=0), X.to_numpy().std(axis=0)
A = np.column_stack([np.ones(len(y)), (X.to_numpy() - mean) / deviation])  # standardised columns


def objective_of(A, y, alpha=0.0):
    """Return mlcore's J for these rows, all weights 1; the intercept is not penalised."""
    ridge = alpha * np.append(0.0, np.ones(A.shape[1] - 1))
    return Objective(A, y, np.ones(len(y)), ridge, np.zeros(A.shape[1]), n_scores=1)


J = objective_of(A, y)
theta = np.array([-1.0, -0.5, -0.5])
started = time.perf_counter()
slow_loss, slow_gradient = loss_slowly(A, y, theta), gradient_slowly(A, y, theta)
slow = time.perf_counter() - started
started = time.perf_counter()
point = J.at(theta[None])
quick = time.perf_counter() - started
assert abs(point.loss - slow_loss) < 1e-12
assert np.allclose(point.gradient[0], slow_gradient, atol=1e-12)
assert slow > quick
print(f"J = {point.loss:.4f}, gradient {point.gradient[0].round(4)}")

# %% [markdown]
# ## Descent
#
# The gradient points where $J$ rises. So walk the other way, again and again:
#
# $$\theta \leftarrow \theta - \text{step} \cdot \nabla J(\theta)$$
#
# ($\nabla J$ is the usual short sign for the gradient of $J$.) Nothing else is needed. $J$ has a
# single valley (its curvature is never below 0, see below), so every walk that keeps going down ends
# at the same place. How long the step may be, and how to need fewer, is tutorial 3. The columns here
# are **standardised**: mean 0, deviation 1. Why this helps is told there too.

# %%
theta, curve = np.zeros(3), []
for _ in range(400):
    here = J.at(theta[None])
    curve.append(here.loss)
    theta = theta - 2.0 * here.gradient[0]

fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.plot(curve[:61], color=BLUE)
ax.axhline(curve[-1], color="0.6", linestyle=":")
ax.set(
    xlabel="Steps", ylabel="Log loss", title="The loss of 582 pupils, from 'a coin for everyone' on"
)
assert abs(curve[0] - math.log(2)) < 1e-12
assert (np.diff(curve[:60]) < 0).all()
print(f"from {curve[0]:.3f} to {curve[-1]:.3f}")

# %% [markdown]
# A number from elsewhere to hold it against. Spector and Mazzeo (1980) asked whether a new way of
# teaching economics (PSI) raised the grades of 32 students. For their table someone has computed 25
# steps of this very descent in arithmetic of 40 digits. Ours, from mlcore's `gradient_descent`,
# agrees in every step.

# %%
topics = json.loads((ROOT / "benchmarks/references/logistic.json").read_text("utf-8"))["topics"]
entries = {entry["id"]: entry for topic in topics for entry in topic["entries"]}
students = pd.read_csv(ROOT / "benchmarks/references/data/spector.csv")
S, grade = students[["GPA", "TUCE", "PSI"]], students["GRADE"].to_numpy().astype(int)

stored = entries["gd__spector__lr=0.5__lambda=0.0"]["expected"]["loss_before_step_t"]
AS = np.column_stack([np.ones(32), (S - S.mean()) / S.std(ddof=0)])
steps = gradient_descent(objective_of(AS, grade), np.zeros((1, 4)), learning_rate=0.5)
ours = [here.loss for here, _ in zip(steps, stored, strict=False)]
assert len(stored) == 26 and np.allclose(ours, stored, rtol=1e-13)
print(f"after 25 steps: ours {ours[-1]:.12f}, in 40 digits {stored[-1]:.12f}")

# %% [markdown]
# ## What it says of the school
#
# `LogisticRegression` does the same with better steps, and gives the coefficients back in the units
# of the columns.

# %%
model = LogisticRegression().fit(X, y)
mine = theta[1:] / deviation
assert np.allclose(model.coef_[0], mine, rtol=1e-6)
assert abs(model.intercept_[0] - (theta[0] - mine @ mean)) < 1e-5
for name, coefficient in zip(X, model.coef_[0], strict=True):
    print(f"{name:16} {coefficient:+.4f}   odds times {math.exp(coefficient):.3f} for 1 more")

# %% [markdown]
# One more point in the quizzes adds $-0.037$ to the log-odds, at the same practice. Adding to a
# logarithm is multiplying: the odds are multiplied by $e^{-0.037} = 0.964$. This is the **odds
# ratio**. Ten points: $0.964^{10} = 0.69$. Ten percentage points more practice done:
# $e^{-0.785} = 0.46$.
#
# An odds ratio is *not* a ratio of risks. The mistake is famous, and newspapers make it. Odds of
# 0.46 times turn a risk of 1/2 into 0.31, but a risk of 5 % into 2.3 %.

# %%
ratio = np.exp(model.coef_[0])
assert model.coef_[0].round(3).tolist() == [-0.037, -0.078]
assert round(ratio[0], 3) == 0.964 and round(ratio[0] ** 10, 2) == 0.69
assert round(10 * model.coef_[0][1], 3) == -0.785
tenfold = ratio[1] ** 10
assert round(tenfold, 2) == 0.46


def changed(risk, odds_ratio):
    """Return the risk whose odds are those of a risk times the ratio."""
    odds = risk / (1 - risk) * odds_ratio
    return odds / (1 + odds)


assert round(changed(0.5, tenfold), 2) == 0.31
assert round(changed(0.05, tenfold), 3) == 0.023
print(f"50 % -> {changed(0.5, tenfold):.1%}, 5 % -> {changed(0.05, tenfold):.1%}")

# %%
line = np.linspace(0, 100, 101)
fig, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
for done, colour in ((60, ORANGE), (75, BLUE), (90, GREEN)):
    grid = X.iloc[[0] * len(line)].assign(quiz_mean=line, completed_share=float(done))
    ax.plot(line, model.predict_proba(grid)[:, 1], color=colour, label=f"{done} % of practice done")
ax.legend(frameon=False)
ax.set(
    xlabel="Mean quiz score by week 8 (points)",
    ylabel="Probability of being at risk",
    title="Straight lines in log-odds are bent in probability",
    ylim=(0, 1),
)
assert np.allclose(model.predict_proba(X)[:, 1].mean(), y.mean())  # the intercept sees to that

# %% [markdown]
# ## How far to trust a coefficient
#
# With other pupils the coefficients would have come out otherwise. By how much? Look at the valley
# of $J$ around its lowest point. Where it is narrow the data leave little choice; where it is flat,
# much. How the valley curves is the derivative of the gradient, a table called the **Hessian**.
# Since the derivative of $p$ in $z$ is $p(1-p)$,
#
# $$H = \frac1n \sum_i p_i (1 - p_i)\, a_i a_i^\top$$
#
# ($a a^\top$ is the table of all products of two entries of $a$.) It has no $y$ in it, and
# $p(1 - p)$ is never below 0: that is why $J$ has a single valley.
#
# For the six pupils $p(1-p)$ is $3/16, 3/16, 1/4, 1/4, 3/16, 3/16$. Their sum over 6 is $5/24$;
# with $x$ it is $5/24$ again, with $x^2$ it is $1/3$:
#
# $$H = \begin{pmatrix} 5/24 & 5/24 \\ 5/24 & 1/3 \end{pmatrix}$$
#
# Statistics (Fisher) says that the covariance of the estimates is about $(nH)^{-1}$. The square
# roots of its diagonal are the **standard errors**. In 95 of 100 samples the truth lies within 1.96
# of them.


# %%
def hessian_slowly(A, theta):
    """Return the mean over the rows of p (1 - p) a a'."""
    n, size = A.shape
    H = np.zeros((size, size))
    for i in range(n):
        p = 1 / (1 + math.exp(-sum(A[i, j] * theta[j] for j in range(size))))
        for j in range(size):
            for k in range(size):
                H[j, k] += p * (1 - p) * A[i, j] * A[i, k] / n
    return H


assert np.allclose(hessian_slowly(A6, theta6), [[5 / 24, 5 / 24], [5 / 24, 1 / 3]])
assert np.allclose(hessian_slowly(A, theta), J.curvature(theta[None]))
print(inspect.getsource(Objective.curvature))

# %% [markdown]
# `weighted_cross` is the sum of $w_i\, a_i a_i^\top$, block by block. For two classes it is `(A *
# weight[:, None]).T @ A`. `mlcore.linear.infer` makes the table that R users know. On the students
# of Spector and Mazzeo every figure is R's, and the one printed in Greene's *Econometric Analysis*.
# (The deviance is the log loss times $2n$; the null deviance is that of a model with an intercept alone.
# z is the estimate over its standard error, and the last column how often chance alone would bring a z
# as far from 0. Nothing below needs the rest.)

# %%
study = LogisticRegression().fit(S, grade)
result = infer(study, S, grade)
print(result.summary())
expected = entries["spector"]["expected"]
assert np.allclose(result.coefficients, expected["coef"], rtol=1e-7)
assert np.allclose(result.standard_errors, expected["se"], rtol=1e-6)
assert result.coefficients.round(4).tolist() == [-13.0213, 2.8261, 0.0952, 2.3787]  # as printed
assert result.standard_errors.round(3).tolist() == [4.931, 1.263, 0.142, 1.065]

AS_given = np.column_stack([np.ones(32), S])
by_hand = np.linalg.inv(32 * hessian_slowly(AS_given, result.coefficients))
assert np.allclose(np.sqrt(np.diag(by_hand)), result.standard_errors)

# %% [markdown]
# R's numbers come from another program. Is the *idea* right too? Try it: draw 300 schools from
# ours, with pupils drawn again and again from the same 582 (the bootstrap), and fit each. The
# coefficients scatter as the standard error said.

# %%
rng = np.random.default_rng(0)
values = X.to_numpy()
again = []
for _ in range(300):
    rows = rng.integers(0, len(y), len(y))
    again.append(LogisticRegression(tol=1e-6).fit(values[rows], y[rows]).coef_[0, 0])
found = infer(model, X, y)
error_said, error_seen = found.standard_errors[1], np.std(again)
assert abs(error_seen / error_said - 1) < 0.15

fig, ax = plt.subplots(figsize=(7, 3.3), layout="constrained")
ax.hist(again, bins=25, density=True, color=COLOURS[4], label="300 schools drawn anew")
at = np.linspace(min(again), max(again), 100)
centre = model.coef_[0, 0]
bell = np.exp(-0.5 * ((at - centre) / error_said) ** 2) / (error_said * math.sqrt(2 * math.pi))
ax.plot(at, bell, color="black", label="what the standard error says")
ax.legend(frameon=False)
ax.set(
    xlabel="Coefficient of quiz_mean (log-odds a point)",
    ylabel="Density",
    title="The curvature at one point foretells the scatter over many samples",
)
print(f"standard error {error_said:.5f}, seen {error_seen:.5f}")
for name, (r, low, high) in zip(found.names[1:], found.odds_ratios()[1:], strict=True):
    print(f"{name:16} odds ratio {r:.3f}, 95 % interval {low:.3f} to {high:.3f}")

# %% [markdown]
# Both intervals stay below 1. That is *association*: pupils with lower quizzes end at risk more
# often. It does not say that handing out points would help anyone.
#
# ## What goes wrong: no answer at all
#
# Go back to the six pupils. All who missed none are at 0, all who missed two are at 1. Making
# $\beta$ larger (and $b = -\beta$) always lowers the loss: pupils a, b, e, f get nearer and nearer
# to certain, and c and d stay at 1/2. There is no best $\beta$. This is **separation**: some
# direction of the coefficients makes no row worse, and some better. A descent just walks on, and
# whoever stops it after some steps publishes where it happened to be.

# %%
beta, stops = np.zeros(2), {}
for step in range(1, 10_001):
    beta = beta - 1.0 * A6.T @ (losses.sigmoid(A6 @ beta) - at_risk) / 6
    stops[step] = beta[1]

fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.semilogx(list(stops), list(stops.values()), color=BLUE)
ax.set(
    xlabel="Steps (log scale)",
    ylabel="Coefficient of quizzes missed",
    title="Separated classes: the coefficient grows for ever",
)
assert stops[10_000] > stops[1000] + 2 > stops[100] + 4
print(", ".join(f"after {s}: {stops[s]:.1f}" for s in (10, 100, 1000, 10_000)))

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    LogisticRegression().fit(missed[:, None], at_risk)
assert [w.category for w in caught] == [SeparationWarning]
print(caught[0].message)

# %% [markdown]
# mlcore proves that no answer exists and names the column. The remedy is a **penalty**: large
# coefficients cost something,
#
# $$J(\theta) = \frac1n \sum_i \ell(z_i, y_i) + \frac{\alpha}{2} \sum_{j \ge 1} \beta_j^2, \qquad
#   \frac{\partial}{\partial \beta_j} \frac{\alpha}{2} \beta_j^2 = \alpha \beta_j$$
#
# So $\alpha\beta_j$ is added to the gradient, and $\alpha$ to the diagonal of the Hessian. The
# intercept is left out of it: it only says how frequent the label is, and a penalty would pull
# every probability towards 1/2. Neither is the penalty divided by $n$. Tutorial 4 is about choosing
# $\alpha$.

# %%
held = LogisticRegression(alpha=0.01).fit(missed[:, None], at_risk)
print(f"alpha=0.01: coefficient {held.coef_[0, 0]:.2f}")
theta_held = np.append(held.intercept_, held.coef_)
slope = np.array(gradient_slowly(A6, at_risk, theta_held)) + 0.01 * np.append(0, theta_held[1:])
assert np.abs(slope).max() < 1e-10
assert 2 < held.coef_[0, 0] < stops[10_000]

# %% [markdown]
# ## What goes wrong: a loss that cannot be computed
#
# Written with $p$, the loss of a score of 40 for a pupil with $y = 0$ is $-\log(1 - p)$. But $p$
# rounds to 1, and $\log 0$ is minus infinity. Many programs clip $p$ at $10^{-15}$, which calls
# every score above 35 equally wrong. Written with $z$ nothing is lost: the loss is 40, and for a
# score of 1000 it is 1000.

# %%
wrong = np.array([40.0, 1000.0])
p = losses.sigmoid(wrong)
with np.errstate(divide="ignore"):
    print("with p:      ", -np.log(1 - p))
clipped = -np.log(1 - np.clip(p, 1e-15, 1 - 1e-15))
print("clipped:     ", clipped.round(2))
print("with scores: ", losses.logistic_loss(wrong[:, None], np.array([0, 0])))
assert (p == 1).all() and (clipped < 35).all()
assert losses.logistic_loss(wrong[:, None], np.array([0, 0])).tolist() == [40.0, 1000.0]

# %% [markdown]
# ## Where to read on
#
# - Hastie, Tibshirani and Friedman, *The Elements of Statistical Learning*, section 4.4: the same
# derivation.
# - Agresti, *Categorical Data Analysis*, chapter 5: odds ratios, and their interpretation.
# - Albert and Anderson (1984), *Biometrika* 71: when the estimates exist.
# - `mlcore/linear/losses.py`: the softmax, which does this for more than two classes, in the same shape.
#
# ## Exercises
#
# - Exercise 01: the sigmoid, `python -m tutorials check 01`
# - Exercise 02: the log loss, `python -m tutorials check 02`
# - Exercise 03: the gradient, with the penalty, `python -m tutorials check 03`
# - Exercise 04: the Hessian, with the penalty, `python -m tutorials check 04`

# %% [markdown]
# # Penalties
#
# The school knows 24 things about each pupil by week 8, and last year's 295 pupils to learn from.
# Give all 24 to a logistic regression. It fits last year well and this year badly: it has learnt
# chance. A **penalty** makes large coefficients cost something. This tutorial shows what that does,
# why the columns must be scaled first, and how to choose the price.

# %%
import inspect
import json
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np

import mlcore
from mlcore import LogisticRegression, SimpleImputer, StandardScaler
from mlcore.linear import LogisticRegressionCV, infer, logistic_path, path, penalties, solvers
from mlcore.linear.losses import logistic_loss, sigmoid
from mlcore.plot import plot_cross_validation, plot_path
from mlcore.plot.style import COLOURS
from risk.data.records import read_records, write_records
from risk.features.known import school_table
from risk.school import as_of, simulate_school

ROOT = Path(mlcore.__file__).parents[1]

school = simulate_school(n_pupils=300, n_weeks=18, seed=0, n_futures=0)
with TemporaryDirectory() as folder:  # through files, as a school's own would come
    write_records(as_of(school, week=8), folder)
    table = school_table(read_records(folder), week=8)
known = table.at_risk.notna().to_numpy()
y = table.at_risk[known].to_numpy().astype(int)
X, year = table.features[known], table.cohort[known].to_numpy()
names = list(X.columns)

last, this = year == 2024, year == 2025  # learn from last year, test on this year
imputer = SimpleImputer(strategy="median").fit(X[last])
scaler = StandardScaler().fit(imputer.transform(X[last]))  # from last year's rows alone
A, y_last = scaler.transform(imputer.transform(X[last])), y[last]
B, y_this = scaler.transform(imputer.transform(X[this])), y[this]
assert A.shape == (295, 24) and len(B) == 287
assert np.allclose(A.mean(axis=0), 0) and np.allclose(A.std(axis=0), 1)


def loss(model, X, y):
    """Return the log loss of a model on rows."""
    return float(logistic_loss(model.decision_function(X)[:, None], y).mean())


free = LogisticRegression().fit(A, y_last)
share = y_last.mean()
knows_nothing = -(y_this * math.log(share) + (1 - y_this) * math.log(1 - share)).mean()
print(
    f"all 24 columns: last year {loss(free, A, y_last):.3f}, this year {loss(free, B, y_this):.3f}"
)
print(f"the base rate alone, this year: {knows_nothing:.3f}")
assert round(loss(free, A, y_last), 2) == 0.29
assert round(loss(free, B, y_this), 2) == 0.38
assert round(loss(free, B, y_this) - loss(free, A, y_last), 2) == 0.09
assert round(knows_nothing, 2) == 0.51

# %% [markdown]
# A log loss of 0.29 on the pupils it learnt from, 0.38 on new ones. The gap of 0.09 is
# **overfitting**. (Some of it is bad luck or a harder year. The part that a penalty can win back is
# what we look for.)
#
# ## The formula
#
# $$J(\theta) = \frac1n \sum_i \ell(z_i, y_i)
#   + \alpha \sum_{j \ge 1} \Big( \rho\, |\beta_j| + \frac{1 - \rho}{2}\, \beta_j^2 \Big)$$
#
# $\alpha$ (`alpha`) is the price. $\rho$ (`l1_ratio`) says of what. $\rho = 0$ is the **ridge**:
# squares, so large coefficients pay much and small ones almost nothing. $\rho = 1$ is the
# **lasso**: every bit of a coefficient costs the same. Between them is the elastic net. The
# intercept ($j = 0$) is free.
#
# scikit-learn has $C$, which runs the other way: $C = 1 / (\alpha n)$. A large $C$ is a *weak*
# penalty.
#
# ## Six pupils by hand
#
# $x$ is $-1$ for pupils who did their practice and $+1$ for those who did not. It has mean 0 and
# deviation 1.
#
# | pupil | a | b | c | d | e | f |
# |---|---|---|---|---|---|---|
# | $x$ | −1 | −1 | −1 | 1 | 1 | 1 |
# | $y$ | 0 | 0 | 1 | 0 | 1 | 1 |
#
# One of three is at risk on the left, two of three on the right. So $b = 0$ by symmetry, and the
# slope of the loss in $\beta$ is $\mathrm{sigmoid}(\beta) - 2/3$: it is 0 where $p = 2/3$ on the
# right, $\beta = \log 2$.
#
# *Ridge*: the slope of the whole is $\mathrm{sigmoid}(\beta) - 2/3 + \alpha\beta$. At $\beta = 0$
# it is $-1/6$, whatever $\alpha$. So some $\beta > 0$ is always better than 0: a ridge makes
# coefficients small, never 0.
#
# *Lasso*: to the right of 0 the slope is $\mathrm{sigmoid}(\beta) - 2/3 + \alpha$. At 0 it is
# $-1/6 + \alpha$. If $\alpha \ge 1/6$ there is nothing to gain from leaving 0: **the lasso's
# coefficient is exactly 0**. If $\alpha = 1/12$, the slope is 0 where
# $\mathrm{sigmoid}(\beta) = 7/12$, at $\beta = \log(7/5) = 0.336$.

# %%
x6 = np.array([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0])[:, None]
y6 = np.array([0, 0, 1, 0, 1, 1])


def coefficient(alpha, l1_ratio):
    """Return the coefficient of the six under a penalty."""
    return float(LogisticRegression(alpha=alpha, l1_ratio=l1_ratio).fit(x6, y6).coef_[0, 0])


assert abs(coefficient(0, 0) - math.log(2)) < 1e-9
assert abs(coefficient(1 / 12, 1) - math.log(7 / 5)) < 1e-9
assert round(math.log(7 / 5), 3) == 0.336
assert coefficient(1 / 6, 1) == 0 and coefficient(0.5, 1) == 0
for alpha in (1 / 12, 1 / 6, 1.0, 100.0):
    ridge = coefficient(alpha, 0)
    assert ridge > 0 and abs(sigmoid(np.array(ridge)) - 2 / 3 + alpha * ridge) < 1e-9

beta = np.linspace(-1, 2, 301)
fig, axes = plt.subplots(1, 2, figsize=(7.5, 3.4), layout="constrained", sharey=True)
bare = np.log1p(np.exp(beta)) - 2 / 3 * beta  # the loss of the six for b = 0
for ax, l1_ratio, name in zip(axes, (0, 1), ("Ridge", "Lasso"), strict=True):
    for alpha, colour in zip((0, 1 / 12, 1 / 6, 1 / 3), COLOURS, strict=False):
        J = bare + alpha * (l1_ratio * abs(beta) + (1 - l1_ratio) / 2 * beta**2)
        ax.plot(beta, J, color=colour, label=f"alpha {alpha:.2f}")
        ax.plot(beta[J.argmin()], J.min(), "o", color=colour)
    ax.set(xlabel="Coefficient", title=name, ylim=(0.6, 1.0))
axes[0].set_ylabel("Loss and penalty")
legend = axes[0].legend(frameon=False, fontsize="small")

# %% [markdown]
# The dots are the lowest points. The ridge's slide towards 0 and never arrive. The lasso has a
# corner at 0, and from $\alpha = 1/6$ on the corner itself is the lowest point.
#
# ## The step that lands on 0
#
# A corner has no slope, so plain descent jumps to and fro across it. The remedy is to take the
# smooth part and the corner apart. A step of a descent is the least point of a simple model of $J$
# around $\theta$,
#
# $$g \cdot (x - \theta) + \frac{1}{2\,\text{step}} \|x - \theta\|^2
#   \quad\Rightarrow\quad x = \theta - \text{step}\, g.$$
#
# ($\|x - \theta\|^2$ is the squared distance between them, the sum of the squares of the differences.)
# So add the corner to the model and take *its* least point. With
# $\text{moved} = \theta - \text{step}\, g$ that is, for each coefficient: nearer to 0 by
# $\text{step} \cdot \alpha$, and if that would pass 0, then 0. This is the **soft threshold**, the
# whole the **proximal step**. The intercept's threshold is 0: it is only moved.
#
# By hand, for the six, from $\beta = 0$ with $\alpha = 1/12$ and a step of 4: $g = -1/6$, so moved
# $= 2/3$; the threshold is $4/12 = 1/3$; the new $\beta$ is $1/3$. Already near $0.336$.


# %%
def proximal_descent_slowly(A, y, step, lasso, n_steps):
    """Return theta after some proximal steps from 0; lasso has an entry for each column."""
    theta = [0.0] * len(A[0])
    for _ in range(n_steps):
        g = [0.0] * len(theta)
        for row, label in zip(A, y, strict=True):
            z = sum(a * t for a, t in zip(row, theta, strict=True))
            for j, a in enumerate(row):
                g[j] += (1 / (1 + math.exp(-z)) - label) * a / len(y)
        for j in range(len(theta)):
            moved, amount = theta[j] - step * g[j], step * lasso[j]
            if moved > amount:
                theta[j] = moved - amount
            elif moved < -amount:
                theta[j] = moved + amount
            else:
                theta[j] = 0.0
    return theta


ones6 = np.column_stack([np.ones(6), x6]).tolist()
first = proximal_descent_slowly(ones6, y6, 4.0, [0.0, 1 / 12], n_steps=1)
assert np.allclose(first, [0, 1 / 3])
end = proximal_descent_slowly(ones6, y6, 4.0, [0.0, 1 / 12], n_steps=60)
assert np.allclose(end, [0, math.log(7 / 5)], atol=1e-12)
print(inspect.getsource(penalties.soft_threshold))
print(inspect.getsource(solvers.shrunk_step))

# %% [markdown]
# `np.sign(-0.5) * 0.0` is `-0.`, which equals 0. On three columns of the school, the loops and
# mlcore agree:

# %%
few = [names.index(name) for name in ("prior_score", "quiz_mean", "quiz_slope")]
ones = np.column_stack([np.ones(295), A[:, few]])
slow = proximal_descent_slowly(ones.tolist(), y_last, 2.0, [0, 0.08, 0.08, 0.08], n_steps=150)
lasso3 = LogisticRegression(alpha=0.08, l1_ratio=1.0).fit(A[:, few], y_last)
print(dict(zip((names[j] for j in few), lasso3.coef_[0].round(4).tolist(), strict=True)))
assert np.allclose(slow[1:], lasso3.coef_[0], atol=1e-6)
assert ((np.array(slow[1:]) == 0) == (lasso3.coef_[0] == 0)).all() and 0 in slow[1:]

# %% [markdown]
# The reference: scikit-learn on 400 invented rows, its answer polished to full precision and
# confirmed by R's glmnet. Its $C = 0.02$ is our $\alpha = 1/(0.02 \cdot 400) = 0.125$. The same
# coefficients are 0.

# %%
topics = json.loads((ROOT / "benchmarks/references/logistic.json").read_text("utf-8"))["topics"]
entries = {entry["id"]: entry for topic in topics for entry in topic["entries"]}
entry = entries["syn_binary_400_all__C=0.02__l1_ratio=1.0"]
rows = np.genfromtxt(
    ROOT / "benchmarks/references" / entry["dataset"]["file"], delimiter=",", names=True
)
invented = np.column_stack([rows[name] for name in entry["dataset"]["features"]])
target = rows[entry["dataset"]["target"]].astype(int)
model = LogisticRegression(alpha=1 / (0.02 * 400), l1_ratio=1.0).fit(invented, target)
stored = np.ravel(entry["expected"]["coef"])
assert np.allclose(model.coef_[0], stored, atol=1e-6)
assert ((model.coef_[0] == 0) == (stored == 0)).all()
assert abs(1 / (0.02 * 400) - 0.125) < 1e-15 and len(target) == 400
print("ours      ", model.coef_[0].round(6))
print("reference ", stored.round(6))

# %% [markdown]
# ## Paths: all prices at once
#
# Begin with a price so high that all coefficients are 0, and let it fall. Where does that begin? By
# the six: where $\alpha$ equals the largest slope at 0. mlcore computes it so:

# %%
print(inspect.getsource(path.alpha_max))
null_slope = np.abs(A.T @ (share - y_last) / 295)
lasso_path = logistic_path(A, y_last, l1_ratio=1.0, n_alphas=40)
assert abs(lasso_path.alphas[0] - null_slope.max()) < 1e-12
assert (lasso_path.coef[0] == 0).all()
ridge_path = logistic_path(A, y_last, l1_ratio=0.0, alphas=np.geomspace(30, 1e-3, 40))
assert (ridge_path.coef != 0).all()

fig, axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
plot_path(axes[0], lasso_path, names, most=6, linewidth=1)
plot_path(axes[1], ridge_path, names, most=6, linewidth=1)
axes[0].set_title("Lasso: one after the other leaves 0", fontsize="medium")
title = axes[1].set_title("Ridge: all at once, never 0", fontsize="medium")

# %%
first_alpha = np.array(
    [lasso_path.alphas[np.argmax(lasso_path.coef[:, 0, j] != 0)] for j in range(24)]
)
order = [names[j] for j in np.argsort(-first_alpha, kind="stable")[:2]]
print("the first to enter:", ", ".join(order))
assert order == ["prior_score", "completed_share"]

# %% [markdown]
# Last year's score enters first, then the practice done. Read such a list with care. The mean quiz
# and the latest quiz have a correlation of 0.85 (1 would be two columns on one straight line, 0 two
# that have nothing to do with each other), so they say nearly the same. A ridge gives each a share. A
# lasso takes one and leaves the other at 0, and on another year's pupils it might take the other.
# "The lasso left it out" does not mean "it does not matter".

# %%
mean_quiz, last_quiz = names.index("quiz_mean"), names.index("quiz_last")
correlation = np.corrcoef(A[:, mean_quiz], A[:, last_quiz])[0, 1]
assert round(correlation, 2) == 0.85
at = int(np.argmin(abs(lasso_path.alphas - 0.07)))
by_lasso = lasso_path.coef[at, 0, [mean_quiz, last_quiz]]
by_ridge = LogisticRegression(alpha=0.125).fit(A, y_last).coef_[0, [mean_quiz, last_quiz]]
print(f"mean quiz, latest quiz: lasso {by_lasso.round(3)}, ridge {by_ridge.round(3)}")
assert (by_lasso == 0).sum() == 1
assert (by_ridge < -0.05).all()

# %% [markdown]
# ## Why scale
#
# A coefficient is "per unit". Measure last year's score in shares of 1 instead of points of 100,
# and the same model needs a coefficient a hundred times larger. Without a penalty nobody notices:
# same probabilities. With one, the price of that column has just risen a hundredfold.

# %%
points = imputer.transform(X[last])  # as they come, unscaled
shares = points.copy()
shares[:, names.index("prior_score")] /= 100
kept = {}
for unit, columns in (("points", points), ("shares", shares)):
    plain = LogisticRegression().fit(columns, y_last)
    priced = LogisticRegression(alpha=0.02, l1_ratio=1.0).fit(columns, y_last)
    kept[unit] = priced.coef_[0, names.index("prior_score")]
    print(f"{unit}: loss without a penalty {loss(plain, columns, y_last):.6f}, "
          f"lasso's coefficient of prior_score {kept[unit]:.4f}")  # fmt: skip
assert kept["points"] != 0 and kept["shares"] == 0
assert (
    abs(loss(LogisticRegression().fit(shares, y_last), shares, y_last) - loss(free, A, y_last))
    < 1e-9
)

# %% [markdown]
# The best column of all is gone, because of its unit. So standardise first: mean 0, deviation 1, by
# the rows one learns from and no others (`StandardScaler` in a pipeline does that). mlcore does not
# do it behind your back: its penalty means what the formula says, of the columns you gave.
#
# ## Choosing alpha
#
# On the rows it learnt from, the smallest price always looks best. So deal the rows into five
# **folds**. Learn from four, measure on the fifth, in turn: each pupil is predicted by a model that
# never saw it. Take the price of least mean loss. This is **cross-validation**.

# %%
lasso = LogisticRegressionCV(l1_ratio=1.0, n_alphas=30, random_state=0).fit(A, y_last)
on_train = path.path_losses(
    logistic_path(A, y_last, alphas=lasso.alphas_), A, y_last, np.ones(len(y_last))
)
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
plot_cross_validation(ax, lasso, color=COLOURS[0], label="pupils not fitted (± 1 standard error)")
ax.plot(lasso.alphas_, on_train, color=COLOURS[1], label="the pupils it learnt from")
ax.legend(frameon=False, fontsize="small")
ax.set_ylabel("Log loss")
ax.set_title("Alpha falls to the right; only one of the curves has a lowest point")
assert (np.diff(on_train) < 1e-9).all()  # always lower
assert lasso.alphas_[-1] < lasso.alpha_ < lasso.alphas_[0]

# %% [markdown]
# The dashed line is the price that was taken, `alpha_`. The vertical bars say how unsure the curve
# is. Within one standard error of the least, chance explains the difference; the **1-SE rule** takes
# the strongest such price, for a simpler model. Now this year's pupils, whom no one has looked at
# yet:

# %%
models = {
    "no penalty": free,
    "ridge, least loss": LogisticRegressionCV(n_alphas=30, random_state=0).fit(A, y_last),
    "lasso, least loss": lasso,
    "lasso, 1-SE rule": LogisticRegressionCV(
        l1_ratio=1.0, n_alphas=30, rule="1se", random_state=0
    ).fit(A, y_last),
}
print(f"{'':20} columns   last year   this year")
found = {}
for name, model in models.items():
    used, before, now = (
        int((model.coef_ != 0).sum()),
        loss(model, A, y_last),
        loss(model, B, y_this),
    )
    found[name] = (used, before, now)
    print(f"{name:20} {used:7} {before:11.3f} {now:11.3f}")
print(f"{'base rate':20} {0:7} {'':11} {knows_nothing:11.3f}")
assert found["no penalty"][1] == min(before for _, before, _ in found.values())
assert found["lasso, least loss"][2] < found["no penalty"][2] - 0.03
assert found["ridge, least loss"][2] < found["no penalty"][2] - 0.02
assert found["lasso, least loss"][0] == 8
assert found["lasso, 1-SE rule"][0] == 5
assert found["lasso, 1-SE rule"][2] > found["lasso, least loss"][2] + 0.03

# %% [markdown]
# The penalised models are worse on the pupils they learnt from and better on new ones: that is the
# whole point. The lasso does it with 8 of 24 columns. The 1-SE rule is no free lunch: with its five
# columns it gives away all that the penalty had won. It shrinks those five strongly, and so says
# less than it knows. Use it when few columns are worth something in themselves.
#
# ## What goes wrong
#
# *The intercept is penalised.* A column of ones among the features does it. Then all probabilities
# are drawn towards 1/2, and the one in six at risk are taken for more than one in three:

# %%
with_ones = np.column_stack([np.ones(len(A)), A])
drawn = LogisticRegression(alpha=0.3, fit_intercept=False).fit(with_ones, y_last)
proper = LogisticRegression(alpha=0.3).fit(A, y_last)
print(f"truly at risk {share:.3f}; mean probability with a penalised intercept "
      f"{drawn.predict_proba(with_ones)[:, 1].mean():.3f}, with a free one "
      f"{proper.predict_proba(A)[:, 1].mean():.3f}")  # fmt: skip
assert round(share, 2) == 0.16
assert abs(proper.predict_proba(A)[:, 1].mean() - share) < 1e-9
assert drawn.predict_proba(with_ones)[:, 1].mean() > 1 / 3

# %% [markdown]
# *Standard errors of a penalised fit.* The penalty has pulled the coefficients away from where the
# data wanted them, so the errors of tutorial 2 would promise too much. mlcore refuses:

# %%
try:
    infer(proper, A, y_last)
except ValueError as error:
    print(error)
    assert "penalty" in str(error)

# %% [markdown]
# *Scaling by all rows, choosing alpha by this year.* Both let the test in by the back door.
# Tutorial 9 shows what such leaks are worth.
#
# ## Where to read on
#
# - Hastie, Tibshirani and Wainwright, *Statistical Learning with Sparsity*, chapters 2, 3 and 5.
# - Friedman, Hastie and Tibshirani (2010), *Journal of Statistical Software* 33: glmnet's paths.
# - Tibshirani (1996), *Regression shrinkage and selection via the lasso*: the corner, and the picture of it.
# - `mlcore/linear/penalties.py`: what Newton's method needs when there are corners.
#
# ## Exercise
#
# - Exercise 07: the proximal step, `python -m tutorials check 07`

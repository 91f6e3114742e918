# %% [markdown]
# # How descent moves
#
# The school fits its model again every week, for every class, in many settings. A fit that takes
# 9000 steps is a nuisance; one that takes 5 is not noticed. Both end at the same place. This
# tutorial watches the ways down: how long a step may be, why some valleys are hard, and what
# momentum, a few rows at a time, and the curvature do about it.
#
# Tutorial 2 has the loss $J$, its gradient $\nabla J$ and its Hessian $H$. Here we look at them
# from above: with one column there are two numbers to find, intercept and coefficient, and $J$ is a
# surface over a plane.

# %%
import inspect
import json
import math
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np

import mlcore
from mlcore import LogisticRegression
from mlcore.linear import solvers
from mlcore.linear.losses import logistic_loss, sigmoid
from mlcore.linear.metric import backtrack
from mlcore.linear.objective import Objective
from mlcore.linear.solvers import gradient_descent, momentum, nesterov, newton, sgd
from mlcore.plot.style import COLOURS
from risk.data.records import read_records, write_records
from risk.features.known import school_table
from risk.school import as_of, simulate_school

ROOT = Path(mlcore.__file__).parents[1]
sys.path.append(str(ROOT))  # so that this runs from any folder
from tutorials.play import step_size, still  # noqa: E402

school = simulate_school(n_pupils=300, n_weeks=18, seed=0, n_futures=0)
with TemporaryDirectory() as folder:  # through files, as a school's own would come
    write_records(as_of(school, week=8), folder)
    table = school_table(read_records(folder), week=8)
known = table.at_risk.notna().to_numpy()
quiz = table.features["quiz_mean"][known].to_numpy()  # points, 0 to 100
y = table.at_risk[known].to_numpy().astype(int)
assert len(y) == 582


def objective_of(x, y, alpha=0.0):
    """Return mlcore's J: columns x and a column of ones before them, all weights 1."""
    A = np.column_stack([np.ones(len(y)), x])
    ridge = alpha * np.append(0.0, np.ones(A.shape[1] - 1))
    return Objective(A, y, np.ones(len(y)), ridge, np.zeros(A.shape[1]), n_scores=1)


tens = objective_of(quiz / 10, y)  # the same column in tens of points: 0 to 10
standard = objective_of((quiz - quiz.mean()) / quiz.std(), y)  # mean 0, deviation 1

# %% [markdown]
# ## Six pupils by hand: two kinds of step
#
# | pupil | missed $x$ | at risk $y$ | $p$ at $\theta = (0, 0)$ | $p - y$ |
# |---|---|---|---|---|
# | a | 0 | 0 | 1/2 | 1/2 |
# | b | 0 | 1 | 1/2 | −1/2 |
# | c | 1 | 0 | 1/2 | 1/2 |
# | d | 1 | 1 | 1/2 | −1/2 |
# | e | 2 | 1 | 1/2 | −1/2 |
# | f | 2 | 1 | 1/2 | −1/2 |
#
# The gradient is the mean of $(p - y)(1, x)$: $(-1/6, -1/3)$. A **gradient step** of length 1 leads
# to $(1/6, 1/3)$.
#
# The Hessian is the mean of $p(1-p)$ times the products of $(1, x)$. All $p(1-p)$ are $1/4$, the mean
# of $x$ is 1, the mean of $x^2$ is $5/3$:
# $H = \tfrac14 \begin{pmatrix} 1 & 1 \\ 1 & 5/3 \end{pmatrix}$.
# **Newton's step** asks: if the surface went on curving as it does here, where would the slope be 0?
# There: $\theta - s$ with $H s = g$, where $g$ is the gradient. The two equations $s_0 + s_1 = -2/3$
# and $s_0 + 5/3\, s_1 = -4/3$ give $s = (1/3, -1)$, so the step leads to $(-1/3, 1)$. The bottom is
# at $(-0.42, 1.29)$: one step, most of the way.

# %%
missed = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
at_risk = np.array([0, 1, 0, 1, 1, 1])
six = objective_of(missed, at_risk)
origin = np.zeros((1, 2))  # one row, for one score
g, H = six.at(origin).gradient[0], six.curvature(origin)
assert np.allclose(g, [-1 / 6, -1 / 3])
assert np.allclose(H, np.array([[1, 1], [1, 5 / 3]]) / 4)
assert np.allclose(origin[0] - 1.0 * g, [1 / 6, 1 / 3])
assert np.allclose(origin[0] - np.linalg.solve(H, g), [-1 / 3, 1])
bottom = list(islice(newton(six, origin), 8))[-1]
print("bottom:", bottom.theta[0].round(2))
assert bottom.gradient_norm < 1e-12 and bottom.theta[0].round(2).tolist() == [-0.42, 1.29]

# %% [markdown]
# ## The naive code, and mlcore's
#
# A descent is four lines. mlcore's is no longer, but it is a **generator**: it yields every point
# and goes on only when asked for the next. So one can watch every step, and one rule can stop all
# solvers. (`islice(points, 26)` takes the first 26 of them. `soft_threshold` is tutorial 4's.)


# %%
def descent_slowly(A, y, step, n_steps):
    """Return the points of theta <- theta - step gradient, from 0 on, by plain loops."""
    theta, points = [0.0] * len(A[0]), []
    for _ in range(n_steps + 1):
        points.append(theta)
        slope = [0.0] * len(theta)
        for row, label in zip(A, y, strict=True):
            z = sum(a * t for a, t in zip(row, theta, strict=True))
            for j, a in enumerate(row):
                slope[j] += (1 / (1 + math.exp(-z)) - label) * a / len(y)
        theta = [t - step * s for t, s in zip(theta, slope, strict=True)]
    return points


print(inspect.getsource(solvers._plain))
print(inspect.getsource(solvers.shrunk_step))

# %%
slow = descent_slowly(six.A.tolist(), at_risk.tolist(), step=1.0, n_steps=25)
quick = [point.theta[0] for point in islice(gradient_descent(six, origin, 1.0), 26)]
assert np.allclose(slow, quick, rtol=1e-13)

topics = json.loads((ROOT / "benchmarks/references/logistic.json").read_text("utf-8"))["topics"]
entries = {entry["id"]: entry for topic in topics for entry in topic["entries"]}
stored = entries["gd__spector__lr=0.25__lambda=0.1"]["expected"]["loss_before_step_t"]
students = np.loadtxt(
    ROOT / "benchmarks/references/data/spector.csv", delimiter=",", skiprows=1
)  # 32 students: GPA, TUCE, PSI, and whether the grade rose
S, grade = students[:, :3], students[:, 3].astype(int)
study = objective_of((S - S.mean(axis=0)) / S.std(axis=0), grade, alpha=0.1)
ours = [point.loss for point in islice(gradient_descent(study, np.zeros((1, 4)), 0.25), 26)]
assert np.allclose(ours, stored, rtol=1e-13)
print(f"25 steps, with a penalty: ours {ours[-1]:.12f}, in 40 digits {stored[-1]:.12f}")

# %% [markdown]
# ## How long may a step be?
#
# Take the simplest valley, $J = \frac{L}{2} \theta^2$. Its gradient is $L\theta$, so a step leads
# from $\theta$ to $(1 - \text{step} \cdot L)\,\theta$. Everything follows from this factor:
#
# - step below $1/L$: the factor is between 0 and 1. Down, on the same side.
# - between $1/L$ and $2/L$: the factor is between −1 and 0. To the other side, but nearer.
# - above $2/L$: the factor is below −1. Farther away with every step.
#
# $L$ is the curvature. On a surface it is the largest one, the largest **eigenvalue** of $H$ (an
# eigenvector is a direction along which $H$ only stretches, the eigenvalue says by how much). Below
# are 60 invented pupils. Move the sliders yourself: `python -m tutorials play step_size`.

# %%
for step in (9, 11):
    still("step_size", step=step)

# %% [markdown]
# The grey lines join points of equal loss, like the height lines of a map; the star is the lowest
# point. At the bottom the largest curvature is 0.21, so $1/L$ is 4.8 and $2/L$ is 9.5. Below a step of
# 4.8 it walks down on one side. A step of 9 jumps across and back, and is quicker. A
# step of 11 first seems to arrive. Then it leaves again: the steps are too long for the narrow
# direction. The loss *rises*, which a program that only counts steps will not notice.
#
# A bound that needs no trying: $p(1-p)$ is at most $1/4$, so $L$ is at most a quarter of the
# largest eigenvalue of $A^\top A / n$. mlcore's `safe_step()` is 1 over that (less 2 %). A step of
# this length never raises the loss.

# %%
invented = step_size.objective(1.0)
at_bottom = list(islice(newton(invented, origin), 12))[-1].theta
L = np.linalg.eigvalsh(invented.curvature(at_bottom))[-1]
assert (round(L, 2), round(1 / L, 1), round(2 / L, 1)) == (0.21, 4.8, 9.5)
for step in (2.0, 9.0, 11.0):
    parabola = [1.0]
    for _ in range(30):
        parabola.append((1 - step * L) * parabola[-1])
    assert (abs(parabola[-1]) < 1) == (step < 2 / L)
square = standard.A.T @ standard.A / 582
safe = standard.safe_step()
assert abs(safe * 1.02 - 1 / (0.25 * np.linalg.eigvalsh(square)[-1])) < 1e-3
falls = [point.loss for point in islice(gradient_descent(standard, origin, safe), 30)]
assert (np.diff(falls) < 0).all()
print(f"safe step on the standardised column: {safe:.2f}")

# %% [markdown]
# ## The shape of the valley
#
# In a narrow valley the step must suit the steep walls, and is then far too short along the flat
# floor. Each step shrinks the distance along the floor by the factor $1 - \mu/L$, $\mu$ the
# smallest curvature. So the number of steps grows with $\kappa = L/\mu$, the **condition number**.
#
# Here is the same loss of the same 582 pupils, twice. On the left the quiz is in tens of points, on
# the right it is standardised. Nothing else differs: both have the same lowest loss and the same
# probabilities.


# %%
def least_of(J):
    """Return the lowest point."""
    return list(islice(newton(J, np.zeros((1, J.A.shape[1]))), 12))[-1]


def surface(ax, J, b, beta):
    """Draw the lines of equal loss and the lowest point."""
    B, C = np.meshgrid(np.linspace(*b, 60), np.linspace(*beta, 60))
    Z = np.column_stack([B.ravel(), C.ravel()]) @ J.A.T
    loss = np.array([logistic_loss(z[:, None], J.y).mean() for z in Z]).reshape(B.shape)
    least = least_of(J)
    levels = np.geomspace(0.003, 3, 7)
    ax.contour(
        B, C, loss - least.loss, levels=levels, colors="0.75", linewidths=1, antialiased=False
    )
    ax.plot(*least.theta[0], "*", color=COLOURS[5], markersize=12)
    ax.set(xlim=b, ylim=beta, xlabel="Intercept", ylabel="Coefficient")


fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
conditions = []
for ax, J, b, beta, name in (
    (axes[0], tens, (-2.5, 2.5), (-1.0, 0.5), "tens of points"),
    (axes[1], standard, (-3.2, 0.8), (-2.6, 0.6), "standardised"),
):
    small, large = np.linalg.eigvalsh(J.curvature(least_of(J).theta))
    conditions.append(large / small)
    surface(ax, J, b, beta)
    path = [point.theta[0] for point in islice(gradient_descent(J, origin, 1.4 / large), 31)]
    ax.plot(*np.transpose(path), "o-", color=COLOURS[0], markersize=3, linewidth=0.8)
    ax.set_title(f"{name}: condition {large / small:.0f}")
fig.suptitle("30 gradient steps: a canyon and a bowl", fontsize="medium")
assert [round(c) for c in conditions] == [204, 3]
assert abs(least_of(tens).loss - least_of(standard).loss) < 1e-12

# %% [markdown]
# How many steps until no entry of the gradient exceeds $10^{-8}$, with the safe step?


# %%
def steps_needed(points, tol=1e-8, most=10_000):
    """Return how many steps until the gradient is small, or None."""
    for count, point in enumerate(islice(points, most)):
        if point.gradient_norm <= tol:
            return count
    return None


needed = {
    "points": steps_needed(gradient_descent(objective_of(quiz, y), origin, 0.0009)),
    "tens of points": steps_needed(gradient_descent(tens, origin, tens.safe_step())),
    "standardised": steps_needed(gradient_descent(standard, origin, standard.safe_step())),
}
for unit, count in needed.items():
    print(f"{unit:15} {'more than 10000' if count is None else count} steps")
assert needed["points"] is None
assert 9000 < needed["tens of points"] < 9600
assert 50 <= needed["standardised"] <= 56
assert 170 < needed["tens of points"] / needed["standardised"] < 180

# %% [markdown]
# A change of unit costs a factor of 175. It is the first thing to look at when a descent is slow or
# "does not learn". mlcore standardises inside and gives the answer back in your units, so nobody
# trips on it.
#
# ## Backtracking: let the loss choose the step
#
# No bound is needed if one looks at the loss before going. Start with a long step; halve it until
# it is worth it. What is worth it? Along a move the loss changes at first by $g \cdot \text{move}$,
# the **slope**, for a whole move. That is the promise. Armijo's rule accepts the first share
# $t = 1, \tfrac12, \tfrac14, \dots$ of the move that keeps a ten-thousandth of it:
#
# $$J(\theta + t\,\text{move}) \le J(\theta) + 10^{-4}\, t\, (g \cdot \text{move})$$
#
# By hand, $J = \theta^2$ from $\theta = 1$ ($g = 2$) with a move of $-4$: the slope is $-8$.
# $t = 1$ leads to $-3$, loss 9: no. $t = 1/2$ leads to $-1$, loss 1, as high as before: no, though
# it did not rise. $t = 1/4$ leads to 0, loss 0: yes. "Not higher" would not do: it lets a descent
# jump between $1$ and $-1$ for ever.
#
# Where $J$ is not a number (nan) every comparison is false. So ask "is it good?", never "is it
# bad?".


# %%
def backtracking_slowly(J, theta, g, move):
    """Return the first t of 1, 1/2, 1/4, ... that keeps enough of the promise, or 0."""
    slope = sum(a * b for a, b in zip(g, move, strict=True))
    t = 1.0
    while t > 1e-10:
        there = [x + t * m for x, m in zip(theta, move, strict=True)]
        if J(there) <= J(theta) + 1e-4 * t * slope:
            return t
        t /= 2
    return 0.0


assert backtracking_slowly(lambda theta: theta[0] ** 2, [1.0], [2.0], [-4.0]) == 1 / 4

here = tens.at(origin)
move = -here.gradient  # a gradient step of length 1, too long for the canyon
t = backtracking_slowly(
    lambda x: tens.at(np.array([x])).loss, [0.0, 0.0], here.gradient[0], move[0]
)
there = backtrack(tens, here, origin + move)
assert np.allclose(there.theta, origin + t * move) and t == 1 / 4
print(f"the share of the step: {t}")
print(inspect.getsource(backtrack))

# %% [markdown]
# mlcore's allows for rounding (`slack`) and for a lasso (`corners`, tutorial 4).
#
# ## Momentum: a ball that keeps rolling
#
# Across the canyon the gradient changes its sign with every step; along the floor it always points
# the same way. So keep a share of the last move. What alternates cancels, what agrees adds up:
#
# $$\theta \leftarrow \theta - \text{step} \cdot g + 0.9\,(\theta - \theta_{\text{before}})$$
#
# Nesterov's version measures the gradient *ahead*, where the roll would lead, so that it brakes in
# time. The share grows as it goes and is dropped whenever the ball rolls uphill.

# %%
print(inspect.getsource(momentum))
ways = {
    "gradient": lambda J: gradient_descent(J, origin, J.safe_step()),
    "momentum": lambda J: momentum(J, origin),
    "Nesterov": lambda J: nesterov(J, origin),
    "Newton": lambda J: newton(J, origin),
}
counts = {
    name: (steps_needed(way(tens)), steps_needed(way(standard))) for name, way in ways.items()
}
print("steps to a gradient of 1e-8   canyon    bowl")
for name, (canyon, bowl) in counts.items():
    print(f"{name:26} {canyon:9} {bowl:7}")
assert counts["momentum"][0] < counts["gradient"][0] / 10
assert counts["Nesterov"][0] < counts["gradient"][0] / 30
assert counts["momentum"][1] > 4 * counts["gradient"][1]  # in a bowl it overshoots
assert counts["Newton"] == (5, 5)

# %% [markdown]
# In the canyon momentum saves nine steps of ten, Nesterov 29 of 30. In the bowl a ball with a share
# of 0.9 rolls past the bottom again and again: it takes more than four times as long as no momentum
# at all. Newton does not care about the unit: 5 steps in both.
#
# The four ways in the canyon, step by step:

# %%
fig, axes = plt.subplots(2, 2, figsize=(6.5, 4.8), layout="constrained", sharex=True, sharey=True)
styles = dict(zip(ways, (COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3]), strict=True))
markers = dict(zip(ways, "os^D", strict=True))
walks = {name: [p.theta[0] for p in islice(way(tens), 41)] for name, way in ways.items()}
for ax, until in zip(axes.flat, (1, 4, 12, 40), strict=True):
    surface(ax, tens, (-1.0, 2.6), (-0.9, 0.4))
    for name, walk in walks.items():
        part = np.array(walk[: until + 1])
        ax.plot(*part.T, "-", color=styles[name], linewidth=1, antialiased=False)
        ax.plot(*part[-1], markers[name], color=styles[name], markersize=7, label=name)
    ax.set_title(f"after {until} step{'s' if until > 1 else ''}", fontsize="medium")
    ax.label_outer()
axes[0, 0].legend(frameon=False, fontsize="small", loc="upper right")
distance = {name: abs(walk[-1] - least_of(tens).theta[0]).max() for name, walk in walks.items()}
assert distance["Newton"] < 1e-12 < distance["Nesterov"] < distance["gradient"]
assert distance["gradient"] > 1  # after 40 steps still far up the canyon

# %% [markdown]
# ## A few rows at a time
#
# With a million rows a single gradient is dear, and a hundred rows say nearly the same.
# **Stochastic** descent shuffles the rows and steps on a few of them at a time (a *batch*). The
# direction is right on average and noisy each time. It is near soon and exact late: with a constant
# step it jumps about the bottom for ever. mlcore's step therefore falls with each pass.

# %%
print(inspect.getsource(sgd))


# %%
def jumping(J, step, passes, seed):
    """Yield theta after each batch of 32 rows, with a constant step."""
    rng, theta = np.random.default_rng(seed), np.zeros(2)
    for _ in range(passes):
        order = rng.permutation(len(J.y))
        for start in range(0, len(J.y), 32):
            rows = order[start : start + 32]
            p = sigmoid(J.A[rows] @ theta)
            theta = theta - step * J.A[rows].T @ (p - J.y[rows]) / len(rows)
            yield theta


low = least_of(standard)
noisy = np.array(list(jumping(standard, 1.0, passes=40, seed=1)))
batches = math.ceil(582 / 32)
constant = [standard.at(theta[None]).loss - low.loss for theta in noisy[batches - 1 :: batches]]
falling_steps = sgd(standard, origin, 1.0, generator=np.random.default_rng(1))
falling = [point.loss - low.loss for point in islice(falling_steps, 41)][1:]

fig, axes = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
surface(axes[0], standard, (-3.0, 0.4), (-2.2, 0.4))
axes[0].plot(*noisy[: 5 * batches].T, "-", color=COLOURS[0], linewidth=1, antialiased=False)
axes[0].set_title("Five passes, 32 rows a step", fontsize="medium")
axes[1].semilogy(range(1, 41), constant, color=COLOURS[0], label="constant step")
axes[1].semilogy(range(1, 41), falling, color=COLOURS[1], label="falling step")
axes[1].set(xlabel="Passes over the rows", ylabel="Loss above the lowest")
axes[1].set_title("Near soon, exact late", fontsize="medium")
axes[1].legend(frameon=False)
assert batches == 19 and constant[1] < 0.01  # two passes, 38 steps, and nearly there
assert np.median(constant[20:]) > 10 * np.median(falling[20:])
assert falling[-1] > 1e-12  # and Newton would have been exact after 5

# %% [markdown]
# ## Newton: the digits double
#
# Newton's step knows the curvature, so canyon and bowl are the same to it. Near the bottom the
# number of right digits doubles with each step. Its price: $H$ costs $d$ times as much as a
# gradient, and a system of $d$ equations must be solved.

# %%
print(inspect.getsource(newton))
for count, point in enumerate(islice(newton(tens, origin), 6)):
    print(f"step {count}: gradient {point.gradient_norm:.0e}, loss {point.loss:.15f}")
norms = [point.gradient_norm for point in islice(newton(tens, origin), 6)]
assert norms[3] < 1e-2 and norms[4] < 1e-4 and norms[5] < 1e-8

# %%
fig, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
for name, way in ways.items():
    curve = [point.gradient_norm for point in islice(way(tens), 301)]
    curve = curve[: next((i for i, v in enumerate(curve) if v < 1e-9), 300) + 1]
    ax.semilogy(curve, color=styles[name], label=name)
ax.set(
    xlabel="Steps",
    ylabel="Largest entry of the gradient",
    title="In the canyon: three ways crawl, Newton's falls off a cliff",
)
legend = ax.legend(frameon=False)

# %% [markdown]
# The reference: R's `glm` is Newton's method too (it calls it iteratively reweighted least
# squares). For the 32 students of Spector and Mazzeo, seven of our steps give R's deviance to 10
# digits, with the columns as they are.

# %%
raw = objective_of(S, grade)
last = list(islice(newton(raw, np.zeros((1, 4))), 8))[-1]
deviance = 2 * 32 * last.loss
print(f"deviance: ours {deviance:.10f}, R's {entries['spector']['expected']['deviance']:.10f}")
assert abs(deviance / entries["spector"]["expected"]["deviance"] - 1) < 1e-10
assert np.allclose(last.theta[0], entries["spector"]["expected"]["coef"], rtol=1e-7)

# %% [markdown]
# ## What goes wrong: Newton from far away
#
# Where all probabilities are near 0 or 1, $p(1-p)$ is nearly 0: the surface looks flat, and
# Newton's step is $1/0$ long. Started at a coefficient of 2 with the wrong sign, the pure step,
# without backtracking, is thrown out until $H$ is 0 to the computer (it is *singular*: no step $s$ has
# $H s = g$). This is why textbook code that
# works on the example fails on the next data set. mlcore's `newton` halves such a step, by the rule
# above, and arrives.

# %%
theta, losses_seen = np.array([[0.0, 2.0]]), []
for _ in range(6):
    point = standard.at(theta)
    losses_seen.append(point.loss)
    try:
        theta = theta - np.linalg.solve(standard.curvature(theta), point.gradient[0])
    except np.linalg.LinAlgError:
        print(f"step {len(losses_seen)}: the Hessian is singular")
        break
print("pure steps:     ", [f"{loss:.3g}" for loss in losses_seen])
guarded = [point.loss for point in islice(newton(standard, np.array([[0.0, 2.0]])), 10)]
print("with halving:   ", [f"{loss:.3g}" for loss in guarded])
assert losses_seen[-1] > losses_seen[0] and guarded[-1] < low.loss + 1e-12

# %% [markdown]
# ## What mlcore does when you do not ask
#
# `LogisticRegression()` learns the curvature on its way, from how the gradient changed over each
# step (the quasi-Newton method BFGS): nearly Newton's few steps, at the price of gradients. Watch
# it with a callback.

# %%
seen = []
model = LogisticRegression(callback=lambda point: seen.append(point.gradient_norm))
model.fit(quiz[:, None], y)  # in points: the worst of the three units
print(f"{model.n_iter_} steps, gradients: " + ", ".join(f"{norm:.0e}" for norm in seen))
assert model.converged_ and model.n_iter_ <= 12

# %% [markdown]
# ## Where to read on
#
# - Boyd and Vandenberghe, *Convex Optimization*, chapter 9: all of this with proofs.
# - Nocedal and Wright, *Numerical Optimization*, chapters 3 and 6: line search and BFGS.
# - Bottou, Curtis and Nocedal (2018), *Optimization methods for large-scale machine learning*.
# - `mlcore/linear/solvers.py`: every solver of this page, and the one model they all minimise.
#
# ## Exercises
#
# - Exercise 05: Newton's step, `python -m tutorials check 05`
# - Exercise 06: backtracking, `python -m tutorials check 06`

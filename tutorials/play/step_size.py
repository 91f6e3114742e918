"""The step of a descent, on the surface of the loss: python -m tutorials play step_size."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

import numpy as np
from matplotlib.figure import FigureBase

from mlcore.checks import FloatArray, IntArray
from mlcore.linear.losses import logistic_loss, sigmoid
from mlcore.linear.objective import Objective
from mlcore.linear.solvers import gradient_descent, newton
from mlcore.plot.style import COLOURS
from tutorials.play import Picture, Slider


@lru_cache(maxsize=1)
def pupils() -> tuple[FloatArray, IntArray]:
    """Return the quiz scores of 60 invented pupils, standardised, and who ended at risk."""
    rng = np.random.default_rng(6)
    x = rng.normal(0, 1, 60)
    x = (x - x.mean()) / x.std()
    return x, (rng.random(60) < sigmoid(-0.8 - 1.0 * x)).astype(np.int64)


def objective(unit: float) -> Objective:
    """Return the loss of the 60 when the column is measured in another unit."""
    x, y = pupils()
    A = np.column_stack([np.ones(len(y)), unit * x])
    return Objective(A, y, np.ones(len(y)), np.zeros(2), np.zeros(2), n_scores=1)


def surface(J: Objective, b: FloatArray, beta: FloatArray) -> FloatArray:
    """Return the loss on a grid, (len(beta), len(b))."""
    B, C = np.meshgrid(b, beta)
    Z = np.column_stack([B.ravel(), C.ravel()]) @ J.A.T  # (grid, n)
    return np.array([logistic_loss(z[:, None], J.y).mean() for z in Z]).reshape(B.shape)


def draw(figure: FigureBase, values: dict[str, float]) -> None:
    """Draw the path on the surface, and the loss after each step."""
    step, steps, unit = values["step"], int(values["steps"]), values["unit"]
    J = objective(unit)
    least = list(islice(newton(J, np.zeros((1, 2))), 12))[-1]
    limit = 2 / np.linalg.eigvalsh(J.curvature(least.theta)).max()
    start = np.array([[1.2, 1.2 / unit]])
    points = list(islice(gradient_descent(J, start, step), steps + 1))
    path = np.array([point.theta[0] for point in points])

    left, right = figure.subplots(1, 2, width_ratios=[1.1, 1])
    centre, reach = least.theta[0], np.array([3.2, 3.2 / unit])
    b = np.linspace(centre[0] - reach[0], centre[0] + reach[0], 45)
    beta = np.linspace(centre[1] - reach[1], centre[1] + reach[1], 45)
    above = surface(J, b, beta) - least.loss
    left.contour(
        b,
        beta,
        above,
        levels=np.geomspace(0.01, 3, 7),
        colors="0.75",
        linewidths=1,
        antialiased=False,
    )
    left.plot(*path.T, "o-", color=COLOURS[0], markersize=3, linewidth=1)
    left.plot(*centre, "*", color=COLOURS[5], markersize=11)
    left.set(
        xlim=(b[0], b[-1]), ylim=(beta[0], beta[-1]), xlabel="Intercept", ylabel="Coefficient",
        title=f"{steps} step{'' if steps == 1 else 's'} of {step:g}",
    )  # fmt: skip
    losses = np.array([point.loss for point in points])
    right.plot(losses, "o-", color=COLOURS[0], markersize=3)
    right.axhline(least.loss, color="0.6", linestyle=":")
    right.set(
        xlabel="Steps", ylabel="Log loss", ylim=(least.loss - 0.05, 1.7),
        title=f"Longer than {limit:.1f} it does not settle",
    )  # fmt: skip
    if losses[-1] > 1.7:
        right.text(
            0.5, 0.5, "the loss has left the picture", ha="center", transform=right.transAxes
        )


PICTURE = Picture(
    title="The step of a descent, on the surface of the loss",
    sliders=(
        Slider("step", 0.25, 12.0, 2.0, 0.25),
        Slider("steps", 1, 40, 20, 1),
        Slider("unit", 0.25, 4.0, 1.0, 0.25),
    ),
    draw=draw,
)

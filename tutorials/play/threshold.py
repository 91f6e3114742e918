"""A threshold on the risk: who is flagged, the confusion matrix, precision and recall.

The risks are those of a school of the same shape as the tutorials': one pupil in five at risk.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from mlcore import LogisticRegression
from mlcore.checks import FloatArray
from mlcore.metrics import confusion_matrix
from mlcore.plot import plot_confusion_matrix
from mlcore.plot.style import COLOURS
from risk.data.records import Records
from risk.evaluation.splits import choose_split
from risk.evaluation.unseen import out_of_fold
from risk.features.known import school_table
from risk.models.risk_model import RiskModel
from risk.school import as_of, simulate_school
from tutorials.play import Picture, Slider

BINS = np.linspace(0, 1, 41)


@cache
def pupils() -> tuple[FloatArray, FloatArray]:
    """Return who ended at risk (n,) and the stated risks (n,) of the pupils of 2025, in week 8."""
    school = simulate_school(n_pupils=1000, n_weeks=18, seed=0, n_futures=0)
    tables = as_of(school, week=8)
    scores = tables["quizzes"]["score"]
    tables["quizzes"]["score"] = scores.where(scores <= 100)  # 999 is a slip: missing
    table = school_table(Records(tables), week=8)
    known = table.at_risk.notna().to_numpy()
    y, split = table.at_risk[known].to_numpy(), choose_split(table)
    model = RiskModel("Logistic regression", LogisticRegression(alpha=0.01), table.schema)
    risk, _ = out_of_fold(model, table.features[known], y, split)
    return y[split.tested], risk[split.tested]


def draw(figure: Figure, values: dict[str, float]) -> None:
    """Draw the risks of both kinds of pupils with the threshold, and the confusion matrix."""
    y, risk = pupils()
    threshold = values["threshold"]
    flagged = (risk >= threshold).astype(float)
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    for kind, name, colour in ((0, "not at risk", COLOURS[4]), (1, "at risk", COLOURS[5])):
        counts, _ = np.histogram(risk[y == kind], BINS)
        left.stairs(counts, BINS, fill=True, color=colour, alpha=0.75, label=name)
    left.axvline(threshold, color="black", linewidth=1.2)
    left.set(xlabel="Stated risk", ylabel="Pupils (square-root scale)", xlim=(0, 1))
    left.set_yscale("function", functions=(np.sqrt, np.square))
    left.set_yticks([1, 10, 50, 100, 200])
    left.legend(frameon=False)
    C = confusion_matrix(y, flagged, labels=[0.0, 1.0])
    plot_confusion_matrix(right, C, ["not", "at risk"])
    (_, fp), (fn, tp) = C
    precision = f"{tp / (tp + fp):.0%}" if tp + fp else "-"
    left.set_title(f"flagged from {threshold:.2f} on: {tp + fp}", fontsize=11)
    right.set_title(f"precision {precision}, recall {tp / (tp + fn):.0%}", fontsize=11)


PICTURE = Picture(
    "A threshold on the risk, and its confusion matrix",
    (Slider("threshold", 0.01, 0.99, 0.5),),
    draw,
)

"""How practice and absence went week by week, for pupils who ended at risk and for the others."""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray
from risk.data.table import Trend
from risk.features.measures import mean, quotient
from risk.features.register import Register


def weekly_trends(known: Register, at_risk: FloatArray) -> list[Trend]:
    """Return the mean figures of each week, of the pupils whose outcome (n,) is 1 and 0.

    Weeks in which nothing was recorded of either kind of pupil are left out.
    """
    figures = {
        "Practice completed (%)": 100 * quotient(known.completed, known.assigned),
        "Practice answers correct (%)": 100 * quotient(known.correct, known.answered),
        "Days absent a week": known.absent,
    }
    trends = []
    for label, values in figures.items():
        ended, did_not = mean(values[at_risk == 1].T), mean(values[at_risk == 0].T)  # (k,) each
        both = np.flatnonzero(~np.isnan(ended + did_not))
        if len(both):
            lines = {"ended at risk": ended[both].tolist(), "did not": did_not[both].tolist()}
            trends.append(Trend(label, (both + 1).tolist(), lines))
    return trends

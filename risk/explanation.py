"""Why is this pupil on the list? What the risk would be if one thing about the pupil were typical.

The same question is put to every model, so the answers can be compared: a reason is a column whose
value raises the pupil's risk above what it would be at the typical value. Reasons are compared by
log-odds, since near 100 % nothing adds many points any more. They describe the model, not causes:
changing the value need not change the outcome.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.columns import Column
from risk.models import RiskModel

LEAST_EFFECT = 0.1  # in log-odds: a reason must raise the odds by a tenth or more
MOST_REASONS = 3


def typical_values(frame: pd.DataFrame, schema: list[Column]) -> dict[str, Any]:
    """Return the median of each number column and the commonest value of any other."""
    typical: dict[str, Any] = {}
    for column in schema:
        known = frame[column.name].dropna()
        typical[column.name] = (
            float(known.median()) if column.kind == "number" else known.mode().iloc[0]
        )
    return typical


def without_each(model: RiskModel, frame: pd.DataFrame, typical: dict[str, Any]) -> FloatArray:
    """Return each pupil's risk with one column at its typical value, (n, columns)."""
    risk = np.empty((len(frame), len(model.schema)))
    for j, column in enumerate(model.schema):
        changed = frame.copy()
        changed[column.name] = typical[column.name]
        risk[:, j] = model.risk(changed)
    return risk


def log_odds(risk: FloatArray) -> FloatArray:
    """Return log(risk / (1 - risk)), finite also for 0 and 1."""
    inside = np.clip(risk, 1e-6, 1 - 1e-6)
    return np.log(inside / (1 - inside))


def reasons(
    model: RiskModel, frame: pd.DataFrame, typical: dict[str, Any]
) -> tuple[list[list[str]], FloatArray]:
    """Return up to three reasons for each pupil, strongest first, and each column's weight.

    A column's weight (columns,) is the mean size of its effect on the risk, from 0 to 1.
    """
    risk, without = model.risk(frame)[:, None], without_each(model, frame, typical)
    added = log_odds(risk) - log_odds(without)  # (n, columns)
    strongest = np.argsort(-added, axis=1, kind="stable")[:, :MOST_REASONS]
    values = [frame[column.name].tolist() for column in model.schema]
    told = [
        [
            in_words(model.schema[j], values[j][i], typical[model.schema[j].name])
            for j in strongest[i]
            if added[i, j] >= LEAST_EFFECT
        ]
        for i in range(len(frame))
    ]
    return told, np.abs(risk - without).mean(axis=0)


def in_words(column: Column, value: object, typical: object) -> str:
    """Return a reason as a phrase.

    >>> in_words(Column("done", "number", "practice completed", "%"), 41.0, 78.0)
    'practice completed: 41 % (typical: 78 %)'
    """
    return f"{column.title}: {column.show(value)} (typical: {column.show(typical)})"

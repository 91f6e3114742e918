"""Why is this pupil on the list? What the risk would be if one thing about the pupil were typical.

The same question is put to every model, so the answers can be compared: a reason is a column whose
value raises the pupil's risk above what it would be at the typical value. It describes the model,
not causes: changing the value need not change the outcome.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.data import Column
from risk.models import RiskModel

LEAST_EFFECT = 0.01  # a reason must add at least one point of risk
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


def effects(model: RiskModel, frame: pd.DataFrame, typical: dict[str, Any]) -> FloatArray:
    """Return how much each column adds to each pupil's risk, (n, columns); one prediction each."""
    risk = model.risk(frame)
    added = np.empty((len(frame), len(model.schema)))
    for j, column in enumerate(model.schema):
        changed = frame.copy()
        changed[column.name] = typical[column.name]
        added[:, j] = risk - model.risk(changed)
    return added


def reasons(
    model: RiskModel, frame: pd.DataFrame, typical: dict[str, Any]
) -> list[list[tuple[str, float]]]:
    """Return for each pupil up to three reasons, strongest first, each with the risk it adds."""
    added = effects(model, frame, typical)
    strongest = np.argsort(-added, axis=1, kind="stable")[:, :MOST_REASONS]
    found = []
    for i in range(len(frame)):
        mine = []
        for j in strongest[i]:
            if added[i, j] >= LEAST_EFFECT:
                column = model.schema[j]
                value = frame[column.name].iloc[i]
                mine.append((in_words(column, value, typical[column.name]), float(added[i, j])))
        found.append(mine)
    return found


def in_words(column: Column, value: object, typical: object) -> str:
    """Return a reason as a phrase.

    >>> in_words(Column("done", "number", "practice completed", "%"), 41.0, 78.0)
    'practice completed: 41 % (typical: 78 %)'
    """
    name = column.label or column.name
    return f"{name}: {column.show(value)} (typical: {column.show(typical)})"

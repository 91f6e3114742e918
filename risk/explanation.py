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
from risk.data.columns import Column
from risk.models.risk_model import RiskModel
from risk.odds import kept_inside, log_odds

LEAST_EFFECT = 0.1  # in log-odds: a reason must raise the odds by a tenth or more
MOST_REASONS = 3
FINEST = 500_000  # pupils: a risk of 0 counts as one in a million


def typical_values(frame: pd.DataFrame, schema: list[Column]) -> dict[str, Any]:
    """Return the median of each number column and the commonest value of any other.

    >>> frame = pd.DataFrame({"age": [11.0, 12.0, 15.0], "city": ["Bonn", "Bonn", "Ulm"]})
    >>> typical_values(frame, [Column("age", "number"), Column("city", "category")])
    {'age': 12.0, 'city': 'Bonn'}
    """
    typical: dict[str, Any] = {}
    for column in schema:
        known = frame[column.name].dropna()
        typical[column.name] = (
            float(known.median()) if column.kind == "number" else known.mode().iloc[0]
        )
    return typical


def effects(
    model: RiskModel, frame: pd.DataFrame, typical: dict[str, Any]
) -> tuple[FloatArray, FloatArray]:
    """Return what each column adds to each pupil's log-odds, and to the risk, (n, columns) both.

    Each pupil is encoded once; then one column at a time is put at its typical value. Cost: one
    prediction a column.
    """
    blocks = model.encoder_.blocks(frame)
    row = pd.DataFrame({c.name: pd.Series([typical[c.name]]) for c in model.schema})
    usual = model.encoder_.blocks(row)
    without = np.empty((len(frame), len(blocks)))
    for j, block in enumerate(blocks):
        changed = [*blocks[:j], np.repeat(usual[j], len(block), axis=0), *blocks[j + 1 :]]
        without[:, j] = model.risk_of(changed)
    risk = model.risk_of(blocks)[:, None]
    added = log_odds(kept_inside(risk, FINEST)) - log_odds(kept_inside(without, FINEST))
    return added, risk - without


def reasons(
    added: FloatArray, frame: pd.DataFrame, schema: list[Column], typical: dict[str, Any]
) -> list[list[str]]:
    """Return up to three reasons for each pupil, strongest first, from the effects (n, columns)."""
    strongest = np.argsort(-added, axis=1, kind="stable")[:, :MOST_REASONS]
    values = [frame[column.name].tolist() for column in schema]
    return [
        [
            reason_in_words(schema[j], values[j][i], typical[schema[j].name])
            for j in strongest[i]
            if added[i, j] >= LEAST_EFFECT
        ]
        for i in range(len(frame))
    ]


def reason_in_words(column: Column, value: object, typical: object) -> str:
    """Return a reason as a phrase.

    >>> reason_in_words(Column("done", "number", "practice completed", "%"), 41.0, 78.0)
    'practice completed: 41 % (typical: 78 %)'
    """
    return f"{column.title}: {column.show(value)} (typical: {column.show(typical)})"

"""Score new pupils with a saved model: read as training was read, explained in the same words."""

from __future__ import annotations

import pandas as pd

from mlcore.checks import plural
from risk.data.columns import read_as
from risk.data.reading import RawTable
from risk.data.roles import check_ids, need_columns
from risk.evaluation.thresholds import capacity_count, threshold_for
from risk.explanation import effects, reasons
from risk.lists import predict_table
from risk.models.risk_model import TrainedModel


def score(
    trained: TrainedModel, raw: RawTable, id_column: str | None, capacity: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return pupil, risk, tier and reasons, highest risk first, and notes on what was noticed.

    Without ``capacity`` pupils are marked at the threshold of training.
    """
    schema, notes, id_name = trained.model.schema, list(raw.notes), id_column or trained.id_name
    if id_column is None and id_name is not None and id_name not in raw.frame:
        notes.append(f"No column {id_name!r}, which named the pupils in training: lines do here.")
        id_name = None
    need_columns(raw, [column.name for column in schema], "the model learnt from it")
    ids = check_ids(raw, id_name)
    columns = {}
    for column in schema:
        levels = trained.model.encoder_.levels_.get(column.name)
        columns[column.name], note = read_as(raw, column, levels)
        notes += [note] if note else []
    frame = pd.DataFrame(columns)
    notes += unknown_categories(trained, frame)
    risk, threshold = trained.model.risk(frame), trained.threshold
    if capacity is not None:
        threshold = threshold_for(risk, capacity_count(capacity, len(risk)))
    added, _ = effects(trained.model, frame, trained.typical)
    told = reasons(added, frame, schema, trained.typical)
    return predict_table(ids, risk, told, threshold, trained.base_rate), notes


def unknown_categories(trained: TrainedModel, frame: pd.DataFrame) -> list[str]:
    """Return a note for each column with categories that training did not have."""
    notes = []
    encoder = trained.model.encoder_
    for name, levels in encoder.levels_.items():
        new = frame[name].dropna()
        new = new[~new.isin(levels)]
        if len(new):
            notes.append(
                f"{name}: {plural(len(new), 'row')} with a value not seen in training (such as "
                f"{new.iloc[0]!r}), taken for the commonest one, {encoder.commonest_[name]!r}."
            )
    return notes

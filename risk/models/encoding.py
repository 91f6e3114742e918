"""Numbers out of a table of pupils, as a model needs them; learnt from the training rows alone.

So nothing of a test row can reach a model before it is scored: medians, scales and categories come
from the rows that the model learns from.

Notation: n pupils.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from mlcore.estimator import Estimator
from risk.data.columns import Column

MISSING_LEVEL = "(missing)"


class Encoder(Estimator):
    """Numbers out of columns: medians for what is missing, a 0/1 column for each category.

    A column with missing values in training gets a second column that says where. A category not
    seen in training is taken for the commonest one. With ``standardise``, numbers get mean 0 and
    deviation 1 in the training rows, so that a penalty treats them alike.
    """

    def __init__(self, schema: list[Column], standardise: bool = False) -> None:
        self.schema = schema
        self.standardise = standardise

    def fit(self, frame: pd.DataFrame) -> Encoder:
        """Learn medians, means, scales and categories from the training rows."""
        self.median_: dict[str, float] = {}
        self.levels_: dict[str, list[str]] = {}
        self.commonest_: dict[str, str] = {}
        self.with_gaps_: list[str] = []
        self.centre_: dict[str, tuple[float, float]] = {}
        for column in self.schema:
            values = frame[column.name]
            if column.kind == "category":
                counts = values.fillna(MISSING_LEVEL).value_counts()
                self.levels_[column.name] = sorted(counts.index)
                self.commonest_[column.name] = min(counts.index[counts == counts.max()])
                continue
            # A column without any value in these rows says nothing: it is 0 throughout.
            self.median_[column.name] = float(values.median()) if values.notna().any() else 0.0
            if values.isna().any():
                self.with_gaps_.append(column.name)
            filled = values.fillna(self.median_[column.name])
            spread = float(filled.std(ddof=0))
            self.centre_[column.name] = (
                (float(filled.mean()), spread or 1.0) if self.standardise else (0.0, 1.0)
            )
        return self

    def blocks(self, frame: pd.DataFrame) -> list[FloatArray]:
        """Return the matrix of each column by itself, (n, 1 or more) each."""
        return [np.column_stack(self._encode(c, frame[c.name])) for c in self.schema]

    def transform(self, frame: pd.DataFrame) -> FloatArray:
        """Return the matrix (n, columns) a model works on."""
        return np.column_stack(self.blocks(frame))

    def _encode(self, column: Column, values: pd.Series) -> list[FloatArray]:
        if column.kind == "category":
            levels = self.levels_[column.name]
            cells = values.fillna(MISSING_LEVEL)
            cells = cells.where(cells.isin(levels), self.commonest_[column.name])
            return [np.asarray(cells == level, dtype=np.float64) for level in levels]
        centre, scale = self.centre_[column.name]
        numbers = values.fillna(self.median_[column.name]).to_numpy(dtype=np.float64)
        encoded = [(numbers - centre) / scale]
        if column.name in self.with_gaps_:
            encoded.append(np.asarray(values.isna(), dtype=np.float64))
        return encoded

    def questions(self) -> list[str]:
        """Return the names of the columns of the matrix that are 0 or 1."""
        return [name for name, asks in self._outputs() if asks]

    def names(self) -> list[str]:
        """Return what each column of the matrix is, in words."""
        return [name for name, _ in self._outputs()]

    def _outputs(self) -> list[tuple[str, bool]]:
        """Return each column's name, and whether it is a question answered by 0 or 1."""
        outputs = []
        for column in self.schema:
            if column.kind == "category":
                outputs += [(f"{column.title} is {v}?", True) for v in self.levels_[column.name]]
                continue
            asks = column.kind == "yes/no"
            outputs.append((f"{column.title}?" if asks else column.title, asks))
            if column.name in self.with_gaps_:
                outputs.append((f"{column.title} is missing?", True))
        return outputs

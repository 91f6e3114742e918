"""The three models, each with the encoding it needs, fitted and applied to tables of pupils.

An encoder learns medians, scales and categories from the training rows alone, so nothing of a test
row can reach the model before it is scored.

Notation: n pupils · risk (n,) the probability of being at risk.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlcore import (
    DecisionTreeClassifier,
    LogisticRegression,
    ModelFileError,
    RandomForestClassifier,
    load,
    save,
)
from mlcore.checks import FloatArray
from mlcore.estimator import Classifier, Estimator
from risk.columns import Column
from risk.reading import DataError

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
        self.flagged_: list[str] = []
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
                self.flagged_.append(column.name)
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
        if column.name in self.flagged_:
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
            if column.name in self.flagged_:
                outputs.append((f"{column.title} is missing?", True))
        return outputs


class RiskModel(Estimator):
    """An encoder and a classifier that learn together and are saved together."""

    def __init__(self, title: str, classifier: Classifier, schema: list[Column]) -> None:
        self.title = title
        self.classifier = classifier
        self.schema = schema

    def fit(self, frame: pd.DataFrame, at_risk: FloatArray) -> RiskModel:
        """Learn from pupils whose outcome is known: at_risk (n,) is 1 or 0."""
        self._forget()
        linear = isinstance(self.classifier, LogisticRegression)
        self.encoder_ = Encoder(self.schema, standardise=linear).fit(frame)
        copy: Any = type(self.classifier)(**self.classifier.get_params(deep=False))
        self.classifier_ = copy.fit(self.encoder_.transform(frame), at_risk.astype(np.int64))
        return self

    def fresh(self) -> RiskModel:
        """Return the same model, not fitted."""
        return RiskModel(self.title, self.classifier, self.schema)

    @property
    def settings(self) -> str:
        """What was chosen, in words; "" where nothing was."""
        return ""

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return each pupil's probability of being at risk, (n,)."""
        return self.risk_of(self.encoder_.blocks(frame))

    def risk_of(self, blocks: list[FloatArray]) -> FloatArray:
        """Return the same from the encoder's blocks, one a column."""
        return self.classifier_.predict_proba(np.column_stack(blocks))[:, 1]


def three_models(
    schema: list[Column], *, n_trees: int = 300, seed: int = 0, n_jobs: int = 1
) -> dict[str, RiskModel]:
    """Return the three models to compare, from the easiest to read to the hardest."""
    make: dict[str, tuple[str, Callable[[], Classifier]]] = {
        "logistic_regression": ("Logistic regression", lambda: LogisticRegression(alpha=0.01)),
        "decision_tree": (
            "Decision tree",
            lambda: DecisionTreeClassifier(max_depth=4, min_samples_leaf=10),
        ),
        "random_forest": (
            "Random forest",
            lambda: RandomForestClassifier(
                n_trees, min_samples_leaf=3, n_jobs=n_jobs, random_state=seed
            ),
        ),
    }
    return {name: RiskModel(title, new(), schema) for name, (title, new) in make.items()}


@dataclass(frozen=True)
class TrainedModel:
    """What ``risk predict`` needs: a fitted model, its threshold and what its columns are."""

    model: RiskModel
    threshold: float
    base_rate: float
    typical: dict[str, Any]
    id_name: str | None
    meaning: str


SAVED = (Column, Encoder, RiskModel, TrainedModel)


def save_model(model: TrainedModel, path: str | os.PathLike[str]) -> None:
    """Write a trained model to path, whole or not at all."""
    save(model, path, classes=SAVED)


def load_model(path: str | os.PathLike[str]) -> TrainedModel:
    """Return the model at path; DataError if there is none or it cannot be read."""
    if not Path(path).is_file():
        raise DataError(f"{path} does not exist. Give a model that risk train or risk demo wrote.")
    try:
        model = load(path, classes=SAVED)
    except ModelFileError as error:
        raise DataError(str(error)) from None
    fitted = isinstance(model, TrainedModel) and hasattr(model.model, "classifier_")
    if not (fitted and hasattr(model.model, "encoder_")):
        raise DataError(
            f"{path} holds no model of risk train or risk demo. Give one that they wrote."
        )
    return model

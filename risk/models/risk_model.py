"""The three models, each with its encoding and settings, fitted and applied to tables of pupils.

The settings are chosen inside the rows a model learns from, as the encoding is: nothing of a test
row can reach the model before it is scored.

Notation: n pupils · risk (n,) the probability of being at risk.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

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
from risk.data.columns import Column
from risk.data.reading import DataError
from risk.models.encoding import Encoder
from risk.models.tuning import ALPHAS, FOREST, TREE, Grid, choose_settings


class RiskModel(Estimator):
    """An encoder and a classifier that learn together and are saved together.

    With a ``grid`` (parameter -> the values to try) the classifier's settings are chosen among the
    rows it learns from, and kept in ``chosen_``; without, they are the classifier's own.
    """

    def __init__(
        self,
        title: str,
        classifier: Classifier,
        schema: list[Column],
        grid: Grid | None = None,
        seed: int = 0,
    ) -> None:
        self.title = title
        self.classifier = classifier
        self.schema = schema
        self.grid = grid
        self.seed = seed

    def fit(
        self, frame: pd.DataFrame, at_risk: FloatArray, groups: ArrayLike | None = None
    ) -> RiskModel:
        """Learn from pupils whose outcome is known: at_risk (n,) is 1 or 0.

        ``groups`` (n,) are the classes or schools that settings are to be chosen across: none of
        them is learnt from and judged on at once.
        """
        self._forget()
        linear = isinstance(self.classifier, LogisticRegression)
        self.encoder_ = Encoder(self.schema, standardise=linear).fit(frame)
        X, y = self.encoder_.transform(frame), at_risk.astype(np.int64)
        self.chosen_: dict[str, Any] = {}
        if self.grid:
            self.chosen_ = choose_settings(self.classifier, self.grid, X, y, groups, self.seed)
        parameters = self.classifier.get_params(deep=False) | self.chosen_
        copy: Any = type(self.classifier)(**parameters)
        self.classifier_ = copy.fit(X, y)
        return self

    def fresh(self) -> RiskModel:
        """Return the same model, not fitted."""
        return RiskModel(self.title, self.classifier, self.schema, self.grid, self.seed)

    @property
    def settings(self) -> str:
        """What was chosen, in words; "" where nothing was."""
        return ", ".join(f"{name} = {in_short(v)}" for name, v in self.chosen_.items())

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return each pupil's probability of being at risk, (n,)."""
        return self.risk_of(self.encoder_.blocks(frame))

    def risk_of(self, blocks: list[FloatArray]) -> FloatArray:
        """Return the same from the encoder's blocks, one a column."""
        return self.classifier_.predict_proba(np.column_stack(blocks))[:, 1]


def in_short(value: object) -> str:
    """Return a setting as text: a number with two digits.

    >>> in_short(0.0316227766), in_short("sqrt"), in_short(20)
    ('0.032', 'sqrt', '20')
    """
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def three_models(
    schema: list[Column], *, n_trees: int = 300, seed: int = 0, n_jobs: int = 1
) -> dict[str, RiskModel]:
    """Return the three models to compare, from the easiest to read to the hardest."""
    forest = RandomForestClassifier(n_trees, n_jobs=n_jobs, random_state=seed)
    models = {
        "logistic_regression": ("Logistic regression", LogisticRegression(), ALPHAS),
        "decision_tree": ("Decision tree", DecisionTreeClassifier(max_depth=5), TREE),
        "random_forest": ("Random forest", forest, FOREST),
    }
    return {
        name: RiskModel(title, c, schema, grid, seed) for name, (title, c, grid) in models.items()
    }


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

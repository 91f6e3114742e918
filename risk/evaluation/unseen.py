"""Every pupil scored by a model that never saw that pupil.

Notation: n pupils with a known outcome · y (n,) 1 at risk, 0 not · risk (n,) predicted, NaN for
pupils who are in no test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.evaluation.splits import Split


class Predictor(Protocol):
    """What the road asks of everything that predicts: the three models and the baselines."""

    title: str

    def fresh(self) -> Any:
        """Return the same, not fitted."""

    def fit(self, frame: pd.DataFrame, y: FloatArray) -> Any:
        """Learn from pupils whose outcome is known."""

    def risk(self, frame: pd.DataFrame) -> FloatArray:
        """Return each pupil's risk (n,)."""


P = TypeVar("P", bound=Predictor)


def out_of_fold(
    model: P,
    frame: pd.DataFrame,
    y: FloatArray,
    split: Split,
    progress: Callable[[str], None] = lambda step: None,
    groups: pd.Series | None = None,
) -> tuple[FloatArray, list[P]]:
    """Return each pupil's risk (n,) by a model that never saw that pupil, and the models, one a test.

    Pupils in no test have NaN. ``groups`` (n,) are handed to fit, for models that choose their
    settings so that no class lies on both sides. What gives all pupils of a test one risk ranks
    nobody. Where it does so in every test, all get the mean: the more of a test end at risk, the
    fewer are left to learn from, and the tests would be ranked the wrong way round.
    """
    risk, models = np.full(len(y), np.nan), []
    for k, learn in enumerate(split.learn):
        test = split.fold == k
        also: dict[str, Any] = {} if groups is None else {"groups": groups[learn]}
        models.append(model.fresh().fit(frame[learn], y[learn], **also))
        risk[test] = models[-1].risk(frame[test])
        progress(f"testing: {model.title.lower()}")
    tests = [risk[split.fold == k] for k in range(len(split.learn))]
    if all(len(test) and np.ptp(test) == 0 for test in tests):
        risk[split.tested] = risk[split.tested].mean()
    return risk, models

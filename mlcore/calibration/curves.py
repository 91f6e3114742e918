"""A fitted model together with the curves that turn its scores into probabilities.

Notation: n rows, k classes · index (n,) class numbers · w (n,) sample weights ·
S (n, 1) scores of the larger of two classes, or (n, k) of all · P (n, k) probabilities.

Source: Zadrozny & Elkan (2002), Transforming classifier scores into accurate multiclass
probability estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.calibration.isotonic import IsotonicRegression
from mlcore.calibration.sigmoid import Sigmoid, sigmoid_calibration
from mlcore.calibration.temperature import Temperature, temperature_scaling
from mlcore.checks import FloatArray, IntArray


@dataclass(frozen=True)
class CalibratedClassifier:
    """A fitted model and its curves: one for each of its classes, or one for two classes."""

    estimator: Any
    calibrators: list[Any]
    classes: NDArray[Any]
    method: str

    def predict_proba(self, X: Any) -> FloatArray:
        """Return P (n, k); a class the model never saw gets 0.

        Each class is judged against the rest, and the rows are then divided by their sums.
        """
        S, k = scores_of(self.estimator, X), len(self.classes)
        at = places(self.estimator, self.classes)
        P = np.zeros((len(S), k))
        if self.method == "temperature":
            P[:, at] = self.calibrators[0].predict(logits_of(self.estimator, S))
            return P
        curves = zip(at[-S.shape[1] :], S.T, self.calibrators, strict=True)
        for c, scores, curve in curves:
            P[:, c] = curve.predict(scores)
        if S.shape[1] == 1:
            P[:, at[0]] = 1.0 - P[:, at[1]]
            return P
        total = P.sum(axis=1, keepdims=True)
        # Where every curve says 0, nothing is known: all classes are as probable.
        return np.divide(P, total, out=np.full_like(P, 1.0 / k), where=total > 0)


def scores_of(model: Any, X: Any) -> FloatArray:
    """Return S by decision_function if the model has one, else by predict_proba."""
    if hasattr(model, "decision_function"):
        S = np.asarray(model.decision_function(X), dtype=np.float64)
    else:
        S = np.asarray(model.predict_proba(X), dtype=np.float64)
        S = S[:, 1] if S.shape[1] == 2 else S
    return S.reshape(-1, 1) if S.ndim == 1 else S


def logits_of(model: Any, S: FloatArray) -> FloatArray:
    """Return logits (n, k): scores as they are, ±s for two classes, logs of probabilities."""
    if not hasattr(model, "decision_function"):
        P = np.column_stack([1.0 - S, S]) if S.shape[1] == 1 else S
        return np.log(P + 1e-12)
    return np.column_stack([-S, S]) if S.shape[1] == 1 else S


def places(model: Any, classes: NDArray[Any]) -> IntArray:
    """Return where each class of a model stands in classes; ValueError for one not among them."""
    own = np.asarray(model.classes_).tolist()
    at = {label: c for c, label in enumerate(classes.tolist())}
    if len(own) < 2 or not set(own) <= set(at):
        raise ValueError(
            f"The model was fitted on the classes {own}, but the rows to calibrate on have "
            f"{classes.tolist()}. Use folds and rows that have all of them, such as StratifiedKFold."
        )
    return np.array([at[label] for label in own])


def calibrate(
    model: Any, S: FloatArray, index: IntArray, classes: NDArray[Any], method: str, w: FloatArray
) -> CalibratedClassifier:
    """Return a fitted model with curves fitted to its scores S on rows of class index (n,)."""
    at = places(model, classes)
    if method == "temperature":
        own = (index[:, None] == at).argmax(axis=1)  # (n,) columns of Z
        seen = np.isin(index, at)
        if not seen.any():
            raise ValueError("No row to calibrate on has a class the model was fitted on.")
        Z = logits_of(model, S)[seen]
        beta = temperature_scaling(Z, own[seen], w[seen] / w[seen].sum())
        return CalibratedClassifier(model, [Temperature(beta)], classes, method)
    curves: list[Any] = []
    for c, scores in zip(at[-S.shape[1] :], S.T, strict=True):
        positive = (index == c).astype(np.int64)
        if method == "sigmoid":
            curves.append(Sigmoid(*sigmoid_calibration(scores, positive, w)))
        else:
            curve = IsotonicRegression(out_of_bounds="clip")
            curves.append(curve.fit(scores, positive, sample_weight=w))
    return CalibratedClassifier(model, curves, classes, method)

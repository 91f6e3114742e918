"""A classifier whose probabilities are mended on rows that it was not fitted on.

Scores of a model on its own training rows are too good, and a curve fitted to them would be too
sure. So the rows go through folds: the model learns from the training rows of a fold, the curve
from its scores on the others.

Notation: n rows, d features, k classes · X (n, d) · y (n,) labels, index (n,) their class numbers ·
w (n,) sample weights · P (n, k) probabilities.

Source: Niculescu-Mizil & Caruana (2005), Predicting good probabilities with supervised learning.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.calibration.curves import CalibratedClassifier, calibrate, places, scores_of
from mlcore.checks import (
    FloatArray,
    IntArray,
    check_choice,
    check_is_fitted,
    check_labels,
    check_target_vector,
    check_weights,
)
from mlcore.checks.kinds import warn_caller
from mlcore.checks.selection import (
    check_pairs,
    check_positions,
    refuse_class,
    saying_of_which_rows,
)
from mlcore.composition import weight_names
from mlcore.estimator import Classifier, clone
from mlcore.forest import RandomForestClassifier
from mlcore.model_selection import StratifiedKFold
from mlcore.tables import frame_or_array, take_rows

METHODS = ("sigmoid", "isotonic", "temperature")
Fold = tuple[IntArray, IntArray]  # rows to train on, rows to test on


class CalibratedClassifierCV(Classifier):
    """A classifier whose stated probabilities come true as often as they say.

    Parameters
    ----------
    estimator : the model to mend; its decision_function is used if it has one, else its
        predict_proba. None for RandomForestClassifier(random_state=0).
    method : "sigmoid" (Platt's; 2 numbers a curve), "isotonic" (any rising curve; wants
        a thousand rows, and may say 0 or 1), or "temperature" (1 number for all classes at once). The first
        two fit each class against the rest and divide by the sum.
    cv : number of stratified folds (None: 5), an object with a split method, or pairs of row
        numbers (train, test).
    ensemble : True averages over a model and its curves for each fold; False fits the curves on
        the scores of all folds together, and the model on all rows. "auto" is True, but False for
        a FrozenEstimator, a model fitted before.

    Attributes
    ----------
    calibrated_classifiers_ : fitted models with their curves, one for each fold, or one.
    classes_ : sorted labels; n_features_in_, feature_names_in_ : as the fitted model has them.

    >>> from mlcore import DecisionTreeClassifier
    >>> X, y = [[float(i)] for i in range(20)], [0, 1] * 5 + [1] * 10
    >>> model = CalibratedClassifierCV(DecisionTreeClassifier(max_depth=1)).fit(X, y)
    >>> model.predict_proba([[5.0], [15.0]]).round(2).tolist()
    [[0.46, 0.54], [0.25, 0.75]]
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        method: str = "sigmoid",
        cv: Any = None,
        ensemble: bool | str = "auto",
    ) -> None:
        self.estimator = estimator
        self.method = method
        self.cv = cv
        self.ensemble = ensemble

    def fit(
        self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> CalibratedClassifierCV:
        """Fit the model and its curves on the folds, and return the classifier."""
        self._forget()
        check_choice("method", self.method, METHODS)
        check_choice("ensemble", self.ensemble, (True, False, "auto"))
        check_calibrable(self.estimator)
        X = frame_or_array(X)
        n = len(X)
        labels, w = check_target_vector(y), check_weights(sample_weight, n)
        check_labels(labels, n)
        kept = np.flatnonzero(w > 0)
        classes, index_kept = check_labels(labels[kept], least_classes=2)
        index = np.zeros(n, dtype=np.int64)
        index[kept] = index_kept
        model = RandomForestClassifier(random_state=0) if self.estimator is None else self.estimator
        frozen = clone(model) is model
        pass_on = w if sample_weight is not None and takes_weights(model, frozen) else None
        folds = folds_of(self.cv, X, labels, kept)

        def fitted(train: IntArray) -> Any:
            weights = {} if pass_on is None else {"sample_weight": pass_on[train]}
            with saying_of_which_rows():
                return clone(model).fit(take_rows(X, train), labels[train], **weights)

        def mended(by: Any, S: FloatArray, test: IntArray) -> CalibratedClassifier:
            return calibrate(by, S, index[test], classes, self.method, w[test])

        models, tests = [fitted(train) for train, _ in folds], [test for _, test in folds]
        S = [scores_of(by, take_rows(X, test)) for by, test in zip(models, tests, strict=True)]
        if self.ensemble is True or (self.ensemble == "auto" and not frozen):
            self.calibrated_classifiers_ = list(map(mended, models, S, tests))
        else:
            check_all_classes(models, classes)
            one = mended(fitted(kept), np.concatenate(S), np.concatenate(tests))
            self.calibrated_classifiers_ = [one]
        self.classes_ = classes
        first = self.calibrated_classifiers_[0].estimator
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(first, name):
                setattr(self, name, getattr(first, name))
        return self

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k), the mean over the calibrated models."""
        check_is_fitted(self)
        rows_ = frame_or_array(X)
        return np.mean([m.predict_proba(rows_) for m in self.calibrated_classifiers_], axis=0)

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import get_tags

        tags = super().__sklearn_tags__()
        if self.estimator is not None:
            tags.input_tags.allow_nan = get_tags(self.estimator).input_tags.allow_nan
        return tags


def check_calibrable(estimator: Any) -> None:
    """Raise TypeError unless an estimator is None or a model with scores of classes."""
    if isinstance(estimator, type):
        raise TypeError(
            f"estimator is the class {estimator.__name__}: pass {estimator.__name__}()."
        )
    scores = ("decision_function", "predict_proba")
    if estimator is not None and not any(hasattr(estimator, name) for name in scores):
        raise TypeError(
            f"estimator is {estimator!r}, but a classifier with predict_proba or decision_function "
            "was expected, for its scores are what is calibrated. Try DecisionTreeClassifier()."
        )


def takes_weights(model: Any, frozen: bool) -> bool:
    """Return whether weights go into the model's fit; warn when it should but cannot take them."""
    if frozen:
        return False
    takes = "sample_weight" in weight_names(model)
    if not takes:
        warn_caller(
            f"{type(model).__name__} takes no sample_weight, so the weights are used for the "
            "curves only, and the model is fitted without them. Choose a model that takes weights.",
        )
    return takes


def folds_of(cv: Any, X: Any, y: NDArray[Any], kept: IntArray) -> list[Fold]:
    """Return the folds of the rows to be kept, those of weight above 0; a splitter sees no other."""
    refuse_class(cv)
    whole = isinstance(cv, numbers.Integral) and not isinstance(cv, bool)
    if isinstance(cv, str) or not (
        cv is None or whole or hasattr(cv, "split") or isinstance(cv, Iterable)
    ):
        raise ValueError(
            f"cv is {cv!r}, but None, a whole number, folds with a split method or pairs of row "
            "numbers were expected. Give a model that is fitted already as FrozenEstimator(model)."
        )
    if cv is None or whole:
        cv = StratifiedKFold(5 if cv is None else int(cv))
    if hasattr(cv, "split"):
        return [(kept[train], kept[test]) for train, test in cv.split(take_rows(X, kept), y[kept])]
    n = len(y)
    pairs = [
        (check_positions(train, n), check_positions(test, n)) for train, test in check_pairs(cv)
    ]
    return [(train[np.isin(train, kept)], test[np.isin(test, kept)]) for train, test in pairs]


def check_all_classes(models: list[Any], classes: NDArray[Any]) -> None:
    """Raise ValueError unless the model of each fold knows all classes."""
    for i, model in enumerate(models):
        if len(places(model, classes)) < len(classes):
            raise ValueError(
                f"The model of fold {i} knows only {np.asarray(model.classes_).tolist()} of "
                f"{classes.tolist()}, but all were expected with ensemble=False. "
                "Use StratifiedKFold, or ensemble=True."
            )

"""What every model has in common: parameters, fitted state, and acceptance by scikit-learn's tools.

A model's ``__init__`` only stores its parameters. ``fit`` checks the data, forgets any earlier fit,
returns the model itself and leaves results in attributes whose names end in an underscore.

Notation: n rows, d features, k classes · X (n, d) features · y (n,) labels · P (n, k) probabilities.
"""

from __future__ import annotations

import copy
import inspect
from textwrap import indent
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    check_features,
    check_finite_vector,
    check_is_fitted,
    check_labels,
    check_same_columns,
    check_target_vector,
    check_weights,
    class_weights,
    column_names,
    takes,
)
from mlcore.checks.names import did_you_mean
from mlcore.metrics.classification import accuracy_score
from mlcore.metrics.regression import r2_score

LINE = 88  # characters that a model is shown in before it is broken into lines


def bracketed(start: str, items: list[str], end: str) -> str:
    """Return items between brackets: on one line if it is short, else each on lines of its own.

    >>> bracketed("[", ["1", "2"], "]")
    '[1, 2]'
    """
    line = f"{start}{', '.join(items)}{end}"
    if len(line) <= LINE and "\n" not in line:
        return line
    return "\n".join([start, *(f"{indent(item, '    ')}," for item in items), end])


def laid_out(value: Any) -> str:
    """Return the repr of a value, broken into lines where it is a long list, as of steps."""
    if type(value) is list and value:
        return bracketed("[", [laid_out(item) for item in value], "]")
    if type(value) is tuple and len(value) > 1:
        return bracketed("(", [laid_out(item) for item in value], ")")
    return repr(value)


def shortened(model: Any) -> str:
    """Return a model's repr for a message, no more than its name if that is long."""
    text = repr(model)
    return f"{type(model).__name__}(...)" if "\n" in text else text


class Estimator:
    """Parameters that can be read, set, copied and shown."""

    @classmethod
    def _parameter_names(cls) -> list[str]:
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name; those of a nested model as ``name__parameter``."""
        params: dict[str, Any] = {}
        for name in self._parameter_names():
            value = getattr(self, name)
            params[name] = value
            if deep and hasattr(value, "get_params") and not isinstance(value, type):
                params |= {f"{name}__{inner}": v for inner, v in value.get_params().items()}
        return params

    def set_params(self, **params: Any) -> Estimator:
        """Set parameters by name and return the model; a ValueError lists the valid names."""
        valid = self._parameter_names()
        # A model first, then its parameters: both may be given at once, in any order.
        for key in sorted(params, key=lambda key: key.count("__")):
            value, (name, _, inner) = params[key], key.partition("__")
            if name not in valid:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {shortened(self)}. "
                    f"{did_you_mean(name, valid)}Valid parameters are: {valid!r}."
                )
            if inner:
                getattr(self, name).set_params(**{inner: value})
            else:
                setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self).__init__).parameters
        shown = [
            f"{name}={laid_out(value)}"
            for name, value in self.get_params(deep=False).items()
            if repr(value) != repr(defaults[name].default)
        ]
        return bracketed(f"{type(self).__name__}(", shown, ")")

    def __sklearn_tags__(self) -> Any:
        """Describe the model to scikit-learn, which is imported only because it asked."""
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type=getattr(self, "_estimator_type", None),
            target_tags=TargetTags(required=True),
            input_tags=InputTags(),
        )

    def get_metadata_routing(self) -> Any:
        """Tell scikit-learn, which asks where metadata is routed, that weights are always wanted."""
        from sklearn.utils.metadata_routing import MetadataRequest

        request = MetadataRequest(owner=self)
        for name in self._weight_names():
            request.fit.add_request(param=name, alias=True)
        if takes(getattr(self, "score", None), "sample_weight"):
            request.score.add_request(param="sample_weight", alias=True)
        return request

    def _weight_names(self) -> list[str]:
        """Return the names by which fit takes weights."""
        return ["sample_weight"] if takes(getattr(self, "fit", None), "sample_weight") else []

    def _forget(self) -> None:
        """Drop what an earlier fit left, so that nothing of it can leak into the next."""
        for name in [n for n in vars(self) if n.endswith("_") and not n.startswith("_")]:
            delattr(self, name)

    def _check_fit_features(self, X: Any) -> FloatArray:
        """Forget the last fit, check X, remember its width and column names."""
        self._forget()
        array = check_features(X)
        self.n_features_in_ = array.shape[1]
        names = column_names(X)
        if names is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        return array

    def _check_predict_features(self, X: Any) -> FloatArray:
        """Check that X has the columns of fit, and return it as an array."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        check_same_columns(
            X,
            self.n_features_in_,
            None if names is None else list(names),
            what=type(self).__name__,
        )
        return check_features(X)


def clone(estimator: Any, *, safe: bool = True) -> Any:
    """Return an unfitted copy with the same parameters; models nested in them are cloned as well.

    Lists, tuples and sets are cloned item by item. What is no model is copied deeply, or refused
    with a TypeError if ``safe``.

    >>> from mlcore import DecisionTreeClassifier
    >>> clone(DecisionTreeClassifier(max_depth=2).fit([[0.0], [1.0]], [0, 1]))
    DecisionTreeClassifier(max_depth=2)
    """
    if isinstance(estimator, (list, tuple, set)):
        return type(estimator)([clone(item, safe=safe) for item in estimator])
    if hasattr(estimator, "__sklearn_clone__") and not isinstance(estimator, type):
        return estimator.__sklearn_clone__()
    if not hasattr(estimator, "get_params") or isinstance(estimator, type):
        if safe:
            raise TypeError(
                f"{estimator!r} cannot be cloned, for it has no get_params. "
                "Pass a model, not its class or a plain value."
            )
        return copy.deepcopy(estimator)
    params = estimator.get_params(deep=False)
    return type(estimator)(**{name: clone(value, safe=False) for name, value in params.items()})


class Classifier(Estimator):
    """A model of classes: subclasses give ``fit`` and ``predict_proba``."""

    _estimator_type = "classifier"
    classes_: NDArray[Any]
    class_weight: Any

    def _row_class_weight(self) -> Any:
        """Return the class weight that goes into the weights of rows."""
        return self.class_weight

    def _check_fit(
        self, X: Any, y: Any, sample_weight: Any, least_classes: int = 1
    ) -> tuple[FloatArray, IntArray, FloatArray, BoolArray]:
        """Check what fit is given; return X, class numbers, weights, and which rows they are.

        Rows of weight 0 are left out, so that they equal no row. Weights include class weights.
        """
        array = self._check_fit_features(X)
        n = len(array)
        w = check_weights(sample_weight, n)
        labels, index = check_labels(check_target_vector(y), n)
        kept = w > 0
        w = class_weights(
            self._row_class_weight(), labels[np.unique(index[kept])], labels[index], w
        )
        kept = w > 0
        if not kept.any():
            raise ValueError("class_weight is 0 for every row. Give one class a weight above 0.")
        self.classes_, index = check_labels(labels[index][kept], least_classes=least_classes)
        if kept.all():  # no copy where nothing is left out
            return array, index, w, kept
        return array[kept], index, w[kept], kept

    @property
    def n_classes_(self) -> int:
        """Number of classes seen in fit."""
        check_is_fitted(self)
        return len(self.classes_)

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags

        tags = super().__sklearn_tags__()
        tags.classifier_tags = ClassifierTags()
        return tags

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return P (n, k), columns in the order of classes_; each row sums to 1."""
        raise TypeError(f"{type(self).__name__} does not say how to predict probabilities.")

    def predict_log_proba(self, X: ArrayLike) -> FloatArray:
        """Return log P (n, k); minus infinity where a probability is 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each row; of equals, the first in classes_."""
        best = np.argmax(self.predict_proba(X), axis=1)
        return self.classes_[best]

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the (weighted) share of rows whose label is predicted."""
        return accuracy_score(y, self.predict(X), sample_weight=sample_weight)


class Regressor(Estimator):
    """A model of a number: subclasses give ``fit`` and ``predict``."""

    _estimator_type = "regressor"

    def _check_fit(
        self, X: Any, y: Any, sample_weight: Any
    ) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
        """Check what fit is given; return X, targets, weights, and which rows they are.

        Rows of weight 0 are left out, so that they equal no row.
        """
        array = self._check_fit_features(X)
        w = check_weights(sample_weight, len(array))
        target = check_finite_vector(check_target_vector(y), "y", len(array))
        kept = w > 0
        if kept.all():
            return array, target, w, kept
        return array[kept], target[kept], w[kept], kept

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import RegressorTags

        tags = super().__sklearn_tags__()
        tags.regressor_tags = RegressorTags()
        return tags

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the predicted target of each row (n,)."""
        raise TypeError(f"{type(self).__name__} does not say how to predict.")

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return R², the (weighted) share of the variance of y that is predicted."""
        return r2_score(y, self.predict(X), sample_weight=sample_weight)

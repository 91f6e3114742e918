"""Checks of parameters, and of whether a model is fitted."""

from __future__ import annotations

import inspect
import numbers
from typing import Any

import numpy as np

from mlcore.checks.kinds import NotFittedError, RandomState, also_of_scikit_learn
from mlcore.checks.names import plain


def takes(function: Any, name: str) -> bool:
    """Return whether a function has a parameter of this name; None has none."""
    return function is not None and name in inspect.signature(function).parameters


def check_integer(name: str, value: Any, low: int, *, none: bool = False) -> None:
    """Raise unless value is a whole number of at least low (or None, where that is allowed)."""
    if none and value is None:
        return
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and int(value) >= low:
        return
    allowed = f"a whole number of at least {low}" + (" or None" if none else "")
    raise ValueError(f"{name} is {plain(value)!r}, but {allowed} was expected. Try {name}={low}.")


def check_real(
    name: str, value: Any, low: float, high: float = np.inf, *, advice: str | None = None
) -> None:
    """Raise unless value is a finite number in [low, high]; ``advice`` is a value to try."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if number and low <= float(value) <= high and np.isfinite(float(value)):
        return
    top = "" if high == np.inf else f" and at most {high:g}"
    bottom = "above 0" if low == np.finfo(float).tiny else f"of at least {low:g}"
    raise ValueError(
        f"{name} is {plain(value)!r}, but a number {bottom}{top} was expected. "
        f"Try {name}={advice or format(low, 'g')}."
    )


def check_flag(name: str, value: Any) -> None:
    """Raise unless value is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} is {plain(value)!r}, but True or False was expected.")


def check_choice(name: str, value: Any, choices: tuple[Any, ...]) -> None:
    """Raise unless value is one of the choices."""
    if not any(
        value is choice or (type(value) is type(choice) and value == choice) for choice in choices
    ):
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} is {plain(value)!r}, but one of {listed} was expected.")


def check_generator(random_state: RandomState) -> np.random.Generator:
    """Return a Generator: from an int seed (0 included), from None (fresh), or the one given."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    if random_state is None:
        return np.random.default_rng()
    whole = isinstance(random_state, numbers.Integral) and not isinstance(random_state, bool)
    if whole and int(random_state) >= 0:
        return np.random.default_rng(int(random_state))
    old = isinstance(random_state, np.random.RandomState)
    raise ValueError(
        f"random_state is {'a RandomState' if old else repr(random_state)}, but None, a whole number "
        "of at least 0 or a numpy.random.Generator was expected. Try random_state=0"
        + (" or numpy.random.default_rng(0)." if old else ".")
    )


def check_is_fitted(estimator: Any) -> None:
    """Raise NotFittedError unless fit has left results (names that end in an underscore).

    A model whose results are elsewhere, as a pipeline's are in its steps, has a method
    ``__sklearn_is_fitted__`` that is asked instead.
    """
    own = getattr(estimator, "__sklearn_is_fitted__", None)
    seen = {"n_features_in_", "feature_names_in_"}  # these are set before fit can fail
    results = [name for name in vars(estimator) if name.endswith("_") and name[0] != "_"]
    if not (own() if own is not None else set(results) - seen):
        name = type(estimator).__name__
        raise also_of_scikit_learn(NotFittedError)(
            f"This {name} instance is not fitted yet. Call fit(X, y) before asking it to predict."
        )

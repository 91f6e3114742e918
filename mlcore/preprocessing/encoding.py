"""Categories turned into numbers: one 0/1 column for each, or one column of codes.

What the categories of a column are is said in mlcore.preprocessing.categories: a missing value is
one of its own, and a value that was not there in fit is refused, or encoded as asked.

Notation: n rows, d features · X (n, d) · code (n, d) places among the categories, -1 if unknown ·
width (d,) columns made of each.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import FloatArray, IntArray, check_choice, describe_column, listed_columns
from mlcore.checks.kinds import warn_caller
from mlcore.preprocessing.categories import Encoder, as_objects, is_nan, places


class OneHotEncoder(Encoder):
    """One column for each category of each column: 1 where the row has it, else 0.

    The result is always a dense array, where scikit-learn's default is a sparse matrix.

    Parameters
    ----------
    categories : "auto", or a list of the categories of each column.
    drop : None; "first" leaves out the first category of each column, "if_binary" that of columns
        with two; or the category to leave out of each column.
    sparse_output : False only.
    handle_unknown : "error", or "ignore": all zeros.

    Attributes
    ----------
    categories_ : list of d arrays; drop_idx_ (d,) the place of what is left out, or None.

    >>> encoder = OneHotEncoder().fit([["red"], ["blue"], ["red"]])
    >>> encoder.transform([["red"]]).tolist(), encoder.get_feature_names_out().tolist()
    ([[0.0, 1.0]], ['x0_blue', 'x0_red'])
    """

    drop_idx_: NDArray[np.object_] | None

    def __init__(
        self,
        *,
        categories: Any = "auto",
        drop: Any = None,
        sparse_output: bool = False,
        handle_unknown: str = "error",
    ) -> None:
        self.categories = categories
        self.drop = drop
        self.sparse_output = sparse_output
        self.handle_unknown = handle_unknown

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> OneHotEncoder:
        """Learn the categories of each column; y is ignored. O(n d log n)."""
        check_choice("handle_unknown", self.handle_unknown, ("error", "ignore"))
        check_choice("sparse_output", self.sparse_output, (False,))
        if isinstance(self.drop, str):
            check_choice("drop", self.drop, (None, "first", "if_binary"))
        categories = self._learn(X, refuse=self.handle_unknown == "error")
        self.drop_idx_ = self._dropped(categories)
        self.categories_ = categories
        return self

    def _dropped(self, categories: list[NDArray[Any]]) -> NDArray[np.object_] | None:
        """Return the place of the category that is left out of each column (d,), None for none."""
        if self.drop is None:
            return None
        if isinstance(self.drop, str):
            binary_only = self.drop == "if_binary"
            found: list[Any] = [None if binary_only and len(c) != 2 else 0 for c in categories]
            return as_objects(found)
        wanted = list(self.drop)
        if len(wanted) != len(categories):
            raise ValueError(
                f"drop has {len(wanted)} values, but it should have length equal to the number of "
                f"features ({len(categories)}). Give one category for each column."
            )
        found = []
        for j, (value, known) in enumerate(zip(wanted, categories, strict=True)):
            (place,) = places(as_objects([value]), as_objects(known.tolist()))
            if place < 0:
                raise ValueError(
                    f"drop names {value!r} in {describe_column(j, self._names())}, but its "
                    f"categories are {known.tolist()}. Choose among them."
                )
            found.append(int(place))
        return as_objects(found)

    def _kept(self) -> list[IntArray]:
        """Return the places of the categories that get a column, one array for each of d."""
        dropped = [None] * len(self.categories_) if self.drop_idx_ is None else self.drop_idx_
        return [
            np.array([i for i in range(len(c)) if i != gone], dtype=np.int64)
            for c, gone in zip(self.categories_, dropped, strict=True)
        ]

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return the 0/1 columns, (n, sum of width)."""
        code = self._codes(X, refuse=self.handle_unknown == "error")
        unknown = np.flatnonzero((code < 0).any(axis=0))
        if len(unknown) and self.drop is not None:
            warn_caller(
                f"Found unknown categories in {listed_columns(unknown, self._names())} during "
                "transform. They become all zeros, as does the category that drop leaves out.",
            )
        blocks = [code[:, [j]] == kept for j, kept in enumerate(self._kept())]
        return np.hstack(blocks).astype(np.float64)

    def inverse_transform(self, X: ArrayLike) -> NDArray[Any]:
        """Return the categories (n, d): of the largest column of each, None where it was unknown.

        All zeros are the category that drop left out; without one, they are refused unless
        handle_unknown is "ignore".
        """
        kept = self._kept() if hasattr(self, "categories_") else []
        array = self._check_width(X, sum(map(len, kept)))
        ends = np.cumsum([len(places) for places in kept])[:-1]
        parts = []
        for j, block in enumerate(np.split(array, ends, axis=1)):
            categories, zeros = self.categories_[j], block.sum(axis=1) == 0
            dropped = None if self.drop_idx_ is None else self.drop_idx_[j]
            if block.shape[1]:
                part = categories[kept[j][block.argmax(axis=1)]]
            else:
                part = np.repeat(categories[:1], len(array))
            if dropped is not None:
                part[zeros] = categories[dropped]
            elif zeros.any() and self.handle_unknown == "ignore":
                part = part.astype(object)
                part[zeros] = None
            elif zeros.any():
                raise ValueError(
                    f"Samples {np.flatnonzero(zeros)[:5].tolist()} can not be inverted: they are "
                    f"all zeros in {describe_column(j, self._names())}, but one category has to be "
                    "1. Give what transform returned."
                )
            parts.append(part)
        return self._decoded(parts)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names (d_out,): the column's name, an underscore, the category."""
        names = self._names_in(input_features)
        return np.array(
            [
                f"{name}_{category}"
                for name, categories, kept in zip(
                    names, self.categories_, self._kept(), strict=True
                )
                for category in categories[kept].tolist()
            ],
            dtype=object,
        )


class OrdinalEncoder(Encoder):
    """One column of codes for each column: 0, 1, ... by the place among its categories.

    Parameters
    ----------
    categories : "auto", or a list of the categories of each column, in the order of their codes.
    handle_unknown : "error", or "use_encoded_value": unknown_value.
    unknown_value : a whole number that is no code, or NaN; with "use_encoded_value" only.
    encoded_missing_value : the code of NaN, a whole number that is no code, or NaN.

    Attributes
    ----------
    categories_ : list of d arrays.

    >>> encoder = OrdinalEncoder(categories=[["low", "mid", "high"]])
    >>> encoder.fit_transform([["high"], ["low"]]).tolist()
    [[2.0], [0.0]]
    """

    def __init__(
        self,
        *,
        categories: Any = "auto",
        handle_unknown: str = "error",
        unknown_value: float | None = None,
        encoded_missing_value: float = np.nan,
    ) -> None:
        self.categories = categories
        self.handle_unknown = handle_unknown
        self.unknown_value = unknown_value
        self.encoded_missing_value = encoded_missing_value

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> OrdinalEncoder:
        """Learn the categories of each column; y is ignored. O(n d log n)."""
        check_choice("handle_unknown", self.handle_unknown, ("error", "use_encoded_value"))
        used = self.handle_unknown == "use_encoded_value"
        if used != (self.unknown_value is not None):
            raise TypeError(
                f"unknown_value is {self.unknown_value!r} and handle_unknown is "
                f"{self.handle_unknown!r}: unknown_value should be an integer or np.nan when "
                "handle_unknown is 'use_encoded_value', else None. Try unknown_value=-1."
            )
        categories = self._learn(X, refuse=not used)
        n_codes = [len(c) - is_nan(c.tolist()[-1]) for c in categories]  # NaN has a code of its own
        if used:
            self._check_free("unknown_value", dict(enumerate(n_codes)))
        with_nan = {j: n for j, n in enumerate(n_codes) if n < len(categories[j])}
        self._check_free("encoded_missing_value", with_nan)
        self.categories_ = categories
        return self

    def _check_free(self, name: str, n_codes: dict[int, int]) -> None:
        """Raise unless the value of a parameter is NaN, or no code 0 to n_codes - 1 of a column."""
        value = getattr(self, name)
        if isinstance(value, numbers.Real) and np.isnan(float(value)):
            return
        if not isinstance(value, numbers.Integral):
            raise TypeError(f"{name} is {value!r}, but it should be an integer or np.nan. Try -1.")
        for j, n in n_codes.items():
            if 0 <= int(value) < n:
                raise ValueError(
                    f"{name} is {value}, which is already used for encoding a category of "
                    f"{describe_column(j, self._names())}. Try {name}=-1."
                )

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return the codes, (n, d)."""
        code = self._codes(X, refuse=self.handle_unknown == "error")
        encoded = code.astype(np.float64)
        for j, categories in enumerate(self.categories_):
            if is_nan(categories.tolist()[-1]):
                encoded[code[:, j] == len(categories) - 1, j] = self.encoded_missing_value
        if self.unknown_value is not None:
            encoded[code < 0] = self.unknown_value
        return encoded

    def inverse_transform(self, X: ArrayLike) -> NDArray[Any]:
        """Return the category of each code (n, d), None for unknown_value; others are refused."""
        array = self._check_width(X, getattr(self, "n_features_in_", 0))
        parts = []
        for j, (column, categories) in enumerate(zip(array.T, self.categories_, strict=True)):
            code, unknown = column.copy(), np.zeros(len(column), dtype=bool)
            if is_nan(categories.tolist()[-1]):
                code[_equal(column, self.encoded_missing_value)] = len(categories) - 1
            if self.unknown_value is not None:
                unknown = _equal(code, self.unknown_value)
                code[unknown] = 0
            wrong = ~((code >= 0) & (code < len(categories)) & (code == np.floor(code)))
            if wrong.any():
                row = int(np.flatnonzero(wrong)[0])
                raise ValueError(
                    f"X is {column[row]} in {describe_column(j, self._names())}, row {row}, but a "
                    f"code from 0 to {len(categories) - 1} was expected. Give what transform "
                    "returned."
                )
            part = categories[code.astype(np.int64)]
            if self.unknown_value is not None:
                part = part.astype(object)
                part[unknown] = None
            parts.append(part)
        return self._decoded(parts)


def _equal(values: FloatArray, wanted: float) -> NDArray[np.bool_]:
    """Return where values (n,) are the one wanted, NaN equal to NaN."""
    return (values == wanted) | ((values != values) & (wanted != wanted))

"""Different columns prepared in different ways, and the results put side by side.

Notation: n rows, d features · X (n, d) · d_out columns that come out.
"""

from __future__ import annotations

import numbers
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import check_flag, check_is_fitted, check_same_columns, column_names, plural
from mlcore.composition import Composition, Named, check_transformer, names_from_types
from mlcore.estimator import clone
from mlcore.tables import Columns, as_columns, column_number, frame_or_array
from mlcore.transformer import Transformer

WORDS = ("drop", "passthrough")


def _is_word(member: Any, word: str) -> bool:
    return isinstance(member, str) and member == word


def selected(
    columns: Any, d: int, names: list[str] | None, what: str = "The selection"
) -> list[int]:
    """Return the numbers of selected columns: by number, name, slice, mask, or a list of those.

    A slice of names has both its ends. ValueError for what is not there, which ``what`` asks for.

    >>> selected(["b", "a"], 2, ["a", "b"]), selected(slice(1, None), 3, None), selected(-1, 3, None)
    ([1, 0], [1, 2], [2])
    """
    if isinstance(columns, slice):
        return _sliced(columns, d, names, what)
    one = isinstance(columns, (str, numbers.Integral))
    listed = [columns] if one else np.asarray(columns, dtype=object).tolist()
    if listed and all(isinstance(item, (bool, np.bool_)) for item in listed):
        if len(listed) != d:
            raise ValueError(
                f"{what} is a mask of {plural(len(listed), 'value')}, but {d} were expected, one "
                "for each column of X. Or list the columns' numbers instead."
            )
        return [j for j, chosen in enumerate(listed) if chosen]
    return [column_number(item, d, names, what) for item in listed]


def _sliced(columns: slice, d: int, names: list[str] | None, what: str) -> list[int]:
    ends = [columns.start, columns.stop]
    if any(isinstance(end, str) for end in ends):
        first, last = (None if end is None else column_number(end, d, names, what) for end in ends)
        return list(range(d))[slice(first, None if last is None else last + 1, columns.step)]
    return list(range(d))[columns]


def _asked(columns: Any, X: Any) -> Any:
    """Return a selection of columns, by the table where it is a function of that."""
    return columns(X) if callable(columns) else columns


def take_columns(X: Any, numbers_: list[int]) -> Any:
    """Return some columns of a DataFrame or an array, as the same kind of table."""
    return X.iloc[:, numbers_] if hasattr(X, "iloc") else X[:, numbers_]


class ColumnTransformer(Composition, Transformer):
    """Transform columns by group; each group's transformer is fitted on a copy of its own.

    Parameters
    ----------
    transformers : list of (name, transformer, columns). A transformer may be "drop" or
        "passthrough"; columns are a name, a number, a list of those, a slice, a mask, or a function
        of X that returns one of them. One column is passed on as a table of one column.
    remainder : "drop", "passthrough" or a transformer for the columns that no group names.
    verbose_feature_names_out : whether output names begin with the group's name and two
        underscores; else they must all differ.

    Attributes
    ----------
    transformers_ : the list, fitted; named_transformers_; output_indices_, each group's slice of
    the columns that come out; n_features_in_, feature_names_in_.

    >>> from mlcore.preprocessing import OneHotEncoder, StandardScaler
    >>> prepare = ColumnTransformer(
    ...     [("number", StandardScaler(), [1]), ("word", OneHotEncoder(), [0])]
    ... )
    >>> prepare.fit_transform([["a", 1.0], ["b", 3.0]]).tolist()
    [[-1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    >>> prepare.get_feature_names_out().tolist()
    ['number__x1', 'word__x0_a', 'word__x0_b']
    """

    _members = "transformers"
    transformers_: list[tuple[str, Any, list[int]]]

    def __init__(
        self,
        transformers: list[tuple[str, Any, Any]],
        *,
        remainder: Any = "drop",
        verbose_feature_names_out: bool = True,
    ) -> None:
        self.transformers = transformers
        self.remainder = remainder
        self.verbose_feature_names_out = verbose_feature_names_out

    def fit(self, X: Any, y: ArrayLike | None = None) -> ColumnTransformer:
        """Fit a copy of each transformer on its columns."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Any, y: ArrayLike | None = None, **fit_params: Any) -> NDArray[Any]:
        """Return the transformed columns (n, d_out) after fitting on them."""
        if fit_params:
            raise TypeError(
                f"ColumnTransformer.fit takes no {', '.join(fit_params)}: its transformers are "
                "fitted on X and y alone. Leave it out."
            )
        self._check_transformers()
        self._forget()
        table = frame_or_array(X)
        names, d = column_names(table), len(as_columns(table))
        groups = self._groups(table, d, names)
        fitted, blocks = [], {}
        for name, member, columns in groups:
            if columns and not isinstance(member, str):
                member = clone(member)
                part = take_columns(table, columns)
                if hasattr(member, "fit_transform"):
                    blocks[name] = member.fit_transform(part, y)
                else:
                    blocks[name] = member.fit(part, y).transform(part)
            elif columns and member == "passthrough":
                blocks[name] = _plain(take_columns(table, columns))
            fitted.append((name, member, columns))
        every = [*(name for name, _, _ in self.transformers), "remainder"]
        result, self.output_indices_ = _side_by_side(blocks, every, len(table))
        self.n_features_in_ = d
        if names is not None:
            self.feature_names_in_ = np.array(names, dtype=object)
        self.transformers_ = fitted
        return result

    def _check_transformers(self) -> None:
        check_flag("verbose_feature_names_out", self.verbose_feature_names_out)
        try:
            entries = [(name, member, columns) for name, member, columns in self.transformers]
        except (TypeError, ValueError):
            raise ValueError(
                f"transformers is {self.transformers!r}, but a list of (name, transformer, "
                "columns) was expected. Or use make_column_transformer."
            ) from None
        self._check_names([name for name, _, _ in entries])
        for name, member, _ in entries:
            check_transformer(member, f"The transformer {name!r}", WORDS)
        check_transformer(self.remainder, "remainder", WORDS)

    def _groups(self, X: Any, d: int, names: list[str] | None) -> list[tuple[str, Any, list[int]]]:
        """Return name, transformer and columns of each group, the remainder's last if it has any."""
        groups = [
            (name, member, selected(_asked(columns, X), d, names, f"The transformer {name!r}"))
            for name, member, columns in self.transformers
        ]
        taken = {j for _, _, columns in groups for j in columns}
        rest = [j for j in range(d) if j not in taken]
        return groups + ([("remainder", self.remainder, rest)] if rest else [])

    def transform(self, X: Any) -> NDArray[Any]:
        """Return the transformed columns, (n, d_out).

        Where fit saw column names, a DataFrame's columns are found by name: in any order, among
        others, and those that were dropped may be absent.
        """
        check_is_fitted(self)
        table = frame_or_array(X)
        place = self._places(table)
        blocks = {}
        for name, member, columns in self.transformers_:
            if not columns or _is_word(member, "drop"):
                continue
            part = take_columns(table, [place[j] for j in columns])
            blocks[name] = _plain(part) if isinstance(member, str) else member.transform(part)
        return _side_by_side(blocks, list(self.output_indices_), len(table))[0]

    def _places(self, X: Any) -> dict[int, int]:
        """Return where each column of fit stands in X."""
        seen, known = column_names(X), getattr(self, "feature_names_in_", None)
        if seen is None or known is None:
            check_same_columns(X, self.n_features_in_, None, what=type(self).__name__)
            as_columns(X)  # refuses what is no table
            return {j: j for j in range(self.n_features_in_)}
        used = {
            j for _, m, columns in self.transformers_ if not _is_word(m, "drop") for j in columns
        }
        missing = [known[j] for j in sorted(used) if known[j] not in seen]
        if missing:
            raise ValueError(
                f"columns are missing: {missing}. Give the columns that fit was given."
            )
        return {j: seen.index(known[j]) for j in used}

    @property
    def named_transformers_(self) -> Named:
        """The fitted transformers by name, as keys and as attributes."""
        check_is_fitted(self)
        return Named({name: member for name, member, _ in self.transformers_})

    def __getitem__(self, name: str) -> Any:
        """Return a fitted transformer by name."""
        return self.named_transformers_[name]

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names (d_out,); ValueError where two are the same without their group."""
        given = self._names_in(input_features)
        pairs = []
        for name, member, columns in self.transformers_:
            if columns and not _is_word(member, "drop"):
                inner = given[columns]
                out = inner if isinstance(member, str) else member.get_feature_names_out(inner)
                pairs += [(name, str(one)) for one in out]
        if self.verbose_feature_names_out:
            return np.array([f"{group}__{one}" for group, one in pairs], dtype=object)
        twice = [one for one, count in Counter(one for _, one in pairs).items() if count > 1]
        if twice:
            raise ValueError(
                f"Output feature names: {twice[:5]} are not unique. Please set "
                "verbose_feature_names_out=True to add prefixes to feature names."
            )
        return np.array([one for _, one in pairs], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


def _plain(part: Any) -> NDArray[Any]:
    """Return columns that are passed through: numbers as float64, with words among them objects."""
    return np.asarray(Columns(as_columns(part), None))


def _side_by_side(
    blocks: dict[str, Any], names: list[str], n: int
) -> tuple[NDArray[Any], dict[str, slice]]:
    """Return the groups' columns in one array (n, d_out), and the slice of each group in it."""
    arrays, indices, end = [np.zeros((n, 0))], {}, 0
    for name in names:
        block = blocks.get(name, arrays[0])
        array = np.asarray(block.toarray() if hasattr(block, "toarray") else block)
        if array.ndim != 2 or len(array) != n:
            raise ValueError(
                f"The output of the {name!r} transformer should be 2D with {n} rows, but its shape "
                f"is {array.shape}."
            )
        if array.shape[1]:
            arrays.append(array)
        width = array.shape[1]
        indices[name] = slice(end, end + width) if width else slice(0, 0)
        end += width
    words = any(array.dtype.kind not in "fiub" for array in arrays)
    return np.hstack([a.astype(object) if words else a for a in arrays]), indices


def make_column_transformer(
    *transformers: tuple[Any, Any],
    remainder: Any = "drop",
    verbose_feature_names_out: bool = True,
) -> ColumnTransformer:
    """Return a ColumnTransformer of (transformer, columns), named by their types.

    >>> from mlcore.preprocessing import StandardScaler
    >>> make_column_transformer((StandardScaler(), ["age"])).transformers
    [('standardscaler', StandardScaler(), ['age'])]
    """
    names = names_from_types(member for member, _ in transformers)
    return ColumnTransformer(
        [(name, *entry) for name, entry in zip(names, transformers, strict=True)],
        remainder=remainder,
        verbose_feature_names_out=verbose_feature_names_out,
    )

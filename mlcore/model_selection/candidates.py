"""The parameters a search tries: every combination, or random ones.

Source: Bergstra & Bengio (2012), Random search for hyper-parameter optimization, JMLR 13.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from mlcore.checks import RandomState, check_generator, check_integer
from mlcore.checks.kinds import warn_caller
from mlcore.checks.names import plain

Parameters = dict[str, Any]


def _dicts(space: Any, name: str) -> list[Mapping[str, Any]]:
    """Return the dicts of a space: one, or several whose spaces are joined."""
    parts = [space] if isinstance(space, Mapping) else space
    wrong = isinstance(parts, str) or not isinstance(parts, Sequence)
    if wrong or not parts or not all(isinstance(part, Mapping) for part in parts):
        raise TypeError(
            f"{name} is {space!r}, but a dict or a list of dicts was expected. "
            f'Try {name}={{"max_depth": [2, 4]}}.'
        )
    return list(parts)


def _listed_values(key: str, values: Any) -> Sequence[Any]:
    """Return a flat sequence, an array or a pandas Series as a sequence by position, else raise."""
    shape = getattr(values, "shape", None)
    if isinstance(values, str) or not (isinstance(values, Sequence) or shape):
        raise TypeError(
            f"The values of parameter {key!r} are {values!r}, but a list of values was expected. "
            f"Put a single value in a list: [{plain(values)!r}]."
        )
    if shape is not None and len(shape) != 1:
        raise ValueError(
            f"The values of parameter {key!r} have shape {shape}, but one dimension was "
            "expected. Pass a list of the values."
        )
    if len(values) == 0:
        raise ValueError(f"Parameter {key!r} has no values. Give at least one, or leave it out.")
    return values if isinstance(values, Sequence) else list(values)


class ParameterGrid:
    """Every combination of the values of each parameter, the last name (sorted) changing fastest.

    ``param_grid`` is a dict of name and values (a list, array or Series), or a list of dicts whose
    grids follow each other.

    >>> list(ParameterGrid({"b": [True, False], "a": [1, 2]}))[:2]
    [{'a': 1, 'b': True}, {'a': 1, 'b': False}]
    """

    def __init__(self, param_grid: Any) -> None:
        self.param_grid = [
            {key: _listed_values(key, values) for key, values in grid.items()}
            for grid in _dicts(param_grid, "param_grid")
        ]

    def __len__(self) -> int:
        return sum(_size(grid) for grid in self.param_grid)

    def __iter__(self) -> Iterator[Parameters]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int) -> Parameters:
        """Return one combination by its number, without listing those before it."""
        left = index
        for grid in self.param_grid:
            if 0 <= left < _size(grid):
                places = []
                for name in sorted(grid, reverse=True):
                    left, place = divmod(left, len(grid[name]))
                    places.append((name, grid[name][place]))
                return dict(reversed(places))
            left -= _size(grid)
        raise IndexError(f"The grid has {len(self)} combinations, so there is no number {index}.")


def _size(grid: Mapping[str, Any]) -> int:
    return math.prod(len(values) for values in grid.values())


class ParameterSampler:
    """n_iter random combinations.

    ``param_distributions`` is a dict, or a list of dicts of which one is drawn each time. It gives
    for each name a list of values, something with ``rvs(random_state=generator)`` such as SciPy's
    distributions, or a function of a numpy Generator that returns a value. Lists alone are drawn
    from without repeating a combination; fewer combinations than n_iter are all listed, with a
    warning.

    >>> space = {"alpha": lambda generator: 10 ** generator.uniform(-3, 0), "depth": [1, 2]}
    >>> [sorted(drawn) for drawn in ParameterSampler(space, 2, random_state=0)]
    [['alpha', 'depth'], ['alpha', 'depth']]
    """

    def __init__(
        self, param_distributions: Any, n_iter: int, *, random_state: RandomState = None
    ) -> None:
        check_integer("n_iter", n_iter, 1)
        self.param_distributions = [
            {key: _source(key, values) for key, values in part.items()}
            for part in _dicts(param_distributions, "param_distributions")
        ]
        self.n_iter = n_iter
        self.random_state = random_state
        drawn = [v for part in self.param_distributions for v in part.values() if _is_drawn(v)]
        self._grid = None if drawn else ParameterGrid(self.param_distributions)

    def __len__(self) -> int:
        return self.n_iter if self._grid is None else min(self.n_iter, len(self._grid))

    def __iter__(self) -> Iterator[Parameters]:
        generator = check_generator(self.random_state)
        if self._grid is None:
            for _ in range(self.n_iter):
                part = self.param_distributions[generator.integers(len(self.param_distributions))]
                yield {name: _draw(part[name], generator) for name in sorted(part)}
            return
        if len(self._grid) < self.n_iter:
            warn_caller(
                f"n_iter is {self.n_iter}, but there are only {len(self._grid)} combinations, which "
                "are all tried. Use GridSearchCV for that.",
            )
        for index in generator.choice(len(self._grid), len(self), replace=False):
            yield self._grid[int(index)]


def _is_drawn(values: Any) -> bool:
    return hasattr(values, "rvs") or callable(values)


def _source(key: str, values: Any) -> Any:
    """Return what the values of a parameter are drawn from, else raise."""
    if hasattr(values, "rvs"):
        return values
    if not callable(values):
        return _listed_values(key, values)
    try:
        inspect.signature(values).bind(None)
    except TypeError:
        raise TypeError(
            f"The function of parameter {key!r} cannot be called with one argument, but it is given "
            "a numpy Generator to draw with. Try lambda generator: generator.uniform(0, 1)."
        ) from None
    except ValueError:  # some functions in C do not say what they take
        pass
    return values


def _draw(values: Any, generator: np.random.Generator) -> Any:
    """Return one value drawn from a list, a distribution or a function."""
    if hasattr(values, "rvs"):
        return values.rvs(random_state=generator)
    return values(generator) if callable(values) else values[int(generator.integers(len(values)))]

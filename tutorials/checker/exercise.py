"""What an exercise is: a function to write, and three kinds of checks that go from concrete to hard.

by hand     cases small enough to work on paper
properties  what must hold whatever the input
slow        agreement with a slow, plain version on random input

Known mistakes are wrong functions: a learner whose answer is that of a wrong function is told what
the mistake is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Function = Callable[..., Any]


class Case(NamedTuple):
    """Arguments, what the function must return, and why, in a few words."""

    args: tuple[Any, ...]
    expected: Any
    why: str = ""


class Property(NamedTuple):
    """A sentence, and what makes claims of a function: arguments, expected value, value got.

    ``claims(function, rng)`` may call the function as often as it likes.
    """

    sentence: str
    claims: Callable[[Function, np.random.Generator], Iterator[tuple[tuple[Any, ...], Any, Any]]]


class Mistake(NamedTuple):
    """A wrong function, and what is wrong with it, said to whoever wrote the same."""

    diagnosis: str
    function: Function


@dataclass(frozen=True)
class Exercise:
    """One function to write."""

    name: str  # of the function
    title: str
    tutorial: int  # the number of the tutorial that explains it
    hint: str
    by_hand: list[Case]
    properties: list[Property]
    slow: Function
    inputs: Callable[[np.random.Generator], tuple[Any, ...]]  # random arguments for the slow one
    mistakes: list[Mistake]
    tolerance: float = 1e-9  # absolute and relative
    tries: int = 20  # random inputs
    use: Callable[[Function], str] | None = None  # the function inside the real thing, in a line

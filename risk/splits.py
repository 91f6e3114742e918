"""Which pupils are tested by models that learnt from which others.

A list is used on pupils who come later, so later pupils are what it should be tested on: a random
split lets a model learn this year's classes from classmates, and looks better than it will be.

Notation: n rows with a known outcome · folds: tests, each with rows learnt from and rows tested on.
"""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.checks import BoolArray, IntArray


@dataclass(frozen=True)
class Split:
    """A plan of tests: in test k, the rows of fold k are scored by a model of learn[k]."""

    kind: str  # "cohort", "group", "pupil" or "random"
    sentence: str  # how it was tested, in words: "learnt from 2024, tested on 2025"
    optimistic: bool  # whether the figures are likely to be better than in use
    fold: IntArray  # (n,) the test each row is scored in, -1 for none
    learn: BoolArray  # (tests, n) the rows that each test's model learns from

    @property
    def tested(self) -> BoolArray:
        """The rows that are scored in some test, (n,)."""
        return self.fold >= 0

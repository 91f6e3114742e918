"""Which pupils are tested by models that learnt from which others.

A list is used on pupils who come later, so later pupils are what it should be tested on: a random
split lets a model learn this year's classes from classmates, and looks better than it will be.

No pupil is on both sides of a test, unless the split is random: where a tested pupil also stands in
other rows (last year's, or in another school), these are not learnt from in that test. A model that
saw them could know the pupil again, and would look better than it is for pupils it never saw.

Notation: n rows with a known outcome · folds: tests, each with rows learnt from and rows tested on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray, IntArray, check_choice, check_integer
from mlcore.model_selection.splits import stratified_folds
from risk.data.groups import group_folds
from risk.data.reading import DataError
from risk.data.table import PupilTable
from risk.text import joined

LEAST_LEARNT = 5  # rows of each kind of outcome that a test's model needs to learn from
LEAST_TESTED = 2  # of each kind that are tested at once: of one, no interval can be given
PLURALS = {"school": "schools", "class": "classes", "teacher": "teachers"}
ALIKE = "a model has learnt from others of the same classes and years"


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


@dataclass(frozen=True)
class Known:
    """What a split is made from: the rows with a known outcome."""

    y: FloatArray  # (n,) 1 at risk, 0 not
    ids: pd.Series
    has_ids: bool  # whether the ids are the table's own, not line numbers
    cohort: pd.Series | None
    group: pd.Series | None

    @classmethod
    def of(cls, table: PupilTable) -> Known:
        """Return the rows of a table with a known outcome, in their order."""
        known = table.at_risk.notna().to_numpy()
        ids, cohort, group = (
            None if column is None else column[known].reset_index(drop=True)
            for column in (table.ids, table.cohort, table.group)
        )
        y = table.at_risk[known].to_numpy(dtype=np.float64)
        return cls(y, ids, table.id_name is not None, cohort, group)

    def applicable(self) -> list[str]:
        """Return the kinds of split the table may allow, the most honest first."""
        there = {
            "cohort": self.cohort is not None,
            "group": self.group is not None,
            "pupil": bool(self.ids.duplicated().any()),
            "random": True,
        }
        return [kind for kind, possible in there.items() if possible]

    def apart(self, test: BoolArray, learn: BoolArray) -> BoolArray:
        """Return the rows of learn that are of other pupils than those of test, (n,)."""
        return learn & ~self.ids.isin(self.ids[test]).to_numpy()

    def is_sound(self, test: BoolArray, learn: BoolArray) -> bool:
        """Return whether a test has enough pupils of each kind of outcome, and to learn from."""
        return all(
            (self.y[test] == kind).sum() >= LEAST_TESTED
            and (self.y[learn] == kind).sum() >= LEAST_LEARNT
            for kind in (0, 1)
        )


class CannotSplitError(Exception):
    """Why a kind of split cannot be done, to follow "since"."""


def choose_split(table: PupilTable, wanted: str = "auto", n_folds: int = 5, seed: int = 0) -> Split:
    """Return the tests over the rows with a known outcome, in their order.

    ``wanted`` is a kind of split, or "auto": by cohort where there is one and its later ones can be
    tested; else by group; else by pupil where an id repeats; else random. What kept auto from a
    better kind is in the sentence. DataError for what was asked for but cannot be done.
    """
    check_choice("wanted", wanted, ("auto", *MAKERS))
    check_integer("n_folds", n_folds, 2)
    known = Known.of(table)
    refused = []
    for kind in known.applicable() if wanted == "auto" else [wanted]:
        try:
            split = MAKERS[kind](known, n_folds, seed)
            break
        except CannotSplitError as why:
            if wanted != "auto":
                raise DataError(
                    f"--split {wanted} cannot be done, since {why}. "
                    "Mend that, or choose another --split."
                ) from None
            refused.append(f"; not by {kind}, since {why}")
    return replace(split, sentence=split.sentence + "".join(refused))


def cohort_split(known: Known, n_folds: int, seed: int) -> Split:
    """Return a test of each cohort by a model of all earlier ones; the first is learnt from only.

    A cohort of which too little is known is not tested. Rows without a cohort are left out: they
    may be of any time. Folds and seed make no difference here.
    """
    if known.cohort is None:
        raise CannotSplitError("no column was named as the school year (--cohort COLUMN)")
    place, values = pd.factorize(known.cohort, sort=True)  # -1 where it is missing
    names = [shown(value) for value in values]
    if len(names) < 2:
        only = f"all of them are of {names[0]}" if names else "none of them has one"
        raise CannotSplitError(f"known outcomes of two school years are needed, but {only}")
    fold, learn, tested, again = np.full(len(place), -1), list[BoolArray](), [], False
    for k in range(1, len(names)):
        now, earlier = place == k, (place >= 0) & (place < k)
        learnt = known.apart(now, earlier)
        if known.is_sound(now, learnt):
            fold[now] = len(learn)
            learn.append(learnt)
            tested.append(k)
            again |= bool((learnt != earlier).any())
    if not learn:
        raise CannotSplitError(
            f"no {known.cohort.name} after {names[0]} has pupils of both kinds to test, and at least "
            f"{LEAST_LEARNT} of each kind before it, other than the same pupils, to learn from"
        )
    sentence = cohort_sentence(names, tested) + (
        "; earlier rows of the pupils tested were not learnt from" if again else ""
    )
    sentence += left_out(place < 0, known.cohort.name)
    return Split("cohort", sentence, False, fold, np.array(learn))


def cohort_sentence(names: list[str], tested: list[int]) -> str:
    """Say which cohorts were tested, by models of which.

    >>> cohort_sentence(["2023", "2024", "2025"], [2])
    'learnt from 2023 and 2024, tested on 2025'
    """
    if len(tested) == 1:
        return f"learnt from {joined(names[: tested[0]])}, tested on {names[tested[0]]}"
    each = joined([names[k] for k in tested])
    return f"each of {each} tested by a model that learnt from all before it, from {names[0]} on"


def shown(value: object) -> str:
    """Return a cohort as a reader writes it: 2024, not 2024.0.

    >>> shown(2024.0), shown("2024/25")
    ('2024', '2024/25')
    """
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def left_out(missing: BoolArray, name: object) -> str:
    """Say how many rows lack what the split goes by; "" if none does.

    >>> left_out(np.array([True, False]), "school"), left_out(np.array([False]), "school")
    ('; rows without school left out: 1', '')
    """
    count = int(missing.sum())
    return f"; rows without {name} left out: {count}" if count else ""


def group_split(known: Known, n_folds: int, seed: int) -> Split:
    """Return tests on whole groups, balanced in rows and outcomes; rows without one are left out."""
    if known.group is None:
        raise CannotSplitError("no column was named as the school or class (--group COLUMN)")
    name = str(known.group.name)
    if not known.group.dropna().duplicated().any():
        raise CannotSplitError(f"no two rows are of one {name}: whole groups are single rows")
    fold = whole_folds(known, known.group, n_folds, seed)
    what = PLURALS.get(name.lower(), f"groups ({name})")
    sentence = f"each of {fold.max() + 1} tests on {what} the model had not seen"
    if fold.max() + 1 < n_folds:
        sentence += f" ({n_folds} were asked for; the {what} allow no more)"
    sentence += left_out(fold < 0, name)
    return Split("group", sentence, False, fold, learn_of(known, fold))


def pupil_split(known: Known, n_folds: int, seed: int) -> Split:
    """Return tests in which all rows of a pupil are in one fold."""
    if not known.has_ids:
        raise CannotSplitError("no column was named that tells pupils apart (--id COLUMN)")
    fold = whole_folds(known, known.ids, n_folds, seed)
    sentence = f"each of {fold.max() + 1} tests on pupils the model had not seen: optimistic, since {ALIKE}"
    return Split("pupil", sentence, True, fold, learn_of(known, fold))


def whole_folds(known: Known, group: pd.Series, n_folds: int, seed: int) -> IntArray:
    """Return the fold (n,) of each row, whole groups together, -1 without a group.

    There are as many folds, up to ``n_folds``, as can hold both kinds of outcome each.
    """
    there = group.notna().to_numpy()
    y, code = known.y[there], pd.factorize(group[there], sort=True)[0]
    rarer = int(min((y == 1).sum(), (y == 0).sum()))
    groups = len(np.unique(code))
    for f in range(min(n_folds, rarer, groups), 1, -1):
        fold = np.full(len(there), -1)
        fold[there] = group_folds(y, code, f, np.random.default_rng(seed))
        learn = learn_of(known, fold)
        if all(known.is_sound(fold == k, learn[k]) for k in range(f)):
            return fold
    raise CannotSplitError(
        f"the {groups} different values of {group.name} cannot be divided into tests with pupils "
        f"of both kinds in each, and {LEAST_LEARNT} of each kind outside it"
    )


def learn_of(known: Known, fold: IntArray) -> BoolArray:
    """Return which rows each fold's model learns from: other folds' rows of other pupils."""
    tests = [fold == k for k in range(fold.max() + 1)]
    return np.array([known.apart(test, ~test & (fold >= 0)) for test in tests])


def assign_folds(y: FloatArray, n_folds: int, seed: int) -> Split:
    """Return tests on rows drawn at random, each with its share of pupils at risk.

    It does not ask who the rows are of. DataError for more folds than pupils of the rarer kind.

    >>> np.bincount(assign_folds(np.tile([0.0, 1.0], 5), 5, seed=0).fold).tolist()
    [2, 2, 2, 2, 2]
    """
    smallest = int(min((y == 1).sum(), (y == 0).sum()))
    if n_folds > smallest:
        raise DataError(
            f"--folds is {n_folds}, but there are only {smallest} pupils of the rarer kind, and "
            f"each fold needs one. Use --folds {smallest} or less."
        )
    fold = stratified_folds(y.astype(np.int64), n_folds, np.random.default_rng(seed))
    learn = np.array([fold != k for k in range(n_folds)])
    return Split("random", f"random folds: optimistic, since {ALIKE}", True, fold, learn)


MAKERS: dict[str, Callable[[Known, int, int], Split]] = {
    "cohort": cohort_split,
    "group": group_split,
    "pupil": pupil_split,
    "random": lambda known, n_folds, seed: assign_folds(known.y, n_folds, seed),
}

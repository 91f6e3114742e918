"""Tests that are honest: the later by the earlier, whole schools, whole pupils; and what is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.model_selection import StratifiedKFold
from risk.data.columns import Column
from risk.data.reading import DataError
from risk.data.table import PupilTable
from risk.evaluation.splits import assign_folds, choose_split


def table(at_risk, *, ids=None, cohort=None, group=None, name="school"):
    n = len(at_risk)
    return PupilTable(
        source="pupils.csv",
        ids=pd.Series([f"p{i}" for i in range(n)] if ids is None else ids, name="pupil"),
        features=pd.DataFrame({"x": np.arange(n, dtype=float)}),
        schema=[Column("x", "number")],
        at_risk=pd.Series(at_risk, dtype=float),
        protected=pd.DataFrame(index=range(n)),
        meaning="at risk",
        listed=pd.Series(True, index=range(n)),
        id_name=None if ids is None else "id",
        cohort=None if cohort is None else pd.Series(cohort, name="year"),
        group=None if group is None else pd.Series(group, name=name),
    )


def mixed(n):
    """At risk and not, by turns."""
    return np.arange(n) % 2.0


def test_two_cohorts_the_later_is_tested():
    split = choose_split(table(mixed(30), cohort=[2025] * 10 + [2024] * 20))
    assert (split.kind, split.optimistic) == ("cohort", False)
    assert split.sentence == "learnt from 2024, tested on 2025"
    assert split.fold.tolist() == [0] * 10 + [-1] * 20
    assert split.learn.tolist() == [[False] * 10 + [True] * 20]
    assert split.tested.tolist() == [True] * 10 + [False] * 20


def test_three_cohorts_the_window_grows():
    cohort = [f"20{22 + i}/{23 + i}" for i in (2, 0, 1) for _ in range(12)]
    split = choose_split(table(mixed(36), cohort=cohort))
    assert split.fold.tolist() == [1] * 12 + [-1] * 12 + [0] * 12
    assert split.learn[0].tolist() == [False] * 12 + [True] * 12 + [False] * 12
    assert split.learn[1].tolist() == [False] * 12 + [True] * 24
    assert split.sentence == (
        "each of 2023/24 and 2024/25 tested by a model that learnt from all before it, "
        "from 2022/23 on"
    )


def test_rows_without_an_outcome_are_no_part_of_it():
    at_risk = mixed(36)
    at_risk[24:] = np.nan  # this year's
    split = choose_split(table(at_risk, cohort=[2024.0] * 12 + [2025.0] * 12 + [2026.0] * 12))
    assert split.sentence == "learnt from 2024, tested on 2025"
    assert len(split.fold) == split.learn.shape[1] == 24


def test_a_cohort_of_one_kind_is_learnt_from_but_not_tested():
    at_risk = np.concatenate([mixed(20), np.zeros(5), mixed(10)])
    split = choose_split(table(at_risk, cohort=[1] * 20 + [2] * 5 + [3] * 10))
    assert split.sentence == "learnt from 1 and 2, tested on 3"
    assert split.fold.tolist() == [-1] * 25 + [0] * 10
    assert split.learn[0].sum() == 25
    at_risk[20] = 1.0  # one at risk is too few to be tested on
    split = choose_split(table(at_risk, cohort=[1] * 20 + [2] * 5 + [3] * 10))
    assert split.sentence == "learnt from 1 and 2, tested on 3"
    at_risk = np.concatenate([mixed(4), mixed(20), mixed(10)])  # too few to learn from at first
    split = choose_split(table(at_risk, cohort=[1] * 4 + [2] * 20 + [3] * 10))
    assert split.sentence == "learnt from 1 and 2, tested on 3"


def test_rows_without_a_cohort_or_a_group_are_left_out_and_counted():
    split = choose_split(table(mixed(32), cohort=[np.nan] * 2 + [2024.0] * 20 + [2025.0] * 10))
    assert split.fold.tolist() == [-1] * 22 + [0] * 10
    assert not split.learn[:, :2].any()
    assert split.sentence == "learnt from 2024, tested on 2025; rows without year left out: 2"
    one = choose_split(table(mixed(31), cohort=[2024.0] * 20 + [2025.0] * 10 + [np.nan]))
    assert one.sentence.endswith("; rows without year left out: 1")
    split = choose_split(table(mixed(32), group=[None] * 2 + ["a", "a", "b", "b", "c", "c"] * 5))
    assert split.fold[:2].tolist() == [-1, -1]
    assert not split.learn[:, :2].any()
    assert split.sentence.endswith("rows without school left out: 2")


def test_a_pupil_of_two_cohorts_is_tested_by_a_model_that_never_saw_the_pupil():
    ids = [*(f"p{i}" for i in range(20)), "p0", "p3", *(f"q{i}" for i in range(8))]
    split = choose_split(table(mixed(30), ids=ids, cohort=[2024] * 20 + [2025] * 10))
    assert split.fold.tolist() == [-1] * 20 + [0] * 10
    assert np.flatnonzero(~split.learn[0]).tolist() == [0, 3, *range(20, 30)]
    assert split.sentence.endswith("; earlier rows of the pupils tested were not learnt from")
    everyone = [f"p{i % 20}" for i in range(40)]  # nobody else to learn from
    split = choose_split(table(mixed(40), ids=everyone, cohort=[2024] * 20 + [2025] * 20))
    assert split.kind == "pupil"
    assert "; not by cohort, since no year after 2024 has pupils of both kinds" in split.sentence


def test_whole_groups_are_tested_in_balance():
    # Six schools of ten, two to five at risk; pairs of them could hold 5 to 9 of the 21.
    at_risk, group = [], []
    for school, risky in zip("abcdef", (2, 5, 3, 4, 3, 4), strict=True):
        at_risk += [1.0] * risky + [0.0] * (10 - risky)
        group += [school] * 10
    split = choose_split(table(at_risk, group=group), n_folds=3)
    assert (split.kind, split.optimistic) == ("group", False)
    assert split.sentence == "each of 3 tests on schools the model had not seen"
    assert np.bincount(split.fold).tolist() == [20, 20, 20]
    assert sorted(np.bincount(split.fold, weights=at_risk)) == [6, 7, 8]
    for k in range(3):
        tested = {g for g, f in zip(group, split.fold, strict=True) if f == k}
        assert len(tested) == 2
        assert np.array_equal(split.learn[k], [g not in tested for g in group])


def test_groups_of_one_row_are_no_groups():
    own = [f"s{i}" for i in range(40)]
    split = choose_split(table(mixed(40), group=own))
    assert (split.kind, split.optimistic) == ("random", True)
    assert "not by group, since no two rows are of one school" in split.sentence
    with pytest.raises(DataError, match="no two rows are of one school"):
        choose_split(table(mixed(40), group=own), "group")


def test_fewer_groups_than_folds_make_fewer_tests_and_that_is_said():
    split = choose_split(table(mixed(30), group=list("abc") * 10, name="room"))
    assert split.sentence == (
        "each of 3 tests on groups (room) the model had not seen "
        "(5 were asked for; the groups (room) allow no more)"
    )
    # All at risk are in two of five schools: two tests, each with one of them.
    at_risk = np.concatenate([np.tile([1.0, 0.0], 12), np.zeros(18)])
    group = ["a"] * 12 + ["b"] * 12 + ["c"] * 6 + ["d"] * 6 + ["e"] * 6
    split = choose_split(table(at_risk, group=group))
    assert split.learn.shape[0] == 2
    assert split.fold[0] != split.fold[12]


def test_a_pupil_who_changed_school_is_not_on_both_sides():
    ids = [f"p{i}" for i in range(60)]
    ids[59] = "p0"
    group = np.repeat(list("abcdef"), 10)
    split = choose_split(table(mixed(60), ids=ids, group=group), n_folds=3)
    assert split.kind == "group"
    a, f = split.fold[0], split.fold[59]
    assert not split.learn[a, 59]
    assert not split.learn[f, 0]


def test_rows_of_a_pupil_stay_together():
    ids = np.repeat([f"p{i}" for i in range(20)], 3)
    split = choose_split(table(np.repeat(mixed(20), 3), ids=ids))
    assert (split.kind, split.optimistic) == ("pupil", True)
    assert split.sentence.startswith("each of 5 tests on pupils the model had not seen: optimistic")
    for k in range(5):
        assert not set(ids[split.fold == k]) & set(ids[split.learn[k]])
    assert np.bincount(split.fold).tolist() == [12] * 5


def test_random_folds_are_stratified_and_called_optimistic():
    y = np.repeat([1.0, 0.0], [10, 30])
    split = choose_split(table(y), n_folds=5, seed=3)
    assert (split.kind, split.optimistic) == ("random", True)
    assert "optimistic, since" in split.sentence
    assert np.bincount(split.fold, weights=y).tolist() == [2] * 5
    splitter = StratifiedKFold(5, shuffle=True, random_state=3)
    for k, (train, test) in enumerate(splitter.split(None, y.astype(int))):
        assert np.flatnonzero(split.fold == k).tolist() == test.tolist()
        assert np.flatnonzero(split.learn[k]).tolist() == train.tolist()
    assert np.array_equal(split.fold, assign_folds(y, 5, seed=3).fold)
    assert not np.array_equal(split.fold, assign_folds(y, 5, seed=4).fold)


def test_what_is_asked_for_is_done_though_a_better_split_is_there():
    everything = table(
        mixed(60), ids=[f"p{i % 50}" for i in range(60)],
        cohort=[2024] * 20 + [2025] * 40, group=list("abcdef") * 10,
    )  # fmt: skip
    for kind in ("cohort", "group", "pupil", "random"):
        assert choose_split(everything, kind).kind == kind
    assert choose_split(everything).kind == "cohort"


def test_one_known_cohort_falls_back_and_says_why():
    at_risk = np.concatenate([mixed(30), np.full(10, np.nan)])
    split = choose_split(table(at_risk, cohort=[2025] * 30 + [2026] * 10, group=list("abcde") * 8))
    assert split.kind == "group"
    assert split.sentence == (
        "each of 5 tests on schools the model had not seen; not by cohort, since known outcomes of "
        "two school years are needed, but all of them are of 2025"
    )


@pytest.mark.parametrize(
    ("columns", "wanted", "message"),
    [
        ({}, "cohort", "--split cohort cannot be done, since no column .*--cohort COLUMN"),
        ({}, "group", "--split group cannot be done, since no column .*--group COLUMN"),
        ({}, "pupil", "--split pupil cannot be done, since no column .*--id COLUMN"),
        ({"cohort": [2024] * 40}, "cohort", "two school years .* all of them are of 2024"),
        ({"cohort": [None] * 40}, "cohort", "two school years .* none of them has one"),
        ({"cohort": [2024] * 4 + [2025] * 36}, "cohort", "no year after 2024 has .*at least 5"),
        ({"group": ["a"] * 40}, "group", "the 1 different values of school cannot be divided"),
        ({"group": ["a"] * 38 + ["b"] * 2}, "group", "the 2 different values of school"),
        ({"ids": ["p", "q"] * 20}, "pupil", "the 2 different values of pupil cannot be divided"),
    ],
)
def test_what_cannot_be_done_is_said(columns, wanted, message):
    with pytest.raises(DataError, match=message):
        choose_split(table(mixed(40), **columns), wanted)


def test_more_folds_than_pupils_of_a_kind_are_said():
    assert len(choose_split(table([1.0] * 5 + [0.0] * 20), n_folds=5).learn) == 5
    with pytest.raises(DataError, match="--folds is 6, but there are only 5"):
        choose_split(table([1.0] * 5 + [0.0] * 20), n_folds=6)


@pytest.mark.parametrize("options", [{"wanted": "time"}, {"n_folds": 1}])
def test_what_is_no_split_is_refused(options):
    with pytest.raises(ValueError, match="was expected"):
        choose_split(table(mixed(30)), **options)


@st.composite
def tables(draw):
    """Tables of 24 to 60 rows with whatever columns, some cells of which are missing."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(24, 60))
    at_risk = (rng.random(n) < draw(st.sampled_from([0.3, 0.5]))).astype(float)
    at_risk[:12] = [0.0, 1.0] * 6
    at_risk[rng.random(n) < 0.05] = np.nan
    columns = {}
    if draw(st.booleans()):
        columns["cohort"] = np.where(rng.random(n) < 0.05, np.nan, rng.integers(2020, 2024, n))
    if draw(st.booleans()):
        group = rng.choice(list("abcdefgh"), n).astype(object)
        group[rng.random(n) < 0.05] = None
        columns["group"] = group
    if draw(st.booleans()):
        columns["ids"] = [f"p{i}" for i in rng.integers(0, n, n)]
    return table(at_risk, **columns)


def attempt(made, wanted):
    try:
        return choose_split(made, wanted, n_folds=3)
    except DataError:
        return None


@given(tables(), st.sampled_from(["auto", "cohort", "group", "pupil", "random"]))
def test_every_split_is_fair(made, wanted):
    split = attempt(made, wanted)
    known = made.at_risk.notna().to_numpy()
    y, ids = made.at_risk[known].to_numpy(), made.ids[known].to_numpy()
    if split is None:
        assert wanted != "random" or min((y == 0).sum(), (y == 1).sum()) < 3
        return
    assert split.fold.shape == (len(y),) and split.learn.shape == (split.fold.max() + 1, len(y))
    assert wanted in ("auto", split.kind)
    for k, learn in enumerate(split.learn):
        test = split.fold == k
        assert not (test & learn).any()
        assert set(y[test]) == set(y[learn]) == {0.0, 1.0}
        if split.kind != "random":
            assert not set(ids[test]) & set(ids[learn])
        if split.kind == "cohort":
            cohort = made.cohort[known].to_numpy()
            assert cohort[learn].max() < cohort[test].min()
        if split.kind == "group":
            group = made.group[known].to_numpy()
            assert not set(group[test]) & set(group[learn])
    if split.kind in ("pupil", "random"):
        assert split.tested.all()


@given(tables(), st.sampled_from(["auto", "cohort", "group", "pupil"]), st.integers(0, 99))
def test_the_order_of_rows_makes_no_difference(made, wanted, seed):
    split = attempt(made, wanted)
    order = np.random.default_rng(seed).permutation(len(made.at_risk))
    columns = {
        name: None if column is None else column.to_numpy()[order]
        for name, column in (("cohort", made.cohort), ("group", made.group))
    }
    ids = made.ids.to_numpy()[order] if made.id_name else None
    moved = attempt(table(made.at_risk.to_numpy()[order], ids=ids, **columns), wanted)
    assert (split is None) == (moved is None)
    if split is None or split.kind == "random":
        return
    assert moved.sentence == split.sentence
    known = made.at_risk.notna().to_numpy()
    place = np.cumsum(known) - 1  # of a row among the known ones
    same = place[order[known[order]]]
    assert np.array_equal(moved.fold, split.fold[same])
    assert np.array_equal(moved.learn, split.learn[:, same])

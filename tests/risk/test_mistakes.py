"""Groups of mistakes: planted ones are found, noise stays silent, and what is said is what is counted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import DecisionTreeRegressor
from risk.data.columns import Column
from risk.fairness import Share
from risk.mistakes import chance_of_gap, clearest, find_mistakes, judge, suspects, two_halves
from risk.subgroups import Clue, Cut, clues_of, in_words, members, path_cuts, plain_cut

DONE = Column("done", "number", "practice completed", "%")
SCHEMA = [DONE, Column("prior", "number", "last year's score", "points")]


def pupils(seed, n, informed=False):
    """Risks that are right, from a column of noise or from practice completed."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"done": rng.uniform(0, 100, n), "prior": rng.normal(60, 12, n).round()})
    protected = pd.DataFrame({"town": rng.choice(["Bonn", "Lyon", "Porto"], n).astype(object)})
    z = (50 - frame["done"].to_numpy()) / 25 if informed else rng.normal(0, 1.2, n)
    risk = 1 / (1 + np.exp(1.2 - z))
    y = (rng.random(n) < risk).astype(float)
    return frame, protected, y, risk


def found(frame, protected, y, risk, flagged=None, seed=0):
    flagged = risk >= np.quantile(risk, 0.8) if flagged is None else flagged
    return find_mistakes(frame, SCHEMA, protected, y, risk, flagged, seed)


def test_noise_is_silent_at_least_as_often_as_promised():
    # Without Holm's correction there would be 19 in 100.
    alarms = [bool(found(*pupils(seed, 300), seed=seed).groups) for seed in range(100)]
    assert sum(alarms) <= 0.05 * 100


def test_risks_that_are_right_are_not_called_off():
    for seed in range(30):
        kinds = [group.kind for group in found(*pupils(seed, 400, informed=True)).groups]
        assert not {"too low", "too high"} & set(kinds)


def test_missed_pupils_are_found_and_counted_in_both_halves_alone():
    frame, protected, y, risk = pupils(1, 2000)
    mine = ((frame["done"] < 50) & (frame["prior"] >= 60)).to_numpy()
    rng = np.random.default_rng(2)
    flagged = rng.random(2000) < np.where(mine, 0.1, 0.7) * np.where(y == 1, 1.0, 0.1)
    told = [g for g in found(frame, protected, y, risk, flagged).groups if g.kind == "missed"]
    assert len(told) == 1  # the other half's tree says the same again
    group = told[0]
    assert "practice completed below" in group.who
    assert "last year's score of" in group.who
    assert (group.rows == mine).mean() > 0.97
    assert group.inside.whole + group.elsewhere.whole == pytest.approx((y == 1).sum() / 2, abs=1)
    assert group.inside.value < 0.3 < 0.5 < group.elsewhere.value
    assert f"{group.inside.part} of {group.inside.whole} (" in group.sentence


@pytest.mark.parametrize(
    ("kind", "seed", "beginning"),
    [
        ("needless", 3, "Marked needlessly more often: pupils with town: Bonn."),
        ("too low", 4, "Risk stated too low: pupils with town: Bonn."),
        ("too high", 5, "Risk stated too high: pupils with town: Bonn."),
    ],
)
def test_a_protected_group_that_is_treated_worse_is_named(kind, seed, beginning):
    frame, protected, y, risk = pupils(seed, 1500)
    mine = (protected["town"] == "Bonn").to_numpy()
    rng = np.random.default_rng(seed + 100)
    flagged = risk >= np.quantile(risk, 0.8)
    if kind == "needless":
        flagged = rng.random(1500) < np.where(mine, 0.5, 0.1)
    else:
        wrong = 0.25 if kind == "too low" else -0.25
        y = (rng.random(1500) < np.where(mine, np.clip(risk + wrong, 0, 1), risk)).astype(float)
    mistakes = found(frame, protected, y, risk, flagged)
    told = [group for group in mistakes.groups if group.kind == kind]
    assert [group.sentence[: len(beginning)] for group in told] == [beginning]
    about = (y == 0).sum() if kind == "needless" else len(y)
    assert told[0].inside.whole + told[0].elsewhere.whole == pytest.approx(about / 2, abs=1)
    assert not [g for g in mistakes.groups if {g.kind, kind} == {"too low", "too high"} and
                g.who == "town: Bonn"]  # fmt: skip
    assert {"kind": kind, "pupils_with": "town: Bonn"}.items() <= next(
        figure for figure in mistakes.figures()["groups"] if figure["kind"] == kind
    ).items()


def test_few_pupils_are_not_asked_about():
    mistakes = found(*pupils(0, 40))
    assert mistakes.groups == []
    assert len(mistakes.sentences) == 3
    assert sum("too few pupils" in sentence for sentence in mistakes.sentences) == 3
    assert len(mistakes.too_few) == 3


def test_no_count_under_ten_is_told():
    y = np.repeat([True, False], 20)
    flagged = np.zeros(40, dtype=bool)
    about = np.arange(40) < 20
    for size, told in ((9, 0), (10, 1), (11, 0)):  # 11 of 20 leaves 9 elsewhere
        rows = np.arange(40) < size
        assert len(judge("missed", "x", rows, about, y, y * 0.5, flagged)) == told


def test_halves_are_random_and_alike():
    frame, protected, y, risk = pupils(0, 301)
    flagged = risk > 0.5
    half = two_halves(y == 1, flagged, 0)
    for mask in (y == 1, y == 0, flagged & (y == 1), flagged & (y == 0)):
        assert abs((half & mask).sum() - (~half & mask).sum()) <= 1
    assert (two_halves(y == 1, flagged, 1) != half).any()
    first, second = (found(frame, protected, y, risk).sentences for _ in range(2))
    assert first == second


def test_suspects_prefer_the_whole_group_to_its_parts():
    rng = np.random.default_rng(0)
    X = rng.uniform(0, 1, (400, 3))
    value = (X[:, 1] >= 0.5) * 1.0
    (cuts,) = suspects(X, value)
    assert [(cut.clue, cut.below) for cut in cuts] == [(1, False)]
    assert suspects(X[:29], value[:29]) == []


def test_suspects_are_two_at_most_apart_and_no_handful():
    stripe = np.arange(2000) % 5.0
    X = (stripe[:, None] == np.arange(3)) * 1.0
    value = np.array([4.0, 3.5, 3.0, 0.0, 0.0])[stripe.astype(int)]  # three groups are higher
    one, other = (members(X, cuts) for cuts in suspects(X, value))
    assert not (one & other).any()
    few = np.zeros(2000)
    few[:60] = 1.0  # 3 % of the pupils
    for cuts in suspects(np.column_stack([few, stripe]), few + 0.01 * (stripe == 1)):
        assert members(np.column_stack([few, stripe]), cuts).sum() >= 100


def test_chance_of_gap_by_hand():
    y, risk = np.repeat([True, False], [12, 8]), np.full(20, 0.3)
    rest, stated = np.repeat([True, False], [300, 700]), np.full(1000, 0.3)
    # gap 0.3; inside, sum (y - 0.3)² = 12 · 0.49 + 8 · 0.09 = 6.6 of 20²; outside 210 of 1000²
    z = 0.3 / np.sqrt(6.6 / 400 + 210 / 1e6)
    assert z == pytest.approx(2.3208, abs=1e-4)
    assert chance_of_gap(y, risk, rest, stated, 1.0) == pytest.approx(0.0203, abs=1e-4)
    assert chance_of_gap(y, risk, rest, stated, -1.0) == 1.0
    # the others are off by as much: the group does not stand out; the others alone are: nor is it off
    assert chance_of_gap(y, risk, np.repeat([True, False], [600, 400]), stated, 1.0) > 0.99
    right = np.repeat([True, False], [6, 14])
    assert chance_of_gap(right, risk, ~rest, stated, -1.0) > 0.99
    one = np.arange(20) == 0  # one surprise where the risk was said to be 0 proves nothing
    assert chance_of_gap(one, np.zeros(20), rest, stated, 1.0) > 0.3


def test_what_repeats_a_clearer_group_is_left_out():
    y = np.repeat([True, False], 50)

    def group(low, high, p):
        rows = (np.arange(100) >= low) & (np.arange(100) < high)
        (one,) = judge("missed", f"{low} to {high}", rows, y, y, y * 0.5, ~y)
        one.inside.p_value, one.inside.differs = p, p < 0.05
        return one

    whole, part = group(0, 40, 0.01), group(0, 12, 0.02)
    assert clearest([part, whole]) == [whole]
    other = replace(part, kind="needless")  # of the same pupils, but another mistake
    assert clearest([other, whole]) == [whole, other]
    judged = [group(0, 20, 0.02), group(2, 22, 0.01), group(25, 40, 0.03), group(40, 50, 0.2)]
    assert [one.who for one in clearest(judged)] == ["2 to 22", "25 to 40"]


numbers = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=2, max_size=30)


@given(numbers, st.data())
@settings(max_examples=60, deadline=None)
def test_a_plain_cut_parts_few_rows_as_the_threshold_does(values, data):
    x = np.unique(np.array(values) + 0.0)
    if len(x) > 1:
        at = data.draw(st.integers(0, len(x) - 2))
        threshold = (x[at] + x[at + 1]) / 2
        assert ((x < plain_cut(x, threshold)) == (x <= threshold)).all()


def test_a_plain_cut_of_many_rows_is_short():
    x = np.random.default_rng(0).uniform(0, 100, 1000)
    assert plain_cut(x, 43.4567) == 43.0
    assert plain_cut(x * 1e-3, 0.0434567) == 0.043
    assert plain_cut(np.array([10.0, 20.0, 60.0, 70.0]), 41.3) == 40.0


def test_gaps_are_filled_by_the_middle_and_by_an_answer():
    frame = pd.DataFrame({"n": [1.0, 5.0, 9.0, np.nan], "b": [0.0, 1.0, np.nan, np.nan], "m": 2.0})
    schema = [Column("n", "number"), Column("b", "yes/no"), Column("m", "number")]
    X, clues = clues_of(frame, schema, pd.DataFrame(index=frame.index))
    filled = {c.column.name: c.filled for c in clues if c.asks == "value"}
    assert filled == {"n": 5.0, "b": 1.0, "m": None}  # half yes: filled with yes, not with a half
    assert X[:, 0].tolist() == [1, 5, 9, 5] and X[:, 2].tolist() == [0, 1, 1, 1]


def test_the_words_are_the_group():
    rng = np.random.default_rng(0)
    n = 500
    frame = pd.DataFrame({"n": rng.normal(50, 10, n), "b": rng.integers(0, 2, n) * 1.0})
    frame.loc[::7, "n"] = np.nan
    frame.loc[::5, "b"] = np.nan
    frame["c"] = rng.choice(["x", "y", "z"], n).astype(object)
    frame.loc[::9, "c"] = None
    schema = [Column("n", "number"), Column("b", "yes/no"), Column("c", "category")]
    X, clues = clues_of(frame, schema, frame[["c"]])  # a protected column that is learnt from too
    assert [(c.column.name, c.asks, c.level) for c in clues] == [
        ("n", "value", ""), ("n", "missing", ""), ("b", "value", ""), ("b", "missing", ""),
        ("c", "is", "x"), ("c", "is", "y"), ("c", "is", "z"), ("c", "missing", ""),
    ]  # fmt: skip
    assert not np.isnan(X).any()
    tree = DecisionTreeRegressor(max_depth=4).fit(X, rng.normal(size=n))
    where = np.asarray(tree.decision_path(X))
    for node in range(1, tree.tree_.node_count):
        inside = members(X, path_cuts(tree.tree_, node, X))
        assert (inside != where[:, node]).mean() <= 0.02 * tree.tree_.depths()[node]


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ([Cut(0, True, 55.0)], "done below 55 %"),
        ([Cut(0, False, 55.0)], "done of 55 % or more (or not recorded)"),
        ([Cut(0, False, 55.0), Cut(1, True, 1.0)], "done of 55 % or more"),
        ([Cut(0, False, 40.0), Cut(0, True, 90.5)], "done from 40 % to below 90.5 % (or not recorded)"),
        ([Cut(0, False, 40.0), Cut(1, False, 1.0)], "done not recorded"),
        ([Cut(1, True, 1.0)], "done recorded"),
        ([Cut(2, True, 1.0)], "club: no"),
        ([Cut(2, False, 1.0)], "club: yes"),
        ([Cut(3, False, 1.0), Cut(0, True, 9.0)], "city: Bonn and done below 9 %"),
        ([Cut(3, True, 1.0), Cut(4, True, 1.0)], "city other than Bonn or Lyon"),
        ([Cut(3, True, 1.0), Cut(5, True, 1.0)], "city recorded and other than Bonn"),
        ([Cut(5, False, 1.0)], "city not recorded"),
        ([Cut(5, True, 1.0)], "city recorded"),
    ],
)  # fmt: skip
def test_words(cuts, words):
    done, club, city = (
        Column("done", "number", unit="%"),
        Column("club", "yes/no"),
        Column("city", "category"),
    )
    clues = [Clue(done, "value", filled=70.0), Clue(done, "missing"), Clue(club, "value"),
             Clue(city, "is", "Bonn"), Clue(city, "is", "Lyon"), Clue(city, "missing")]  # fmt: skip
    assert in_words(cuts, clues) == words


def test_shares_are_wilsons():
    group = judge("needless", "x", np.arange(40) < 20, np.ones(40, dtype=bool),
                  np.zeros(40, dtype=bool), np.zeros(40), np.arange(40) < 5)  # fmt: skip
    assert group[0].inside == Share(5, 20, p_value=group[0].inside.p_value)
    assert "5 of 20 (25 %; 11 to 47 %) were marked; elsewhere 0 of 20" in group[0].sentence

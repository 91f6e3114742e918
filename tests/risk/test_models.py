"""Encoding learns from the training rows alone; evaluation, reasons and the audit by hand."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from mlcore import DecisionTreeClassifier, LogisticRegression
from risk.columns import Column
from risk.data import PupilTable
from risk.evaluation import (
    assign_folds,
    capacity_count,
    choose,
    evaluate,
    out_of_fold,
    threshold_for,
)
from risk.explanation import effects, reasons, typical_values
from risk.fairness import Share, audit, banded, fisher_exact, mark_differences
from risk.models import Encoder, RiskModel, TrainedModel, load_model, save_model, three_models
from risk.pipeline import Settings, travel
from risk.reading import DataError

SCHEMA = [
    Column("n", "number", "days away", "days"),
    Column("b", "yes/no"),
    Column("c", "category"),
]


def frame(n=120, seed=0):
    rng = np.random.default_rng(seed)
    values = pd.DataFrame(
        {
            "n": rng.normal(5, 2, n),
            "b": rng.integers(0, 2, n).astype(float),
            "c": rng.choice(["x", "y", "z"], n).astype(object),
        }
    )
    values.loc[::10, "n"] = np.nan
    values.loc[5::20, "c"] = None
    y = (values["n"].fillna(5) + 2 * (values["c"] == "x") + rng.normal(0, 1, n) > 6).astype(float)
    return values, y.to_numpy()


def test_encoder_by_hand():
    train = pd.DataFrame(
        {"n": [1.0, np.nan, 3.0, 8.0], "b": [1.0, 0.0, 1.0, 1.0], "c": ["x", "y", None, "x"]}
    )
    encoder = Encoder(SCHEMA).fit(train)
    assert encoder.questions() == encoder.names()[1:]
    assert encoder.names() == [
        "days away", "days away is missing?", "b?", "c is (missing)?", "c is x?", "c is y?",
    ]  # fmt: skip
    new = pd.DataFrame({"n": [np.nan, 2.0], "b": [np.nan, 0.0], "c": ["never seen", "y"]})
    assert encoder.transform(new).tolist() == [[3, 1, 1, 0, 1, 0], [2, 0, 0, 0, 0, 1]]
    scaled = Encoder(SCHEMA, standardise=True).fit(train).transform(train)
    np.testing.assert_allclose(scaled[:, 0].mean(), 0, atol=1e-15)
    np.testing.assert_allclose(scaled[:, 0].std(), 1)
    fitted = Encoder(SCHEMA, standardise=True).fit(train)
    alone = fitted.transform(new.iloc[1:])  # new rows are not scaled by themselves
    np.testing.assert_allclose(alone[0, 0], (2 - 3.75) / np.std([1, 3, 3, 8]))
    np.testing.assert_array_equal(alone[0], fitted.transform(new)[1])


def test_no_row_of_a_fold_can_change_what_was_fitted_without_it():
    values, y = frame()
    fold = assign_folds(y, 4, seed=0)
    changed = values.copy()
    inside = fold == 2
    changed.loc[inside, "n"] = changed.loc[inside, "n"] * 100 + 7
    changed.loc[inside, "c"] = "new"
    y_changed = np.where(inside, 1 - y, y)
    for model in three_models(SCHEMA, n_trees=5).values():
        a = model.fit(values[~inside], y[~inside]).risk(values)
        b = model.fit(changed[~inside], y_changed[~inside]).risk(values)
        assert np.array_equal(a, b)
    spy = RiskModel("spy", DecisionTreeClassifier(), SCHEMA)
    risk, _ = out_of_fold(spy, values, y, fold)
    flipped, _ = out_of_fold(spy, values, y_changed, fold)
    assert np.array_equal(risk[inside], flipped[inside])  # its own labels reach no pupil's risk


def test_out_of_fold_risks_know_nothing_of_random_labels():
    rng = np.random.default_rng(0)
    values, _ = frame(400)
    y = rng.integers(0, 2, 400).astype(float)
    fold = assign_folds(y, 5, 0)
    model = RiskModel("tree", DecisionTreeClassifier(), SCHEMA)
    e = evaluate("tree", y, out_of_fold(model, values, y, fold)[0], fold, 0.1)
    assert 0.4 < e.auc < 0.6
    assert np.mean((model.fit(values, y).risk(values) > 0.5) == y) > 0.9  # what accuracy would hide


def test_capacity():
    assert [capacity_count(c, 250) for c in ("10%", "12.5 %", "40", "9999", "0.1%")] == [
        25, 31, 40, 250, 1,
    ]  # fmt: skip
    for bad in ("", "ten", "0", "-5", "101%", "2.5", "nan", "inf"):
        with pytest.raises(DataError, match="--capacity is"):
            capacity_count(bad, 100)


def test_threshold_flags_the_nearest_count_and_ties_together():
    risk = np.array([0.9, 0.8, 0.8, 0.8, 0.1])
    assert [threshold_for(risk, k) for k in (1, 2, 3, 4, 5)] == [0.9, 0.9, 0.8, 0.8, 0.1]
    assert threshold_for(np.full(9, 0.5), 1) == 0.5


def test_evaluation_by_hand():
    y = np.array([1, 1, 0, 0, 1, 0, 0, 0, 0, 0] * 2, dtype=float)
    risk = np.array([0.9, 0.8, 0.7, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1] * 2)
    e = evaluate("m", y, risk, np.repeat([0, 1], 10), 0.3)
    assert (e.true_positives, e.false_positives, e.false_negatives, e.true_negatives) == (
        4,
        2,
        2,
        12,
    )
    assert (e.precision, e.recall, e.threshold) == (4 / 6, 4 / 6, 0.7)
    assert e.accuracy == pytest.approx(16 / 20)
    assert e.brier_of_base_rate == pytest.approx(0.3 * 0.7)


def test_the_easier_model_is_chosen_when_it_is_as_good():
    y = np.tile([0.0, 1.0], 50)
    fold = np.arange(100) // 10 % 5
    rng = np.random.default_rng(0)
    good = y * 0.4 + rng.random(100) * 0.6
    poor = y * 0.1 + rng.random(100) * 0.9

    def both(first, second):
        return {
            "simple": evaluate("Simple", y, first, fold, 0.1),
            "complex": evaluate("Complex", y, second, fold, 0.1),
        }

    assert choose(both(good, good + 1e-9))[0] == "simple"
    assert choose(both(poor, good))[0] == "complex"
    assert choose(both(good, poor))[0] == "simple"


def test_reasons_name_what_raises_the_risk():
    values, y = frame(400)
    model = RiskModel("lr", LogisticRegression(0.01), SCHEMA).fit(values, y)
    typical = typical_values(values, SCHEMA)
    high = pd.DataFrame({"n": [11.0, 0.0], "b": [typical["b"]] * 2, "c": ["x", typical["c"]]})
    added, moved = effects(model, high, typical)
    told = reasons(added, high, SCHEMA, typical)
    assert told[0][0].startswith("days away: 11 days (typical: ")
    assert told[1] == []  # a low risk needs no reason
    assert moved[0, 0] > 0.2 > moved[0, 1] == 0.0
    by_hand = model.risk(high) - model.risk(high.assign(n=typical["n"]))
    np.testing.assert_allclose(moved[:, 0], by_hand, atol=1e-12)


def test_an_unknown_category_is_no_reason():
    values, y = frame(400)
    model = RiskModel("lr", LogisticRegression(0.01), SCHEMA).fit(values, y)
    typical = typical_values(values, SCHEMA)
    new = pd.DataFrame({"n": [5.0], "b": [1.0], "c": ["Atlantis"]})
    assert effects(model, new, typical)[0][0, 2] == 0.0


def test_reasons_of_a_known_pupil_know_nothing_of_its_label():
    rng = np.random.default_rng(0)
    schema = [Column(f"x{j}", "number") for j in range(6)]
    noise = pd.DataFrame(rng.normal(size=(300, 6)), columns=[c.name for c in schema])
    y = pd.Series(rng.integers(0, 2, 300).astype(float))
    table = PupilTable(
        "noise", pd.Series(np.arange(300).astype(str)), noise, schema, y, pd.DataFrame(index=y.index),
        "y", pd.Series(True, index=y.index),
    )  # fmt: skip
    result = travel(table, Settings(trees=30, model="random_forest"))
    p = result.predictions
    many = (p[["reason_1", "reason_2", "reason_3"]] != "").sum(axis=1)
    label = p["pupil"].astype(int).map(y)
    assert abs(many[label == 1].mean() - many[label == 0].mean()) < 0.4
    assert "no better than chance" in result.best.caution


def test_too_good_to_be_true_is_said():
    y = np.tile([0.0, 1.0], 50)
    fold = np.arange(100) // 10 % 5
    assert "too good" in evaluate("m", y, y * 0.9, fold, 0.1).caution
    rng = np.random.default_rng(0)
    assert evaluate("m", y, y * 0.3 + rng.random(100) * 0.7, fold, 0.1).caution is None


def test_more_folds_than_pupils_of_a_kind_are_said():
    with pytest.raises(DataError, match="--folds is 6, but there are only 5"):
        assign_folds(np.array([1.0] * 5 + [0.0] * 20), 6, 0)


def test_audit_marks_what_differs():
    group = pd.Series(["a"] * 100 + ["b"] * 100)
    y = np.tile([1.0, 0.0], 100)
    flagged = np.zeros(200, dtype=bool)
    flagged[:100] = y[:100] == 1  # everyone at risk in a is found, nobody in b
    a, b = audit(pd.DataFrame({"g": group}), y, flagged)
    assert a.shares["found"].differs
    assert b.shares["found"].differs
    assert not a.shares["false alarms"].differs
    assert (a.shares["found"].part, a.shares["found"].whole) == (50, 50)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": (30, 30), "b": (20, 33)}, "ab"),
        ({"a": (30, 30), "b": (20, 33), "c": (2, 2), "d": (1, 2)}, "a"),  # else 7 by subtraction
        ({"a": (50, 50), "b": (25, 25), "c": (12, 12), "d": (3, 9)}, "ab"),
        ({"a": (50, 50), "b": (7, 8)}, ""),  # one of two groups gives the other
        ({"a": (50, 50), "b": (30, 30), "c": (9, 60), "d": (9, 60)}, "ab"),
        ({"a": (9, 90)}, ""),
    ],
)
def test_no_figure_of_fewer_than_ten_can_be_had_even_by_subtraction(sizes, shown):
    group = pd.Series([g for g, (p, n) in sizes.items() for _ in range(p + n)])
    y = np.concatenate([np.repeat([1.0, 0.0], c) for c in sizes.values()])
    groups = audit(pd.DataFrame({"g": group}), y, np.arange(len(y)) % 3 == 0)
    assert "".join(g.group for g in groups if g.shares) == shown
    for share in (s for g in groups if g.shares for s in g.shares.values()):
        assert share.whole >= 10
    for base in (y == 1, y == 0):
        rest = sum(base[group == g.group].sum() for g in groups if not g.shares)
        assert rest == 0 or rest >= 10 or not shown


def test_a_column_of_two_groups_is_compared_once():
    group = pd.Series(["f", "m"] * 100)
    y = np.repeat([1.0, 0.0], 100)
    flagged = (np.arange(200) % 2 == 0) & (y == 1)
    f, m = audit(pd.DataFrame({"g": group}), y, flagged)
    assert f.shares["found"].differs
    assert m.shares["found"].differs
    assert m.shares["found"].twin is f.shares["found"]


def test_holm_is_not_bonferroni():
    shares = [Share(1, 20, p_value=p) for p in (0.04, 0.012, 0.02, 0.9)]
    mark_differences(shares)
    assert [s.differs for s in shares] == [False, True, False, False]
    shares = [Share(1, 20, p_value=p) for p in (0.001, 0.014)]
    mark_differences(shares)
    assert all(s.differs for s in shares)
    shares = [Share(1, 20, p_value=p) for p in (0.02, 0.026)]  # Bonferroni would mark the first
    mark_differences(shares)
    assert [s.differs for s in shares] == [True, True]


def test_fisher_by_adding_up_all_tables():
    def by_hand(a, n, b, m):
        chance = [
            comb(n, k) * comb(m, a + b - k) for k in range(a + b + 1) if k <= n and a + b - k <= m
        ]
        seen = comb(n, a) * comb(m, b)
        return sum(c for c in chance if c <= seen) / sum(chance)

    rng = np.random.default_rng(0)
    for _ in range(200):
        n, m = rng.integers(1, 30, 2).tolist()
        a, b = int(rng.integers(0, n + 1)), int(rng.integers(0, m + 1))
        assert fisher_exact(a, n, b, m) == pytest.approx(by_hand(a, n, b, m), abs=1e-9)


def test_audit_cries_wolf_at_most_one_time_in_twenty():
    rng = np.random.default_rng(0)
    alarms = 0
    for _ in range(200):
        protected = pd.DataFrame(
            {"g": rng.choice(list("abc"), 300), "h": rng.choice(list("xy"), 300)}
        )
        y = (rng.random(300) < 0.3).astype(float)
        groups = audit(protected, y, rng.random(300) < 0.2 + 0.3 * y)
        alarms += any(s.differs for g in groups for s in g.shares.values())
    assert alarms / 200 < 0.08


def test_numbers_are_audited_in_thirds():
    assert banded(pd.Series(np.arange(31.0)))[1] == ["up to 10", "over 10 to 20", "over 20"]
    assert banded(pd.Series([10.0, 2.0, np.nan]))[1] == ["2", "10", "not recorded"]


def test_a_saved_model_gives_the_same_risks(tmp_path):
    values, y = frame()
    for name, model in three_models(SCHEMA, n_trees=5).items():
        model.fit(values, y)
        trained = TrainedModel(model, 0.4, 0.3, typical_values(values, SCHEMA), None, "x")
        save_model(trained, tmp_path / name)
        again = load_model(tmp_path / name)
        assert np.array_equal(again.model.risk(values), model.risk(values))
        assert again.model.schema == SCHEMA
    with pytest.raises(DataError, match="does not exist"):
        load_model(tmp_path / "none")
    (tmp_path / "bad").write_bytes(b"junk")
    with pytest.raises(DataError, match="not a model file"):
        load_model(tmp_path / "bad")

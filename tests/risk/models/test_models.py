"""Encoding and settings come from the training rows alone; reasons by hand."""

import numpy as np
import pandas as pd
import pytest

from mlcore import DecisionTreeClassifier, LogisticRegression, RandomForestClassifier
from mlcore.metrics import brier_score_loss, log_loss
from risk.data.columns import Column
from risk.data.reading import DataError
from risk.data.table import PupilTable
from risk.explanation import effects, reasons, typical_values
from risk.models.encoding import Encoder
from risk.models.risk_model import RiskModel, TrainedModel, load_model, save_model, three_models
from risk.models.tuning import (
    ALPHAS,
    FOREST,
    TREE,
    choose_settings,
    inner_folds,
    sampled_rows,
    unseen_risk,
)
from risk.pipeline import Settings, travel

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


def matrix(n=300, seed=0, d=6):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)).round(2)
    y = (X[:, 0] + 0.7 * X[:, 1] + rng.normal(size=n) > 0.8).astype(np.int64)
    return X, y


def test_alpha_is_that_of_least_log_loss_on_the_inner_folds():
    X, y = matrix(80, d=20)
    fold = inner_folds(y, None, 3)
    losses = []
    for alpha in ALPHAS["alpha"]:
        parts = []
        for k in range(5):
            model = LogisticRegression(alpha=alpha).fit(X[fold != k], y[fold != k])
            parts.append(log_loss(y[fold == k], model.predict_proba(X[fold == k])))
        losses.append(np.mean(parts))
    best = ALPHAS["alpha"][int(np.argmin(losses))]
    assert choose_settings(LogisticRegression(), ALPHAS, X, y, seed=3) == {"alpha": best}
    assert best not in (ALPHAS["alpha"][0], ALPHAS["alpha"][-1])


def test_the_tree_is_that_of_least_brier_score_on_the_inner_folds():
    X, y = matrix()
    fold = inner_folds(y, None, 0)
    chosen = choose_settings(DecisionTreeClassifier(max_depth=5), TREE, X, y)

    def brier(**settings):
        risk = np.empty(len(y))
        for k in range(5):
            tree = DecisionTreeClassifier(max_depth=5, **settings).fit(X[fold != k], y[fold != k])
            risk[fold == k] = tree.predict_proba(X[fold == k])[:, 1]
        return brier_score_loss(y, risk)

    tried = [
        brier(min_samples_leaf=leaf, ccp_alpha=alpha)
        for leaf in TREE["min_samples_leaf"]
        for alpha in (*np.geomspace(1e-4, 0.3, 30), 0.0)
    ]
    assert brier(**chosen) <= min(tried) + 1e-12
    assert brier(**chosen) < brier(min_samples_leaf=1, ccp_alpha=0.0)


def test_the_forest_is_that_of_least_log_loss_out_of_bag():
    X, y = matrix()
    losses = {}
    for leaf in FOREST["min_samples_leaf"]:
        for share in FOREST["max_features"]:
            forest = RandomForestClassifier(
                40, min_samples_leaf=leaf, max_features=share, oob_score=True, random_state=1
            ).fit(X, y)
            risk = forest.oob_decision_function_[:, 1]
            losses[leaf, share] = log_loss(y, np.clip(risk, 0.5 / 300, 1 - 0.5 / 300))
    leaf, share = min(losses, key=losses.get)
    chosen = choose_settings(RandomForestClassifier(40, random_state=1), FOREST, X, y)
    assert chosen == {"min_samples_leaf": leaf, "max_features": share}


def test_a_forest_is_judged_by_trees_that_have_not_seen_the_row():
    X, y = matrix(120)
    fold = inner_folds(y, np.arange(120) // 6, 0)
    parameters = {"n_estimators": 10, "random_state": 0}
    risk = unseen_risk(parameters, X, y, fold)
    for k in range(5):
        forest = RandomForestClassifier(**parameters).fit(X[fold != k], y[fold != k])
        assert np.array_equal(risk[fold == k], forest.predict_proba(X[fold == k])[:, 1])
    forest = RandomForestClassifier(40, random_state=0, oob_score=True).fit(X, y)
    out_of_bag = unseen_risk({"n_estimators": 40, "random_state": 0}, X, y, None)
    assert np.array_equal(out_of_bag, forest.oob_decision_function_[:, 1], equal_nan=True)


def test_inner_folds_keep_groups_whole_and_spread_those_at_risk():
    _, y = matrix()
    alone = inner_folds(y, None, 0)
    counts = np.bincount(alone, weights=y)
    assert len(counts) == 5
    assert np.ptp(counts) <= 1
    group = np.arange(300) // 15
    fold = inner_folds(y, group, 0)
    assert all(len(set(fold[group == g])) == 1 for g in range(20))
    assert set(fold) == set(range(5))
    assert set(inner_folds(y, np.arange(300) % 3, 0)) == {0, 1, 2}  # fewer groups than folds
    one = (np.arange(20) == 3).astype(np.int64)  # a single pupil at risk: two folds all the same
    assert set(inner_folds(one, None, 0)) == {0, 1}
    split = inner_folds(y, y, 0)  # all at risk are one group, which cannot stay whole
    assert np.ptp(np.bincount(split, weights=y)) <= 1


def test_the_sample_of_a_large_table_has_its_share_of_each_kind():
    y = (np.arange(5000) < 500).astype(np.int64)
    some = sampled_rows(y, 100, 0)
    assert (len(some), y[some].sum()) == (500, 50)
    assert len(set(some)) == 500
    assert len(sampled_rows(y, 10_000, 0)) == pytest.approx(300, abs=15)
    assert len(sampled_rows((np.arange(5000) < 90).astype(np.int64), 100, 0)) == 5000


def test_settings_chosen_across_groups_do_not_learn_a_group_by_heart():
    rng = np.random.default_rng(0)
    group = np.arange(400) // 10
    place = rng.normal(size=(40, 3))[group]  # the same for all of a class: names it
    y = (rng.random(400) < 1 / (1 + np.exp(1 - 2 * rng.normal(size=40)[group]))).astype(np.int64)
    for classifier, grid in (
        (DecisionTreeClassifier(max_depth=5), TREE),
        (LogisticRegression(), ALPHAS),
    ):
        free = choose_settings(classifier, grid, place, y)
        held = choose_settings(classifier, grid, place, y, group)
        name = "ccp_alpha" if "ccp_alpha" in free else "alpha"
        assert held[name] > free[name]


def test_the_same_seed_gives_the_same_settings_for_any_number_of_workers():
    values, y = frame(200)
    group = np.arange(200) // 10
    for groups in (None, group):
        one, two = (
            three_models(SCHEMA, n_trees=20, seed=4, n_jobs=jobs)["random_forest"]
            for jobs in (1, 2)
        )
        one.fit(values, y, groups)
        two.fit(values, y, groups)
        assert one.chosen_ == two.chosen_
        assert np.array_equal(one.risk(values), two.risk(values))


def test_settings_are_told_in_words():
    values, y = frame(200)
    models = three_models(SCHEMA, n_trees=10)
    told = {name: model.fit(values, y).settings for name, model in models.items()}
    alpha = models["logistic_regression"].classifier_.alpha
    assert told["logistic_regression"] == f"alpha = {alpha:g}"
    assert told["decision_tree"].startswith("min_samples_leaf = ")
    assert "ccp_alpha = " in told["decision_tree"]
    assert told["random_forest"].startswith("max_features = ")
    fixed = RiskModel("fixed", LogisticRegression(alpha=0.5), SCHEMA).fit(values, y)
    assert (fixed.settings, fixed.chosen_, fixed.classifier_.alpha) == ("", {}, 0.5)
    assert models["logistic_regression"].classifier.alpha == 0.0  # what was given is not changed


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


def test_a_saved_model_gives_the_same_risks(tmp_path):
    values, y = frame()
    for name, model in three_models(SCHEMA, n_trees=5).items():
        model.fit(values, y)
        trained = TrainedModel(model, 0.4, 0.3, typical_values(values, SCHEMA), None, "x")
        save_model(trained, tmp_path / name)
        again = load_model(tmp_path / name)
        assert np.array_equal(again.model.risk(values), model.risk(values))
        assert again.model.schema == SCHEMA
        assert again.model.chosen_ == model.chosen_ != {}
        assert again.model.settings == model.settings
        assert again.model.grid == model.grid
    with pytest.raises(DataError, match="does not exist"):
        load_model(tmp_path / "none")
    (tmp_path / "bad").write_bytes(b"junk")
    with pytest.raises(DataError, match="not a model file"):
        load_model(tmp_path / "bad")

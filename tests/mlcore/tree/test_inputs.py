"""Missing values and categories as a user gives them, in trees, forests, words and files."""

import numpy as np
import pandas as pd
import pytest

from mlcore import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ModelFileError,
    RandomForestClassifier,
    RandomForestRegressor,
    explain,
    export_text,
    load,
    pruned_by_cross_validation,
    save,
)


def pupils(n=300, seed=0):
    """The risk depends on the club and on the score; a fifth of the scores are missing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "club": rng.choice(["chess", "choir", "none"], n),
            "score": rng.integers(0, 21, n).astype(float),
            "effort": rng.normal(size=n),
        }
    )
    y = np.where((frame["club"] == "none") & (frame["score"] < 12), "risk", "fine")
    frame["effort"] += frame["score"] / 4
    frame.loc[rng.random(n) < 0.2, "score"] = np.nan
    return frame, y


CHOICES = [
    {"missing": "direction", "categorical_features": ["club"]},
    {"missing": "surrogate", "categorical_features": ["club"]},
]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: c["missing"])
def test_a_table_with_words_and_holes_is_learned_and_saved(choice, tmp_path):
    X, y = pupils()
    new, new_y = pupils(seed=1)
    tree = DecisionTreeClassifier(max_depth=4, **choice).fit(X, y)
    assert tree.score(new, new_y) > 0.9
    assert tree.categories_[0].tolist() == ["chess", "choir", "none"]
    assert tree.categories_[1:] == [None, None]
    forest = RandomForestClassifier(15, max_features=None, random_state=0, **choice).fit(X, y)
    assert forest.score(new, new_y) > 0.9
    twice = RandomForestClassifier(15, max_features=None, random_state=0, n_jobs=2, **choice)
    assert np.array_equal(twice.fit(X, y).predict_proba(new), forest.predict_proba(new))
    for model in (tree, forest):
        save(model, tmp_path / "model.zip")
        again = load(tmp_path / "model.zip")
        assert np.array_equal(again.predict_proba(new), model.predict_proba(new))
    assert forest.permutation_importances(X, y, random_state=0).importances_mean[0] > 0.05


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: c["missing"])
def test_numbers_are_predicted_from_such_a_table(choice):
    X, y = pupils()
    target = (y == "risk") * 10.0 + 3.0
    tree = DecisionTreeRegressor(min_samples_leaf=5, **choice).fit(X, target)
    assert tree.score(X, target) > 0.8
    forest = RandomForestRegressor(10, oob_score=True, random_state=0, **choice).fit(X, target)
    assert forest.oob_score_ > 0.7
    assert forest.apply(X).shape == (300, 10)


def test_complete_numbers_grow_the_same_tree_either_way():
    rng = np.random.default_rng(0)
    X, y = np.round(rng.normal(size=(200, 4)), 1), rng.integers(0, 3, 200)
    plain = DecisionTreeClassifier().fit(X, y).tree_
    for missing in ("direction", "surrogate"):
        tree = DecisionTreeClassifier(missing=missing).fit(X, y).tree_
        assert tree.children_left.tolist() == plain.children_left.tolist()
        assert tree.feature.tolist() == plain.feature.tolist()
        assert tree.threshold.tolist() == plain.threshold.tolist()


def test_the_default_refuses_and_offers_the_choices():
    X, y = pupils()
    with pytest.raises(ValueError, match=r'in column .score.*missing="direction".*"surrogate"'):
        DecisionTreeClassifier().fit(X[["score"]], y)
    with pytest.raises(ValueError, match="Or name such columns in categorical_features"):
        RandomForestClassifier(2).fit(X[["club"]], y)
    with pytest.raises(ValueError, match="missing is 'mean', but one of"):
        DecisionTreeClassifier(missing="mean").fit(X, y)
    with pytest.raises(ValueError, match="names the column 'clubs'"):
        DecisionTreeClassifier(categorical_features=["clubs"]).fit(X, y)
    tree = DecisionTreeClassifier(categorical_features=["club"]).fit(X.fillna(0.0), y)
    with pytest.raises(ValueError, match="missing value"):
        tree.predict(X)


def test_a_new_category_follows_the_heavier_side():
    X = [["a"]] * 6 + [["b"]] * 3
    tree = DecisionTreeClassifier(categorical_features=[0]).fit(X, [0] * 6 + [1] * 3)
    assert tree.predict([["a"], ["b"], ["z"]]).tolist() == [0, 1, 0]


def test_rules_name_categories_and_where_missing_values_go():
    X = [["red", 1.0], ["red", None], ["blue", 2.0], ["green", 9.0], ["green", None], ["blue", 8.0]]
    y = ["no", "no", "no", "yes", "yes", "yes"]
    model = DecisionTreeClassifier(missing="direction", categorical_features=[0]).fit(X, y)
    assert export_text(model, ["colour", "size"]).splitlines() == [
        "|--- colour in {red}",
        "|   |--- class: no (100 % of 2)",
        "|--- colour in {blue, green} or missing",
        "|   |--- size <= 5.00",
        "|   |   |--- class: no (100 % of 1)",
        "|   |--- size > 5.00 or missing",
        "|   |   |--- class: yes (100 % of 3)",
    ]


def test_a_path_tells_what_was_missing_and_who_stood_in():
    X, y = pupils()
    model = DecisionTreeClassifier(max_depth=2, **CHOICES[1]).fit(X, y)
    sentences = explain(model, {"club": "none", "score": None, "effort": -2.0}).sentences
    assert sentences[1].startswith("club is none: ")
    assert sentences[2].startswith("score is missing, so effort stands in (-2; it agrees for ")
    assert sentences[-1].startswith("So 'risk' is predicted")
    lost = explain(model, {"club": "none", "score": None, "effort": None}).sentences
    assert lost[2].startswith("score is missing, so it goes with most rows: score ")
    new = explain(model, {"club": "drama", "score": 3.0, "effort": 0.0}).sentences
    assert new[1].startswith("club is a new category, so it goes with most rows: club in {")
    direction = DecisionTreeClassifier(max_depth=2, **CHOICES[0]).fit(X, y)
    learned = explain(direction, {"club": "none", "score": None, "effort": 0.0}).sentences
    assert "score is missing, which was learned to go: score " in learned[2]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: c["missing"])
def test_such_trees_are_pruned_by_cross_validation(choice):
    X, y = pupils()
    found = pruned_by_cross_validation(DecisionTreeClassifier(**choice), X, y, random_state=0)
    assert 2 <= found.n_leaves[found.chosen] <= 12
    assert found.estimator.score(*pupils(seed=1)) > 0.9


@pytest.mark.parametrize("choice", [{"missing": "direction"}, {"categorical_features": [0]}])
def test_one_column_is_enough_for_a_forest(choice):
    X, y = [["1"], ["2"], ["3"], ["4"]] * 5, [0, 0, 1, 1] * 5
    X = X if "categorical_features" in choice else [[float(v)] for (v,) in X]
    model = RandomForestClassifier(5, random_state=0, **choice).fit(X, y)
    assert model.score(X, y) == 1.0


@pytest.mark.parametrize("missing", [None, "direction", "surrogate"])
@pytest.mark.parametrize("words", [["a", "b"], [8, 3]], ids=str)
def test_quantiles_of_a_forest_with_categories(missing, words):
    X = pd.DataFrame({"g": words * 50, "z": [0.0, 1.0, 2.0, 3.0] * 25})
    y = np.array([1.0, 9.0] * 50)
    model = RandomForestRegressor(
        20, categorical_features=["g"], max_features=None, missing=missing, random_state=0
    ).fit(X, y)
    found = model.predict_quantiles(X[:2], [0.1, 0.5, 0.9], X, y)
    assert found.tolist() == [[1.0] * 3, [9.0] * 3]


@pytest.mark.parametrize("unit", [1e-30, 1e-9, 1.0, 1e9])
def test_small_targets_are_split_node_by_node_as_level_by_level(unit):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(80, 3)), rng.integers(0, 9, 80) * unit
    plain = DecisionTreeRegressor().fit(X, y).tree_
    other = DecisionTreeRegressor(missing="direction").fit(X, y).tree_
    assert plain.threshold.tolist() == other.threshold.tolist()
    assert plain.n_leaves > 40


def test_equal_targets_with_odd_weights_are_a_leaf_node_by_node():
    X, w = np.arange(40.0)[:, None], np.linspace(0.1, 7, 40)
    for target in (0.1, 1e9 / 3):
        model = DecisionTreeRegressor(missing="direction").fit(X, np.full(40, target), w)
        assert model.tree_.node_count == 1


def test_a_category_of_another_type_is_said():
    X, y = pd.DataFrame({"grade": [1, 2, 3] * 5}), [0, 0, 1] * 5
    model = DecisionTreeClassifier(categorical_features=["grade"]).fit(X, y)
    with pytest.raises(ValueError, match="such as '1' in column 'grade', but categories such as 1"):
        model.predict(X.astype(str))
    assert model.predict(X.astype(float)).tolist() == y


def test_a_column_name_must_not_stand_twice():
    X = pd.DataFrame(np.zeros((4, 3)), columns=["a", "b", "a"])
    with pytest.raises(ValueError, match="column name 'a' more than once"):
        DecisionTreeClassifier().fit(X, [0, 1, 0, 1])


def test_a_file_whose_surrogates_ask_for_unknown_columns_is_refused(tmp_path):
    X, y = pupils()
    model = DecisionTreeClassifier(**CHOICES[1]).fit(X, y)
    model.tree_.routes.surrogate_feature[0] = 99
    save(model, tmp_path / "model.zip")
    with pytest.raises(ModelFileError, match="asks for more than its 3 features"):
        load(tmp_path / "model.zip")


def test_balanced_rows_weigh_as_much_as_before_and_classes_alike():
    model = DecisionTreeClassifier(class_weight="balanced").fit(
        [[1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1]
    )
    assert model.tree_.weighted_n_node_samples == pytest.approx([4.0, 2.0, 2.0])

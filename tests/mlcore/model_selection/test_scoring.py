"""Scorers ask the model for the right prediction, and give greater for better."""

import numpy as np
import pytest

from mlcore import metrics
from mlcore.estimator import Classifier, Regressor
from mlcore.model_selection import check_scoring, get_scorer, get_scorer_names, make_scorer
from mlcore.model_selection.scorers import accepts_sample_weight
from mlcore.model_selection.scoring import _NAMED


class Fixed(Classifier):
    """Knows the classes "no" and "yes"; the column of X is the probability of "yes"."""

    classes_ = np.array(["no", "yes"])

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        p = np.asarray(X)[:, 0]
        return np.column_stack([1 - p, p])


class Margin(Fixed):
    """Also has a score, which ranks the other way round."""

    def decision_function(self, X):
        return -np.asarray(X)[:, 0]


class Same(Regressor):
    """Predicts the column of X."""

    def fit(self, X, y):
        return self

    def predict(self, X):
        return np.asarray(X)[:, 0]


X = np.array([[0.1], [0.4], [0.35], [0.8]])
LABELS = np.array(["no", "no", "yes", "yes"])
W = np.array([1.0, 2.0, 3.0, 4.0])


def test_every_name_gives_what_its_metric_gives():
    named = {
        "accuracy": metrics.accuracy_score(LABELS, ["no", "no", "no", "yes"]),
        "roc_auc": 0.75,
        "average_precision": metrics.average_precision_score([0, 0, 1, 1], X[:, 0]),
        "neg_log_loss": -metrics.log_loss(LABELS, X[:, 0]),
        "neg_brier_score": -metrics.brier_score_loss([0, 0, 1, 1], X[:, 0]),
    }
    for name, expected in named.items():
        assert get_scorer(name)(Fixed(), X, LABELS) == pytest.approx(expected), name
    y = np.array([0.0, 1.0, 0.0, 1.0])
    error = np.mean((y - X[:, 0]) ** 2)
    assert get_scorer("neg_mean_squared_error")(Same(), X, y) == pytest.approx(-error)
    assert get_scorer("r2")(Same(), X, y) == pytest.approx(1 - error / 0.25)


def test_names_are_those_whose_metric_exists():
    names = get_scorer_names()
    assert names == sorted(names)
    for name in names:
        assert hasattr(metrics, _NAMED[name][0])
        assert get_scorer(name).sign == (-1 if name.startswith("neg_") else 1)
    with pytest.raises(
        ValueError, match="scoring is 'speed', but a scorer .* one of 'accuracy'.* and .* more was"
    ):
        get_scorer("speed")
    for written, meant in [
        ("rocauc", "roc_auc"),
        ("f_1", "f1"),
        ("R2", "r2"),
        ("log-loss", "neg_"),
    ]:
        with pytest.raises(ValueError, match=f"Did you mean '{meant}"):
            get_scorer(written)


def test_a_metric_that_comes_later_is_found_by_name(monkeypatch):
    monkeypatch.setattr(metrics, "max_error", lambda y_true, y_pred: 3.0, raising=False)
    assert get_scorer("neg_max_error")(Same(), X, W) == -3.0


def test_weights_are_passed_on():
    scorer = get_scorer("accuracy")
    assert scorer(Fixed(), X, LABELS, sample_weight=W) == pytest.approx(0.7)
    assert scorer.accepts_sample_weight()
    assert not make_scorer(lambda a, b: 0.0).accepts_sample_weight()


def test_a_score_of_the_margin_comes_before_the_probability():
    assert get_scorer("roc_auc")(Margin(), X, LABELS) == 0.25
    assert get_scorer("neg_log_loss")(Margin(), X, LABELS) > -1


@pytest.mark.parametrize("model", [Fixed(), Margin()])
def test_pos_label_chooses_the_class_that_is_scored(model):
    scores = [
        make_scorer(
            metrics.average_precision_score,
            response_method=("decision_function", "predict_proba"),
            **given,
        )(model, X, LABELS)
        for given in ({}, {"pos_label": "yes"}, {"pos_label": "no"})
    ]
    p = X[:, 0] if type(model) is Fixed else -X[:, 0]
    yes = metrics.average_precision_score(LABELS == "yes", p)
    assert scores == [yes, yes, metrics.average_precision_score(LABELS == "no", -p)]
    with pytest.raises(ValueError, match="pos_label is not one of the two classes"):
        make_scorer(
            metrics.average_precision_score, response_method="predict_proba", pos_label="maybe"
        )(model, X, LABELS)


def test_a_metric_with_labels_is_told_all_classes():
    seen = {}

    def loss(y_true, P, *, labels=None):
        seen["labels"] = labels
        return 1.0

    assert make_scorer(loss, response_method="predict_proba")(Fixed(), X, LABELS) == 1.0
    assert seen["labels"].tolist() == ["no", "yes"]


def test_check_scoring():
    assert check_scoring(Fixed())(Fixed(), X, LABELS) == 0.75
    both = check_scoring(Fixed(), ["accuracy", "roc_auc"])(Fixed(), X, LABELS, sample_weight=W)
    assert list(both) == ["accuracy", "roc_auc"]
    assert both["accuracy"] == pytest.approx(0.7)
    named = check_scoring(Fixed(), {"mine": lambda model, X, y: 7.0, "auc": "roc_auc"})
    assert named(Fixed(), X, LABELS, sample_weight=W)["mine"] == 7.0
    assert accepts_sample_weight(named)  # for one of them does
    assert not accepts_sample_weight(check_scoring(Fixed(), {"mine": lambda model, X, y: 7.0}))


def test_several_scores_ask_the_model_once():
    class Counted(Fixed):
        asked = 0

        def predict_proba(self, X):
            self.asked += 1
            return super().predict_proba(X)

    model = Counted()
    scoring = ["neg_log_loss", "neg_brier_score", "roc_auc", "average_precision"]
    several = check_scoring(model, scoring)
    first = several(model, X, LABELS)
    assert model.asked == 1
    assert first == {name: get_scorer(name)(model, X, LABELS) for name in scoring}
    assert several(model, X[::-1], LABELS) != first  # other rows are asked for anew


def test_mistakes_are_said():
    with pytest.raises(TypeError, match="implementing 'fit' method"):
        check_scoring(3)
    with pytest.raises(ValueError, match=r"Use make_scorer\(accuracy_score\)"):
        check_scoring(Fixed(), metrics.accuracy_score)
    with pytest.raises(ValueError, match="a name twice"):
        check_scoring(Fixed(), ["accuracy", "accuracy"])
    for empty in ([], {}, {1: "accuracy"}):
        with pytest.raises(ValueError, match="at least one"):
            check_scoring(Fixed(), empty)
    with pytest.raises(AttributeError, match="Same has none of the methods predict_proba"):
        get_scorer("neg_log_loss")(Same(), X, W)
    scoreless = type("Scoreless", (), {"fit": None})()
    with pytest.raises(TypeError, match="has no score method"):
        check_scoring(scoreless)
    assert check_scoring(scoreless, allow_none=True) is None


class Named(Same):
    """A classifier that predicts the first of two names."""

    _estimator_type = "classifier"
    classes_ = np.array(["fail", "pass"])

    def predict(self, X):
        return np.repeat(self.classes_[:1], len(X))


def test_a_score_of_the_positive_class_asks_which_of_two_names_that_is():
    y = np.array(["fail", "pass", "fail", "fail"])
    message = (
        "f1_score scores the positive class, by default 1, but the classes are 'fail', 'pass'.*"
        r"make_scorer\(f1_score, pos_label='fail'\) or make_scorer\(f1_score, pos_label='pass'\)"
    )
    with pytest.raises(ValueError, match=message):
        get_scorer("f1")(Named(), y, y)
    found = make_scorer(metrics.f1_score, pos_label="fail")(Named(), y, y)
    assert found == metrics.f1_score(y, ["fail"] * 4, pos_label="fail")
    assert get_scorer("f1_macro")(Named(), y, y) > 0
    assert get_scorer("accuracy")(Named(), y, y) == 0.75

"""Figures by hand and as mlcore has them; intervals against resampling; test rows kept apart."""

import json

import numpy as np
import pandas as pd
import pytest

from mlcore import DecisionTreeClassifier, metrics
from risk.data.columns import Column
from risk.data.groups import clusters
from risk.data.reading import DataError
from risk.evaluation.baselines import Majority
from risk.evaluation.figures import evaluate
from risk.evaluation.splits import Split, assign_folds
from risk.evaluation.thresholds import Rule
from risk.evaluation.uncertainty import (
    auc_pulls,
    average_precision_pulls,
    interval,
    list_pulls,
    margin_rate,
    mean_pulls,
    p_value,
    share_interval,
    slope_pulls,
    standard_error,
)
from risk.evaluation.unseen import out_of_fold
from risk.models.risk_model import RiskModel, three_models

SCHEMA = [Column("a", "number"), Column("b", "number")]


def pupils(n=400, seed=0):
    """Return y and two risks, the first the better one, both with a few ties."""
    rng = np.random.default_rng(seed)
    x, u = rng.normal(size=(2, n))
    y = (rng.random(n) < 1 / (1 + np.exp(1.5 - 1.3 * x))).astype(float)
    first = 1 / (1 + np.exp(1.4 - 1.1 * x))
    return y, first.round(2).clip(0.01), (1 / (1 + np.exp(1.4 - 0.8 * x - 0.6 * u))).round(3)


def table(n=90, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n)})
    return frame, (frame["a"] + rng.normal(size=n) > 0.3).astype(float).to_numpy()


def test_evaluation_by_hand():
    y = np.array([1, 1, 0, 0, 1, 0, 0, 0, 0, 0] * 2, dtype=float)
    risk = np.array([0.9, 0.8, 0.7, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1] * 2)
    e = evaluate("m", y, risk, 0.3)
    counts = (e.true_positives, e.false_positives, e.false_negatives, e.true_negatives)
    assert counts == (4, 2, 2, 12)
    assert (e.precision, e.recall, e.threshold, e.flagged) == (4 / 6, 4 / 6, 0.7, 6)
    assert e.accuracy == pytest.approx(16 / 20)
    assert e.brier_of_base_rate == pytest.approx(0.3 * 0.7)
    assert e.brier == pytest.approx((0.01 + 0.04 + 0.49 + 0.01 + 0.64 + 5 * 0.01) / 10)
    assert e.auc == pytest.approx(20 / 21)  # of each three pairs of seven, 0.2 loses to 0.7
    half = evaluate("m", np.array([1.0, 1, 0, 0]), np.array([0.6, 0.4, 0.4, 0.5]), 0.5)
    assert half.accuracy == 0.75  # marked from beyond 0.5 on
    assert e.calibration_error == pytest.approx(
        0.1 * 0.1 + 0.1 * 0.2 + 0.1 * 0.7 + 0.6 * 0.1 + 0.1 * 0.8
    )


def test_figures_are_those_of_mlcore():
    y, risk, _ = pupils()
    e = evaluate("m", y, risk, 0.1)
    assert e.auc == metrics.roc_auc_score(y, risk)
    assert e.auc_interval == pytest.approx(metrics.auc_interval(y, risk), abs=1e-12)
    assert e.average_precision == metrics.average_precision_score(y, risk)
    assert e.brier == metrics.brier_score_loss(y, risk)
    assert e.log_loss == metrics.log_loss(y, risk)
    assert e.calibration_slope == metrics.calibration_slope(y, risk).slope
    assert e.calibration_error == metrics.expected_calibration_error(y, risk)
    flagged = (risk >= e.threshold).astype(float)
    assert e.precision == metrics.precision_score(y, flagged)
    assert e.recall == metrics.recall_score(y, flagged)


def test_pulls_are_derivatives_by_a_pupils_weight():
    y, risk, _ = pupils(60)
    z = np.log(risk / (1 - risk))

    def slope(w):
        return metrics.calibration_slope(y, risk, sample_weight=w).slope

    def precision(w):
        return metrics.average_precision_score(y, risk, sample_weight=w)

    fitted = metrics.calibration_slope(y, risk)
    for figure, pulls in (
        (precision, average_precision_pulls(y, risk)),
        (slope, slope_pulls(y, z, *fitted)),
    ):
        for i in range(0, 60, 7):
            up, down = np.ones(60), np.ones(60)
            up[i], down[i] = 1 + 1e-4, 1 - 1e-4
            assert (figure(up) - figure(down)) / 2e-4 == pytest.approx(pulls[i], abs=1e-7)
        assert pulls.sum() == pytest.approx(0, abs=1e-9)
    assert np.sum(mean_pulls(risk) ** 2) == pytest.approx(risk.var(ddof=1) / 60)


def resampled(figure, groups, rng, draws=600):
    """Return the figure of whole groups drawn with replacement, (draws,)."""
    rows = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    picks = rng.integers(0, len(rows), (draws, len(rows)))
    return np.array([figure(np.concatenate([rows[i] for i in pick])) for pick in picks])


@pytest.mark.parametrize("together", [False, True])
def test_errors_are_those_of_resampling(together):
    rng = np.random.default_rng(1)
    place = np.repeat(rng.normal(0, 1, 60), 10)  # 60 classes of 10
    x = rng.normal(size=600) + 0.8 * place
    y = (rng.random(600) < 1 / (1 + np.exp(1.2 - x - 0.8 * place))).astype(float)
    risk = 1 / (1 + np.exp(1 - x))
    groups = np.repeat(np.arange(60), 10) if together else np.arange(600)
    share = 0.15

    def listed(i):
        chosen = risk[i] >= np.sort(risk[i])[::-1][round(share * len(i)) - 1]
        return y[i] @ chosen / y[i].sum(), y[i] @ chosen / chosen.sum()

    flagged = risk >= np.sort(risk)[::-1][89]
    margin = margin_rate(y, risk, 90)
    of_precision, of_recall = list_pulls(y, flagged, margin)
    fixed_precision, fixed_recall = list_pulls(y, flagged)
    cases = {
        "auc": (lambda i: metrics.roc_auc_score(y[i], risk[i]), auc_pulls(y, risk)),
        "ap": (
            lambda i: metrics.average_precision_score(y[i], risk[i]),
            average_precision_pulls(y, risk),
        ),
        "brier": (lambda i: np.mean((risk[i] - y[i]) ** 2), mean_pulls((risk - y) ** 2)),
        "recall": (lambda i: listed(i)[0], of_recall),
        "precision": (lambda i: listed(i)[1], of_precision),
        "fixed recall": (lambda i: y[i] @ flagged[i] / y[i].sum(), fixed_recall),
        "fixed precision": (lambda i: y[i] @ flagged[i] / flagged[i].sum(), fixed_precision),
    }
    for name, (figure, pulls) in cases.items():
        drawn = resampled(figure, groups, rng).std()
        ours = standard_error(pulls, clusters(groups) if together else None)
        assert ours == pytest.approx(drawn, rel=0.15), name


def test_intervals_hold_the_truth_nineteen_times_in_twenty():
    names = ("auc", "average_precision", "brier", "calibration_slope", "precision", "recall")
    y, risk, _ = pupils(200_000, seed=1)
    truth = evaluate("all", y, risk, 0.15)
    held = dict.fromkeys(names, 0)
    for seed in range(200):
        y, risk, _ = pupils(300, seed=100 + seed)
        e = evaluate("some", y, risk, 0.15)
        for name in names:
            low, high = getattr(e, f"{name}_interval")
            held[name] += low <= getattr(truth, name) <= high
    assert all(0.9 <= count / 200 <= 0.99 for count in held.values()), held


def test_pupils_of_a_class_widen_the_intervals_they_agree_in():
    y, risk, _ = pupils(200)
    alone = evaluate("m", y, risk, 0.1)
    fourfold = evaluate("m", *(np.repeat(v, 4) for v in (y, risk)), 0.1)
    group = np.repeat(np.arange(200), 4)
    as_classes = evaluate("m", *(np.repeat(v, 4) for v in (y, risk)), 0.1, cluster=group)
    for name in ("auc", "average_precision", "brier", "calibration_slope", "precision", "recall"):
        width = [
            np.subtract(*getattr(e, f"{name}_interval")) for e in (alone, fourfold, as_classes)
        ]
        assert width[1] == pytest.approx(width[0] / 2, rel=0.1), name
        assert width[2] == pytest.approx(width[0], rel=0.07), name


def test_groups_as_numbers():
    assert clusters(pd.Series(["x", "y", "x"])).tolist() == [0, 1, 0]
    assert clusters([None, "x", np.nan, "y"]).tolist() == [2, 0, 3, 1]
    assert clusters([None, None]).tolist() == [0, 1]
    assert clusters(None) is None
    assert clusters(["x", "x"]) is None


def test_a_share_of_all_has_wilsons_interval():
    assert share_interval(5, 5, np.zeros(9)) == metrics.wilson_interval(5, 5)
    share, n = 0.3, 50
    pulls = mean_pulls((np.arange(n) < 15).astype(float)) * np.sqrt((n - 1) / n)
    assert share_interval(15, n, pulls) == pytest.approx(metrics.wilson_interval(15, n))
    assert interval(share, 2 * pulls, None, (0.1, 1.0))[0] == 0.1  # cut to what can be


def test_constant_risks_give_figures_and_no_slope():
    y, _, _ = pupils()
    for constant in (0.0, y.mean(), 1.0):
        e = evaluate("Majority", y, np.full(len(y), constant), 0.1, "baseline")
        assert (e.auc, e.auc_interval, e.kind) == (0.5, (0.5, 0.5), "baseline")
        assert e.average_precision == pytest.approx(y.mean())
        assert (e.flagged, e.recall) == (len(y), 1.0)
        told = json.loads(json.dumps(e.figures(), allow_nan=False))
        assert told["calibration_slope"] is None
        assert told["calibration_slope_interval"] is None
        assert told["brier"] == pytest.approx(np.mean((y - constant) ** 2))


def test_risks_that_differ_by_rounding_alone_have_no_slope():
    y, _, _ = pupils()
    rounded = 0.3 + np.random.default_rng(0).integers(-3, 4, len(y)) * 2.0**-54
    assert len(np.unique(rounded)) > 2
    assert np.isnan(evaluate("m", y, rounded, 0.1).calibration_slope)


def test_a_list_of_a_share_has_a_margin_and_one_from_a_fixed_risk_has_none():
    y, risk, _ = pupils()
    for rule in (Rule(0.1), Rule(0.1, cost=1)):
        e = evaluate("m", y, risk, rule)
        margin = 0.0 if rule.cost else margin_rate(y, risk, e.flagged)
        of_precision, of_recall = list_pulls(y, risk >= e.threshold, margin)
        found = e.true_positives
        assert e.precision_interval == share_interval(found, e.flagged, of_precision)
        assert e.recall_interval == share_interval(found, int(y.sum()), of_recall)
    assert margin_rate(y, risk, 40) > 0.2


def test_risks_that_part_the_kinds_have_no_slope():
    y = np.tile([0.0, 1.0], 50)
    e = evaluate("m", y, y * 0.9, 0.1)
    assert np.isnan(e.calibration_slope)
    assert "too good" in e.caution
    touching = np.where(np.arange(100) < 10, 0.5, 0.2 + 0.6 * y)  # some of either kind at 0.5
    assert np.isnan(evaluate("m", y, touching, 0.1).calibration_slope)
    assert np.isnan(evaluate("m", y, 1 - touching, 0.1).calibration_slope)
    assert evaluate("m", y, 0.9 - 0.8 * y, 0.1).caution.startswith("The ranking is no better")


def test_what_may_be_chance_is_not_called_no_better_than_chance():
    y, school = np.tile([0.0, 1.0], 50), np.repeat(["a", "b"], 50)
    risk = 0.3 * np.random.default_rng(1).random(100) + np.where(school == "a", 0.4, 0.1) * y
    # Two schools of which one is ranked worse hardly tell what others will be like.
    e = evaluate("m", y, risk, 0.1, cluster=school)
    assert evaluate("m", y, risk, 0.1).caution is None and e.auc_interval[0] < 0.5 < e.auc
    assert "so few schools" in e.caution
    few = evaluate("m", y[:12], risk[:12] + 0.4 * (1 - y[:12]) * (np.arange(12) < 8), 0.1)
    assert few.auc_interval[0] < 0.5 < few.auc
    assert "may be no better than chance" in few.caution and f"{few.auc:.2f}" in few.caution


def test_too_good_to_be_true_is_said():
    y = np.tile([0.0, 1.0], 50)
    rng = np.random.default_rng(0)
    chance = evaluate("m", y, 0.05 * y + 0.95 * rng.random(100), 0.1)
    assert chance.auc_interval[0] < 0.5 < chance.auc < chance.auc_interval[1]
    assert "may be no better than chance" in chance.caution
    assert evaluate("m", y, y * 0.3 + rng.random(100) * 0.7, 0.1).caution is None


def test_a_risk_of_0_counts_as_half_a_pupil_in_the_slope():
    y, risk, _ = pupils()
    risk[np.flatnonzero(y == 1)[0]] = 0.0  # a single pupil who did end at risk
    e = evaluate("m", y, risk, 0.1)
    inside = np.clip(risk, 0.5 / len(y), 1.0)
    assert e.calibration_slope == metrics.calibration_slope(y, inside).slope
    assert e.calibration_slope > 1.5 * metrics.calibration_slope(y, risk).slope


def test_nobody_flagged_has_no_precision():
    y, risk, _ = pupils()
    e = evaluate("m", y, risk / 2, Rule(0.1, cost=0.5))  # from a risk of 2/3 on
    assert (e.flagged, e.recall) == (0, 0.0)
    assert e.figures()["precision"] is None
    assert e.figures()["precision_interval"] is None
    assert e.recall_interval == metrics.wilson_interval(0, y.sum())
    assert evaluate("m", y, risk, Rule(0.1, cost=4)).threshold == 0.2


def test_only_tested_pupils_count():
    y, risk, _ = pupils()
    part = np.arange(400) >= 150
    e = evaluate("m", y, np.where(part, risk, np.nan), 0.1, cluster=np.arange(400) // 20)
    alone = evaluate("m", y[part], risk[part], 0.1, cluster=(np.arange(400) // 20)[part])
    assert e.figures() == alone.figures()
    assert e.tested.tolist() == part.tolist()
    assert e.figures()["tested"] == 250


def test_the_order_of_pupils_does_not_matter():
    y, risk, _ = pupils()
    order = np.random.default_rng(3).permutation(400)
    group = np.arange(400) // 20
    one = evaluate("m", y, risk, 0.1, cluster=group).figures()
    other = evaluate("m", y[order], risk[order], 0.1, cluster=group[order]).figures()
    for name, value in one.items():
        if name not in ("title", "kind", "rule"):
            assert other[name] == pytest.approx(value, abs=1e-9), name


def test_too_few_of_a_kind_are_said():
    y = np.array([1.0] + [0.0] * 20)
    with pytest.raises(DataError, match="Of the 21 pupils to test on, 1 were at risk"):
        evaluate("m", y, np.full(21, 0.5), 0.1)
    with pytest.raises(DataError, match="--folds is 6, but there are only 5"):
        assign_folds(np.array([1.0] * 5 + [0.0] * 20), 6, 0)


def test_folds_by_chance_hold_their_share_and_learn_from_the_others():
    _, y = table()
    split = assign_folds(y, 3, seed=0)
    assert split.tested.all()
    assert split.optimistic
    counts = [int(y[split.fold == k].sum()) for k in range(3)]
    assert max(counts) - min(counts) <= 1
    assert (split.learn == (split.fold != np.arange(3)[:, None])).all()


def test_pupils_in_no_test_have_no_risk():
    frame, y = table()
    fold = np.where(np.arange(90) < 60, -1, 0)
    split = Split("cohort", "learnt from 2024, tested on 2025", False, fold, fold[None] == -1)
    risk, models = out_of_fold(RiskModel("t", DecisionTreeClassifier(), SCHEMA), frame, y, split)
    assert np.isnan(risk).tolist() == (fold == -1).tolist()
    by_hand = RiskModel("t", DecisionTreeClassifier(), SCHEMA).fit(frame[:60], y[:60])
    assert np.array_equal(risk[60:], by_hand.risk(frame[60:]))
    assert len(models) == 1


class Noting:
    """A model that notes what it is given, and gives the number of its fits as the risk."""

    title, fits = "Noting", []

    def fresh(self):
        return Noting()

    def fit(self, frame, y, groups=None):
        self.fits.append((frame, y, groups))
        self.number = len(self.fits)
        return self

    def risk(self, frame):
        return self.number + np.arange(len(frame)) / 1000  # one risk for all would be levelled


def test_each_test_learns_from_its_own_rows_and_groups():
    frame, y = table(30)
    group = pd.Series([f"class {i // 5}" for i in range(30)])
    split, told = assign_folds(y, 3, seed=0), []
    risk, models = out_of_fold(Noting(), frame, y, split, told.append, group)
    assert np.floor(risk).tolist() == (split.fold + 1).tolist()
    assert [model.number for model in models] == [1, 2, 3]
    for learn, (rows, outcomes, groups) in zip(split.learn, Noting.fits, strict=True):
        assert rows.equals(frame[learn]) and groups.equals(group[learn])
        assert outcomes.tolist() == y[learn].tolist()
    assert told == ["testing: noting"] * 3
    Noting.fits.clear()
    out_of_fold(Noting(), frame, y, split)
    assert [groups for *_, groups in Noting.fits] == [None] * 3


@pytest.mark.parametrize("name", ["logistic_regression", "decision_tree", "random_forest"])
def test_outcomes_of_tested_pupils_reach_no_risk_and_no_setting(name):
    frame, y = table()
    group = pd.Series(np.arange(90) // 6)
    half = np.where(np.arange(90) < 60, -1, 0)
    later = Split("cohort", "", False, half, half[None] == -1)
    model = three_models(SCHEMA, n_trees=5)[name]
    risk, models = out_of_fold(model, frame, y, later, groups=group)
    scrambled = np.where(half == 0, 1 - y, y)
    again, others = out_of_fold(model, frame, scrambled, later, groups=group)
    assert np.array_equal(risk, again, equal_nan=True)
    assert models[0].chosen_ == others[0].chosen_ != {}

    folds = assign_folds(y, 3, seed=0)
    inside = folds.fold == 2
    risk, _ = out_of_fold(model, frame, y, folds)
    again, _ = out_of_fold(model, frame, np.where(inside, 1 - y, y), folds)
    assert np.array_equal(risk[inside], again[inside])
    # Nor do the cells of tested pupils: not even the medians that fill gaps.
    other = frame.where(~pd.Series(inside), 100.0)
    one, two = (model.fresh().fit(f[~inside], y[~inside]).risk(frame) for f in (frame, other))
    assert np.array_equal(one, two)
    assert np.array_equal(risk[inside], one[inside])


def test_out_of_fold_risks_know_nothing_of_random_labels():
    rng = np.random.default_rng(0)
    frame, _ = table(400)
    y = rng.integers(0, 2, 400).astype(float)
    model = RiskModel("tree", DecisionTreeClassifier(), SCHEMA)
    e = evaluate("tree", y, out_of_fold(model, frame, y, assign_folds(y, 5, 0))[0], 0.1)
    assert 0.4 < e.auc < 0.6
    assert np.mean((model.fit(frame, y).risk(frame) > 0.5) == y) > 0.9  # what accuracy would hide


def test_a_few_clusters_never_make_an_interval_narrower():
    pulls = np.tile([0.1, -0.1], 50)  # within each of two clusters they cancel
    cluster = np.repeat([0, 1], 50)
    assert standard_error(pulls, cluster) < 1e-12
    assert interval(0.5, pulls, cluster) == interval(0.5, pulls)
    assert p_value(0.5, pulls, cluster) == p_value(0.5, pulls) > 0


def test_few_schools_are_no_proof_that_a_ranking_is_worthless():
    y, risk, _ = pupils(400)
    school = np.arange(400) < 200
    uneven = np.where(school, 0.1 + 0.8 * y, 0.4 + 0.1 * risk)  # in the one school it is perfect
    two = evaluate("m", y, uneven, 0.1, cluster=school)
    assert two.auc_interval[0] <= 0.5 < two.auc_interval_alone[0]
    assert "so few schools" in two.caution and "no better" not in two.caution
    assert evaluate("m", y, risk, 0.1).caution is None


def test_the_same_risk_for_everybody_ranks_nobody_whatever_the_folds():
    y = np.repeat([0.0, 1.0, 0.0, 1.0], [70, 10, 20, 20])  # two schools, unlike each other
    fold = np.repeat([0, 1], [80, 40])
    split = Split("group", "by school", False, fold, np.array([fold != 0, fold != 1]))
    risk, models = out_of_fold(Majority(), pd.DataFrame(index=range(120)), y, split)
    assert [m.share_ for m in models] == [0.5, 0.125]
    assert evaluate("m", y, risk, 0.1).auc == 0.5

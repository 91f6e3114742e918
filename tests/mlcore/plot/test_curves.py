"""What is drawn is what was measured."""

import numpy as np
import pytest
from matplotlib import figure

from mlcore.checks import UndefinedMetricWarning
from mlcore.metrics import (
    average_precision_score,
    decision_curve,
    roc_auc_score,
    wilson_interval,
)
from mlcore.plot import (
    plot_calibration,
    plot_decision_curve,
    plot_precision_recall,
    plot_roc,
)

RNG = np.random.default_rng(0)
Y = RNG.integers(0, 2, 60)
SCORE = np.round(0.3 * Y + 0.7 * RNG.random(60), 1)


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def test_the_area_under_the_drawn_steps_is_the_average_precision(ax):
    line = plot_precision_recall(ax, Y, SCORE, label="a").lines[0]
    x, y = line.get_path().vertices.T if line.get_drawstyle() == "default" else line.get_data()
    assert line.get_drawstyle() == "steps-post"
    area = float(np.sum(-np.diff(x) * y[:-1]))
    assert area == pytest.approx(average_precision_score(Y, SCORE))


def test_the_area_under_the_drawn_roc_curve_is_the_auc(ax):
    x, y = plot_roc(ax, Y, SCORE).lines[0].get_data()
    area = float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
    assert area == pytest.approx(roc_auc_score(Y, SCORE))


def test_calibration_bars_count_the_rows_of_each_bin(ax):
    y = np.concatenate([np.zeros(80), np.ones(12), np.ones(8)])
    p = np.repeat([0.1, 0.9], [92, 8])
    plot_calibration(ax, y, p, n_bins=2)
    bars = ax.containers[0][2][0].get_segments()
    reach = sorted((round(float(b[0, 1]), 9), round(float(b[1, 1]), 9)) for b in bars)
    expected = sorted(tuple(round(v, 9) for v in wilson_interval(*c)) for c in [(12, 92), (8, 8)])
    assert reach == expected


def test_curves_honour_the_positive_label_and_weights():
    labels, w = np.where(Y == 1, "bad", "good"), RNG.integers(0, 4, 60)
    given = {"pos_label": "good", "sample_weight": w}
    axes = figure.Figure().subplots(1, 2)
    x, y = plot_roc(axes[0], labels, -SCORE, **given).lines[0].get_data()
    area = float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
    assert area == pytest.approx(roc_auc_score(labels, -SCORE, **given))
    curve, base = plot_precision_recall(axes[1], labels, -SCORE, **given).lines
    area = float(np.sum(-np.diff(curve.get_xdata()) * curve.get_ydata()[:-1]))
    assert area == pytest.approx(average_precision_score(labels, -SCORE, **given))
    assert base.get_ydata()[0] == pytest.approx(w[Y == 0].sum() / w.sum())
    twice = plot_precision_recall(
        figure.Figure().subplots(), np.repeat(labels, w), np.repeat(-SCORE, w), pos_label="good"
    )
    np.testing.assert_allclose(twice.lines[1].get_ydata(), base.get_ydata())


def test_calibration_of_the_other_label(ax):
    labels, p = np.where(Y == 1, "bad", "good"), np.clip(SCORE, 0, 1)
    plot_calibration(ax, labels, p, pos_label="good", n_bins=1)
    assert ax.containers[0][0].get_ydata().tolist() == [pytest.approx((Y == 0).mean())]


def test_decision_curve_and_the_plans_without_a_model(ax):
    t = np.array([0.1, 0.25, 0.5])
    assert plot_decision_curve(ax, t, [0.2, 0.15, -3.0], base_rate=0.4, label="m") is ax
    curve, none, of_all = ax.lines
    assert curve.get_ydata().tolist() == [0.2, 0.15, -3.0]
    assert set(none.get_ydata()) == {0.0}
    np.testing.assert_allclose(of_all.get_ydata(), [0.4 - 0.6 / 9, 0.4 - 0.6 / 3, 0.4 - 0.6])
    low, high = ax.get_ylim()
    assert -0.2 < low < 0 < 0.4 - 0.6 / 9 < high
    assert {text.get_text() for text in ax.texts} == {"act on all", "act on none"}
    plot_decision_curve(ax, t, [0.5, 0.1, 0.0])
    assert ax.get_ylim()[1] > 0.5


def test_labels_hold_the_area(ax):
    plot_roc(ax, Y, SCORE, label="forest")
    assert ax.lines[0].get_label() == f"forest (AUC {roc_auc_score(Y, SCORE):.2f})"
    curve = plot_precision_recall(figure.Figure().subplots(), Y, SCORE, label="forest").lines[0]
    assert curve.get_label() == f"forest (AP {average_precision_score(Y, SCORE):.2f})"
    hidden = plot_roc(figure.Figure().subplots(), Y, SCORE, label="_hidden")
    assert hidden.lines[0].get_label() == "_hidden"
    with pytest.warns(UndefinedMetricWarning):
        plot_roc(ax, [0, 0, 0], [0.1, 0.2, 0.3], pos_label=1, label="nobody")
    assert ax.lines[2].get_label() == "nobody"


def test_calibration_counts_a_row_as_often_as_its_weight(ax):
    w, p = RNG.integers(0, 4, 60), np.clip(SCORE, 0, 1)
    given = {"n_bins": 3, "strategy": "uniform"}
    plot_calibration(ax, Y, p, sample_weight=w, **given)
    twice = plot_calibration(figure.Figure().subplots(), np.repeat(Y, w), np.repeat(p, w), **given)
    for a, b in zip(ax.containers[0][2], twice.containers[0][2], strict=True):
        np.testing.assert_allclose(a.get_segments(), b.get_segments())
    plot_calibration(ax, Y, p, sample_weight=w + 0.5, **given)
    with pytest.raises(ValueError, match="strategy='uniform'"):
        plot_calibration(ax, Y, p, sample_weight=w + 0.5)


def test_a_decision_curve_is_drawn_whole_and_the_plans_once(ax):
    p = np.clip(SCORE, 0, 1)
    found = decision_curve(Y, p)
    assert plot_decision_curve(ax, found, label="m") is ax
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found.net_benefit)
    np.testing.assert_allclose(ax.lines[2].get_ydata(), found.treat_all)
    plot_decision_curve(ax, decision_curve(Y, 1 - p))
    assert len(ax.texts) == 2
    assert sum(line.get_gid() == "act-on-all" for line in ax.lines) == 1
    plot_decision_curve(ax, decision_curve(1 - Y, p))  # of other rows
    assert sum(line.get_gid() == "act-on-all" for line in ax.lines) == 2
    for y in (np.zeros(5), np.ones(5)):
        plot_decision_curve(ax, decision_curve(y, np.full(5, 0.3), pos_label=1))
    with pytest.raises(ValueError, match="net_benefit is missing"):
        plot_decision_curve(ax, [0.1, 0.2])

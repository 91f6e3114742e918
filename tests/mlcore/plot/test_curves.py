"""What is drawn is what was measured."""

import numpy as np
import pytest

from mlcore.metrics import average_precision_score, roc_auc_score, wilson_interval
from mlcore.plot import (
    plot_calibration,
    plot_decision_curve,
    plot_precision_recall,
    plot_roc,
)

figure = pytest.importorskip("matplotlib.figure")
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

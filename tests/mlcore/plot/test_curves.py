"""What is drawn is what was measured."""

import numpy as np
import pytest

from mlcore.metrics import average_precision_score, roc_auc_score, wilson_interval
from mlcore.plot import plot_calibration, plot_precision_recall, plot_roc

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

"""Paired differences: as mlcore tests them, how often their intervals hold, and the choice."""

import numpy as np
import pytest

from mlcore import metrics
from mlcore.student import student_quantile, student_tail
from risk.evaluation.comparison import FIGURES, choose, compare
from risk.evaluation.figures import evaluate
from risk.evaluation.thresholds import Rule
from risk.evaluation.uncertainty import auc_pulls, standard_error


def two(n=400, seed=0, size=1, alike=0.0):
    """Return y and two risks of classes of a size, whose pupils share a part of what drives them."""
    rng = np.random.default_rng(seed)

    def drawn():
        place = np.repeat(rng.normal(size=-(-n // size)), size)[:n]
        return np.sqrt(alike) * place + np.sqrt(1 - alike) * rng.normal(size=n)

    x, u = drawn(), drawn()
    y = (rng.random(n) < 1 / (1 + np.exp(1.6 - 1.2 * x - 0.9 * u))).astype(float)
    first = 1 / (1 + np.exp(1.5 - 1.1 * x - 0.5 * u))
    return y, first, 1 / (1 + np.exp(1.5 - x - 0.4 * rng.normal(size=n)))


def both(y, first, second, share=0.15):
    return {
        "simple": evaluate("Simple", y, first, share),
        "complex": evaluate("Complex", y, second, share),
    }


def test_differences_are_those_of_mlcore():
    y, first, second = two()
    evaluations = both(y, first, second)
    found = {d.figure: d for d in compare(y, evaluations, "simple")}
    assert found.keys() == FIGURES.keys()
    for name, d in found.items():
        assert (d.name, d.reference) == ("complex", "simple")
        gap = getattr(evaluations["complex"], name) - getattr(evaluations["simple"], name)
        assert d.value == gap
        assert sum(d.interval) / 2 == pytest.approx(gap)
    test = metrics.delong_test(y, second, first)
    assert found["auc"].interval == pytest.approx(test.interval)
    assert found["auc"].p == pytest.approx(test.p_value)


def test_a_paired_mean_by_hand():
    y = np.array([1.0, 0, 1, 0])
    first, second = np.array([0.9, 0.1, 0.8, 0.4]), np.array([0.8, 0.2, 0.5, 0.4])
    found = {d.figure: d for d in compare(y, both(y, first, second, 0.5), "simple")}
    apart = np.array([0.04 - 0.01, 0.04 - 0.01, 0.25 - 0.04, 0.0])
    reach = 1.959964 * apart.std(ddof=1) / 2
    assert found["brier"].value == pytest.approx(apart.mean())
    assert found["brier"].interval == pytest.approx((apart.mean() - reach, apart.mean() + reach))
    losses = np.log([0.9 / 0.8, 0.9 / 0.8, 0.8 / 0.5, 1])
    assert found["log_loss"].value == pytest.approx(losses.mean())
    assert np.ptp(found["log_loss"].interval) == pytest.approx(
        2 * 1.959964 * losses.std(ddof=1) / 2
    )


def test_a_paired_mean_of_classes_by_hand():
    y, first, second = two(200)
    order = np.argsort((second - y) ** 2 - (first - y) ** 2)  # pupils of a class are much alike
    y, first, second, group = y[order], first[order], second[order], np.arange(200) // 10
    found = {d.figure: d for d in compare(y, both(y, first, second), "simple", cluster=group)}
    apart = (second - y) ** 2 - (first - y) ** 2
    sums = (apart - apart.mean()).reshape(20, 10).sum(axis=1) / 200
    error = np.sqrt(20 / 19 * (sums**2).sum() * 200 / 199)
    assert error > apart.std(ddof=1) / np.sqrt(200)
    reach = student_quantile(0.975, 19.0) * error
    assert found["brier"].interval == pytest.approx((apart.mean() - reach, apart.mean() + reach))
    assert found["brier"].p == pytest.approx(2 * student_tail(abs(apart.mean()) / error, 19.0))


def test_differences_in_recall_by_hand():
    y = np.array([1.0, 1, 1, 0, 0, 0, 0, 0])
    first, second = (np.array(r) for r in ([0.9, 0.5, 0.1, 0.5, 0.2, 0.1, 0.1, 0.1],
                                           [0.9, 0.4, 0.2, 0.6, 0.9, 0.1, 0.1, 0.1]))  # fmt: skip
    rule = Rule(0.5, cost=1)  # from 0.5 on: 2 of 3 at risk found, and 1 of 3
    recall = {d.figure: d for d in compare(y, both(y, first, second, rule), "simple")}["recall"]
    pulls = (
        y
        * (
            [1 - 1 / 3, -1 / 3, -1 / 3, 0, 0, 0, 0, 0]
            - np.array([1 / 3, 1 / 3, -2 / 3, 0, 0, 0, 0, 0])
        )
        / 3
    )
    reach = 1.959964 * np.sqrt((pulls**2).sum())
    assert recall.value == pytest.approx(-1 / 3)
    assert recall.interval == pytest.approx((-1 / 3 - reach, -1 / 3 + reach))


def test_equal_risks_do_not_differ():
    y, first, _ = two()
    for d in compare(y, both(y, first, first), "simple", cluster=np.arange(400) // 20):
        assert (d.value, d.interval, d.p, d.differs) == (0.0, (0.0, 0.0), 1.0, False)


def test_swapping_the_reference_turns_the_sign():
    y, first, second = two()
    evaluations = both(y, first, second)
    one, other = (compare(y, evaluations, name) for name in ("simple", "complex"))
    for a, b in zip(one, other, strict=True):
        assert (a.value, a.p) == (-b.value, pytest.approx(b.p))
        assert a.interval == pytest.approx((-b.interval[1], -b.interval[0]))


def test_the_order_of_pupils_and_the_names_of_classes_do_not_matter():
    y, first, second = two(size=20, alike=0.3)
    group, order = np.arange(400) // 20, np.random.default_rng(1).permutation(400)
    one = compare(y, both(y, first, second), "simple", cluster=group)
    names = np.array([f"class {g}" for g in 99 - group])[order]
    other = compare(y[order], both(y[order], first[order], second[order]), "simple", cluster=names)
    for a, b in zip(one, other, strict=True):
        assert a.value == pytest.approx(b.value, abs=1e-12)
        assert a.interval == pytest.approx(b.interval, abs=1e-12)


def test_a_pupil_counted_four_times_is_no_new_pupil():
    y, first, second = two(200)
    once = compare(y, both(y, first, second), "simple")
    y4, first4, second4 = (np.repeat(v, 4) for v in (y, first, second))
    group = np.repeat(np.arange(200), 4)
    for a, b in zip(
        once, compare(y4, both(y4, first4, second4), "simple", cluster=group), strict=True
    ):
        assert b.value == pytest.approx(a.value, abs=0.01)
        assert np.ptp(b.interval) == pytest.approx(np.ptp(a.interval), rel=0.1), a.figure


@pytest.mark.parametrize("alike", [0.0, 0.3])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(alike):
    y, first, second = two(200_000, seed=9, size=25, alike=alike)
    truth = {d.figure: d.value for d in compare(y, both(y, first, second), "simple")}
    held, rounds = dict.fromkeys(truth, 0), 100
    for seed in range(rounds):
        y, first, second = two(500, 100 + seed, 25, alike)
        group = np.arange(500) // 25 if alike else None
        for d in compare(y, both(y, first, second), "simple", cluster=group):
            held[d.figure] += d.interval[0] <= truth[d.figure] <= d.interval[1]
    assert all(count / rounds >= 0.88 for count in held.values()), held


def test_equal_models_are_told_apart_one_time_in_twenty():
    rng = np.random.default_rng(0)
    alone, corrected = 0, 0
    for _ in range(150):
        x = rng.normal(size=300)
        y = (rng.random(300) < 1 / (1 + np.exp(1 - x))).astype(float)
        a, b = (1 / (1 + np.exp(1 - x - 0.5 * rng.normal(size=300))) for _ in range(2))
        found = compare(y, both(y, a, b), "simple")
        alone += found[0].p < 0.05
        corrected += any(d.differs for d in found)
    assert 0.02 <= alone / 150 <= 0.09
    assert corrected / 150 <= 0.07


def test_evaluations_of_other_pupils_cannot_be_paired():
    y, first, second = two()
    later = np.where(np.arange(400) < 200, np.nan, second)
    with pytest.raises(ValueError, match="complex was tested on other pupils than simple"):
        compare(y, both(y, first, later), "simple")
    half = np.arange(400) >= 200
    both_later = both(y, np.where(half, first, np.nan), later)
    alone = both(y[half], first[half], second[half])
    group = np.arange(400) // 20
    assert compare(y, both_later, "simple", group) == compare(y[half], alone, "simple", group[half])
    assert choose(both_later, y) == choose(alone, y[half])
    assert choose(both_later, y, group) == choose(alone, y[half], group[half])


def test_the_easier_model_is_chosen_when_it_is_as_good():
    y = np.tile([0.0, 1.0], 50)
    rng = np.random.default_rng(0)
    good = y * 0.4 + rng.random(100) * 0.6
    poor = y * 0.1 + rng.random(100) * 0.9
    assert choose(both(y, good, good + 1e-9), y)[0] == "simple"
    assert choose(both(y, poor, good), y)[0] == "complex"
    assert choose(both(y, good, poor), y) == ("simple", "it ranks pupils best, by the AUC")


def test_the_choice_is_one_standard_error_of_delongs_difference():
    seen = set()
    for seed in range(30):
        y, first, second = two(150, seed)
        second = 0.6 * first + 0.4 * second
        test = metrics.delong_test(y, first, second)
        error = (test.interval[1] - test.difference) / 1.959964
        name, why = choose(both(y, second, first), y)
        assert name == ("complex" if test.difference > error else "simple")
        assert ("easier to read than complex" in why) == (0 < test.difference <= error)
        seen.add(round(test.difference / error))
        # Of the same pupils four times over, who are their own class, nothing else is known.
        fourfold = both(*(np.repeat(v, 4) for v in (y, second, first)))
        assert choose(fourfold, np.repeat(y, 4), np.repeat(np.arange(150), 4))[0] == name
    assert {0, 1, 2} <= seen  # the choice was a close one


def test_two_classes_that_cancel_make_no_choice_surer():
    y, first, second = two(150, 6)
    close = 0.6 * first + 0.4 * second
    apart = auc_pulls(y, first) - auc_pulls(y, close)
    group = np.empty(150, dtype=int)
    group[np.argsort(apart)] = np.arange(150) // 2 % 2 ^ np.arange(150) % 2  # 0110 0110 ...
    assert standard_error(apart, group) < 0.1 * standard_error(apart)
    assert choose(both(y, close, first), y)[0] == "simple"
    assert choose(both(y, close, first), y, group)[0] == "simple"


def test_baselines_and_oracles_are_not_chosen():
    y, first, second = two()
    evaluations = both(y, second, first)
    evaluations["oracle"] = evaluate("Oracle", y, y, 0.15, "oracle")
    evaluations["prior"] = evaluate("Prior", y, 0.5 + 0.1 * y, 0.15, "baseline")
    assert choose(evaluations, y)[0] == "complex"


def test_recall_is_not_compared_with_a_list_of_another_length():
    y, first, _ = two()
    evaluations = {
        "list": evaluate("List", y, first, 0.1),
        "everybody": evaluate("Everybody", y, np.full(len(y), y.mean()), 0.1),
        "nearly as many": evaluate("Nearly", y, first[::-1], 0.105),
    }
    found = compare(y, evaluations, "list")
    assert evaluations["everybody"].recall == 1.0
    assert [d.name for d in found if d.figure == "recall"] == ["nearly as many"]
    assert len(found) == 2 * len(FIGURES) - 1

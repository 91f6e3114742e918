"""McNemar's test against counting every outcome of the coins, and by hand."""

import math

import numpy as np
import pytest

from mlcore.metrics import mcnemar_test
from mlcore.tails import normal_tail


def labels(only_a, only_b, both=3, neither=2):
    right_a = np.repeat([1, 0, 1, 0], [only_a, only_b, both, neither])
    right_b = np.repeat([0, 1, 1, 0], [only_a, only_b, both, neither])
    truth = np.arange(len(right_a)) % 2
    return truth, np.where(right_a, truth, 1 - truth), np.where(right_b, truth, 1 - truth)


@pytest.mark.parametrize(("b", "c"), [(0, 0), (1, 0), (5, 1), (4, 4), (2, 13), (30, 41)])
def test_exact_p_by_counting(b, c):
    n = b + c
    tail = sum(math.comb(n, i) for i in range(min(b, c) + 1)) / 2**n
    test = mcnemar_test(*labels(b, c))
    assert (test.only_a, test.only_b, test.statistic) == (b, c, min(b, c))
    assert test.p_value == pytest.approx(min(1.0, 2 * tail), rel=1e-12)


def test_chi_squared_by_hand():
    test = mcnemar_test(*labels(30, 15), exact=False)
    assert test.statistic == pytest.approx(14**2 / 45)
    assert test.p_value == pytest.approx(2 * normal_tail(14 / math.sqrt(45)), rel=1e-12)
    assert mcnemar_test(*labels(30, 15), exact=False, correction=False).statistic == 5.0


def test_nothing_between_the_models():
    for b in (0, 7):
        for correction in (True, False):
            test = mcnemar_test(*labels(b, b), exact=False, correction=correction)
            assert (test.statistic, test.p_value) == (0.0, 1.0)


def test_text_labels_and_what_is_refused():
    assert mcnemar_test(["a", "b", "c"], ["a", "b", "a"], ["a", "c", "a"])[:2] == (1, 0)
    with pytest.raises(ValueError, match="y_pred has|y_pred 1"):
        mcnemar_test([0, 1], [0, 1], [0])
    with pytest.raises(ValueError, match="exact is 'yes'"):
        mcnemar_test([0, 1], [0, 1], [0, 1], exact="yes")

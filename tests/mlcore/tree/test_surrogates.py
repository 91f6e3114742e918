"""Surrogate splits against a case worked by hand and against every cut there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.tree.cuts import Sample
from mlcore.tree.impurity import GINI, class_stats
from mlcore.tree.routes import route
from mlcore.tree.surrogates import Primary, find_surrogates
from tests.mlcore.tree.grown import grow


def surrogates_of(X, side, w=None, categories=None, feature=0, most=5):
    X = np.array(X, dtype=float)
    w = np.ones(len(X)) if w is None else np.asarray(w, dtype=float)
    side = np.asarray(side, dtype=np.int8)
    d = X.shape[1]
    counts = np.zeros(d, int) if categories is None else np.array(categories)
    stats = class_stats(np.zeros(len(X), int), w, 1)
    sample = Sample(np.ascontiguousarray(X.T), stats, GINI, counts, False, 1, 0.0)
    primary = Primary(side, w, w[side == 1].sum(), w[side == -1].sum())
    order = np.argsort(sample.columns, axis=1, kind="stable")
    return find_surrogates(sample, order, feature, primary, most)


SIDE = [1, 1, 1, 1, 1, 1, -1, -1, -1, -1]  # majority: left, 0.6


def test_a_surrogate_by_hand():
    # Values above 3.5 go left, but for one of the right's: 9 of 10 alike.
    column = [9, 8, 7, 6, 5, 4, 1, 2, 3, 9]
    (found,) = surrogates_of(np.column_stack([SIDE, column]), SIDE)
    assert (found.feature, found.threshold, found.below) == (1, 3.5, -1)
    assert found.agree == pytest.approx(0.9)
    assert found.adj == pytest.approx((0.9 - 0.6) / 0.4)


def test_rows_without_the_value_count_as_not_agreeing():
    column = [9, 8, 7, 6, np.nan, 4, 1, 2, 3, np.nan]
    (found,) = surrogates_of(np.column_stack([SIDE, column]), SIDE)
    assert (found.agree, found.adj) == (pytest.approx(0.8), pytest.approx(0.5))


def test_rows_without_a_primary_side_do_not_count_at_all():
    column = [9, 8, 7, 6, 5, 4, 1, 2, 3, 9, 3.25, 50]
    (found,) = surrogates_of(np.column_stack([[*SIDE, 0, 0], column]), [*SIDE, 0, 0])
    assert found.agree == pytest.approx(0.9)
    assert found.threshold == 3.125  # but a cut falls between values of the node, theirs too


def test_a_category_goes_where_most_of_it_went_and_a_tie_with_the_majority():
    # 0: three left; 1: three right; 2: two left, one right... 3: one each; 4 never.
    column = [0, 0, 0, 2, 2, 3, 1, 1, 1, 3]
    (found,) = surrogates_of(np.column_stack([SIDE, column]), SIDE, categories=[0, 5])
    assert found.sides.tolist() == [1, -1, 1, 1, 0]
    assert (found.agree, found.adj) == (pytest.approx(0.9), pytest.approx(0.75))


def test_weights_count():
    column = [9, 8, 7, 6, 5, 4, 1, 2, 3, 9]
    w = [1, 1, 1, 1, 1, 1, 1, 1, 1, 3]  # the row they part on weighs 3: left 6, right 6
    (found,) = surrogates_of(np.column_stack([SIDE, column]), SIDE, w)
    assert (found.agree, found.adj) == (pytest.approx(0.75), pytest.approx(0.5))


def test_two_rows_must_go_each_way():
    alone = [1.0] * 9 + [2.0]  # right about one more row than the majority
    assert surrogates_of(np.column_stack([SIDE, alone]), SIDE) == []
    category = [0] * 9 + [1]
    assert surrogates_of(np.column_stack([SIDE, category]), SIDE, categories=[0, 2]) == []
    two = [1.0] * 8 + [2.0, 2.0]
    assert len(surrogates_of(np.column_stack([SIDE, two]), SIDE)) == 1


def test_what_is_no_better_than_the_majority_is_no_surrogate():
    column = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]
    assert surrogates_of(np.column_stack([SIDE, column]), SIDE) == []
    assert surrogates_of(np.column_stack([SIDE, column]), SIDE, categories=[0, 3]) == []


def test_best_first_then_the_lower_column_and_no_more_than_asked_for():
    good, best = [9, 8, 7, 6, 5, 4, 1, 2, 3, 9], [9, 8, 7, 6, 5, 4, 1, 2, 3, 1]
    as_category = [1 if v > 3.5 else 0 for v in good]
    X = np.column_stack([as_category, good, SIDE, best, good, best])
    found = surrogates_of(X, SIDE, categories=[2, 0, 0, 0, 0, 0], feature=2)
    assert [s.feature for s in found] == [3, 5, 0, 1, 4]
    found = surrogates_of(X, SIDE, categories=[2, 0, 0, 0, 0, 0], feature=2, most=2)
    assert [s.feature for s in found] == [3, 5]
    assert surrogates_of(X, SIDE, feature=2, most=0) == []


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_no_cut_agrees_better(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 30))
    x = rng.integers(0, 8, n).astype(float)
    x[rng.random(n) < 0.2] = np.nan
    side, w = rng.choice([-1, -1, 0, 1, 1], n), rng.integers(1, 4, n)
    side[:2] = [1, -1]
    known, total = (side != 0) & ~np.isnan(x), w[side != 0].sum()
    best = 0
    for cut in np.unique(x[~np.isnan(x)]):
        below, above = known & (x <= cut), known & (x > cut)
        if min(below.sum(), above.sum()) >= 2:
            alike = w[below & (side == 1)].sum() + w[above & (side == -1)].sum()
            best = max(best, alike, w[known].sum() - alike)
    majority = max(w[side == 1].sum(), w[side == -1].sum())
    found = surrogates_of(np.column_stack([side, x]), side, w)
    assert bool(found) == (best > majority)
    if found:
        assert found[0].agree == pytest.approx(best / total)
        assert found[0].adj == pytest.approx((best - majority) / (total - majority))


def test_rows_go_by_the_first_surrogate_they_have_a_value_for():
    nan = np.nan
    known = [
        [1, 9, 0],
        [2, 8, 0],
        [3, 7, 0],
        [7, 3, 1],
        [8, 2, 1],
        [9, 1, 0],
        [0, nan, 0],
        [10, nan, 1],
    ]
    X = np.array([*known, [nan, 1, 0], [nan, nan, 1], [nan, 9, nan], [nan, nan, nan]])
    y = [0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0]
    tree = grow(X, y, categories=[0, 0, 2], missing="surrogate", max_depth=1)
    routes = tree.routes
    assert (tree.feature[0], tree.threshold[0]) == (0, 5.0)
    assert routes.surrogate_feature.tolist() == [2, 1]
    assert routes.surrogate_agree.tolist() == [7 / 8, 6 / 8]
    assert routes.surrogate_adj.tolist() == [0.75, 0.5]
    leaf = route(tree, X).tolist()
    assert leaf[:8] == [1, 1, 1, 2, 2, 2, 1, 2]
    assert leaf[8:] == [1, 2, 1, 1]  # the last with the majority: both are equal, so left
    assert tree.n_node_samples.tolist() == [12, 7, 5]


def test_an_unseen_category_asks_the_surrogates_too():
    X = np.array([[0, 1], [0, 2], [0, 3], [1, 7], [1, 8], [1, 9]], dtype=float)
    tree = grow(X, [0, 0, 0, 1, 1, 1], categories=[3, 0], missing="surrogate", max_depth=1)
    assert route(tree, np.array([[2, 9.0], [-1, 9.0], [-1, 1.0], [2, np.nan]])).tolist() == [
        2,
        2,
        1,
        1,
    ]

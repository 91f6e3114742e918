"""Folds that are given are kept as they are."""

import numpy as np
import pytest

from mlcore import load, save
from mlcore.model_selection import GridSearchCV, PredefinedSplit, cross_val_score
from tests.mlcore.model_selection.spies import Spy, numbered


def test_each_number_is_a_fold_and_minus_one_is_never_tested():
    splitter = PredefinedSplit([7, -1, 2, 7])
    splits = [(train.tolist(), test.tolist()) for train, test in splitter.split()]
    assert splits == [([0, 1, 3], [2]), ([1, 2], [0, 3])]
    assert splitter.get_n_splits() == 2
    assert PredefinedSplit([-1, -1]).get_n_splits() == 0


def test_models_are_judged_and_searched_by_given_folds(tmp_path):
    X, y = numbered(12)
    fold = np.arange(12) % 3 - 1
    pairs = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in (0, 1)]
    scores = cross_val_score(Spy(), X, y, cv=PredefinedSplit(fold))
    assert scores.tolist() == cross_val_score(Spy(), X, y, cv=pairs).tolist()
    path = tmp_path / "splitter"
    save(PredefinedSplit(fold), path)
    assert load(path).test_fold.tolist() == fold.tolist()
    assert GridSearchCV(Spy(), {"bias": [1]}, cv=PredefinedSplit(fold)).fit(X, y).n_splits_ == 2


@pytest.mark.parametrize(
    ("fold", "message"),
    [
        ([0, 0.5], "test_fold is 0.5 in row 1, but the number of a fold"),
        (["a", "b"], "test_fold holds values that are not numbers"),
        ([0, 1], "X has 3 rows, but test_fold has 2"),
        (None, "test_fold is None"),
    ],
)
def test_what_numbers_no_folds_is_said(fold, message):
    with pytest.raises(ValueError, match=message):
        next(PredefinedSplit(fold).split(np.zeros((3, 1))))


def test_groups_that_would_be_split_are_said():
    with pytest.warns(UserWarning, match="groups parameter is ignored by PredefinedSplit"):
        next(PredefinedSplit([0, 1]).split(groups=[0, 0]))

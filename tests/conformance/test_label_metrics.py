"""Scores of labels and of numbers against scikit-learn, live, on whatever hypothesis thinks of."""

import re
import warnings

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning as TheirUndefined

import mlcore.metrics
from mlcore.checks import UndefinedMetricWarning

NAMES = [
    [0, 1, 2, 3, 4, 5],
    [1, -1, 10, 2, 33, 7],
    ["no", "yes", "b", "a", "Zoë", "10"],
]
ABSENT = [99, 98, "zz"]
AVERAGES = ["micro", "macro", "weighted", None]
ZERO_DIVISIONS = ["warn", 0, 1, 0.0, 1.0, np.nan]
SETTINGS = settings(max_examples=60, deadline=None)


@st.composite
def weights(draw, n):
    """None, whole numbers, or eighths, whose sums are exact; some are 0, but not all."""
    kind = draw(st.sampled_from(["none", "whole", "eighths"]))
    if kind == "none":
        return None
    w = draw(st.lists(st.integers(0, 20), min_size=n, max_size=n))
    assume(any(w))
    return np.array(w) if kind == "whole" else np.array(w) / 8


@st.composite
def labelled(draw, most=6):
    """Names of up to ``most`` classes, true and predicted labels, and weights."""
    kind = draw(st.integers(0, len(NAMES) - 1))
    names = NAMES[kind][: draw(st.integers(1, most))]
    n = draw(st.integers(1, 25))
    column = st.lists(st.sampled_from(names), min_size=n, max_size=n)
    true = draw(column)
    predicted = draw(st.one_of(column, st.just(true)))
    return [*names, ABSENT[kind]], true, predicted, draw(weights(n))


@st.composite
def listed(draw, names):
    """None, or some of the names and the absent one, in any order."""
    chosen = draw(st.permutations(names))[: draw(st.integers(1, len(names)))]
    return draw(st.sampled_from([None, chosen]))


def outcome(library, name, undefined, *args, **kwargs):
    """What a call gives, "refused" for a ValueError; and whether it said the score is undefined."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = getattr(library, name)(*args, **kwargs)
        except ValueError:
            result = "refused"
    return result, any(issubclass(w.category, undefined) for w in caught)


def assert_same(name, *args, warned=True, **kwargs):
    ours, we_warned = outcome(mlcore.metrics, name, UndefinedMetricWarning, *args, **kwargs)
    theirs, they_warned = outcome(sklearn.metrics, name, TheirUndefined, *args, **kwargs)
    pairs = (ours, theirs) if isinstance(theirs, tuple) else ((ours,), (theirs,))
    for a, b in zip(*pairs, strict=True):
        if b is None or isinstance(b, str):
            assert a is b or a == b
            continue
        assert type(a) is type(b)
        assert np.asarray(a).shape == np.asarray(b).shape
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)  # nan where nan is
    if warned:
        assert we_warned == they_warned
    return ours


@SETTINGS
@given(labelled(), st.data())
def test_confusion_matrices(rows, data):
    names, t, p, w = rows
    labels = data.draw(listed(names))
    normalize = data.draw(st.sampled_from([None, "true", "pred", "all"]))
    C = assert_same("confusion_matrix", t, p, labels=labels, sample_weight=w, normalize=normalize)
    if not isinstance(C, str):
        kind = sklearn.metrics.confusion_matrix(
            t, p, labels=labels, sample_weight=w, normalize=normalize
        ).dtype.kind
        assert C.dtype.kind == kind
    assert_same("multilabel_confusion_matrix", t, p, labels=labels, sample_weight=w)


@SETTINGS
@given(labelled(), st.booleans())
def test_right_and_wrong(rows, flag):
    _, t, p, w = rows
    assert_same("accuracy_score", t, p, normalize=flag, sample_weight=w)
    theirs = sklearn.metrics.zero_one_loss(t, p, normalize=flag, sample_weight=w)
    ours = mlcore.metrics.zero_one_loss(t, p, normalize=flag, sample_weight=w)
    assert ours == pytest.approx(float(theirs), abs=1e-12)
    assert_same("hamming_loss", t, p, sample_weight=w)
    # Theirs warns of another kind where we say the score is undefined.
    assert_same("balanced_accuracy_score", t, p, sample_weight=w, adjusted=flag, warned=False)


@SETTINGS
@given(labelled(), st.data())
def test_agreement(rows, data):
    names, t, p, w = rows
    assert_same("matthews_corrcoef", t, p, sample_weight=w, warned=False)
    assert_same(
        "cohen_kappa_score",
        t,
        p,
        labels=data.draw(listed(names)),
        weights=data.draw(st.sampled_from([None, "linear", "quadratic"])),
        sample_weight=w,
        replace_undefined_by=data.draw(st.sampled_from([np.nan, 0.0, -1.0])),
    )


@pytest.mark.parametrize(
    "name", ["precision_score", "recall_score", "f1_score", "fbeta_score", "jaccard_score"]
)
@SETTINGS
@given(labelled(), st.data())
def test_averages(name, rows, data):
    names, t, p, w = rows
    options = {
        "labels": data.draw(listed(names)),
        "average": data.draw(st.sampled_from(AVERAGES)),
        "zero_division": data.draw(st.sampled_from(ZERO_DIVISIONS)),
        "sample_weight": w,
    }
    if name == "jaccard_score":
        assume(options["zero_division"] in ("warn", 0, 1))  # theirs refuses nan
    if name == "fbeta_score":
        options["beta"] = data.draw(st.sampled_from([0.5, 1, 2, 3.7]))
    assert_same(name, t, p, **options)


@pytest.mark.parametrize("name", ["precision_score", "recall_score", "f1_score", "jaccard_score"])
@SETTINGS
@given(labelled(most=3), st.data())
def test_one_positive_class(name, rows, data):
    names, t, p, w = rows
    options = {
        "pos_label": data.draw(st.sampled_from(names)),
        "zero_division": data.draw(st.sampled_from(["warn", 0, 1])),
        "sample_weight": w,
    }
    assert_same(name, t, p, **options)


@SETTINGS
@given(labelled(), st.data())
def test_all_scores_at_once(rows, data):
    names, t, p, w = rows
    beta = data.draw(st.sampled_from([0, 0.5, 1.0, 2, np.inf]))
    assert_same(
        "precision_recall_fscore_support",
        t,
        p,
        beta=beta,
        labels=data.draw(listed(names)),
        average=data.draw(st.sampled_from(AVERAGES)),
        warn_for=data.draw(st.sampled_from([("precision",), ("recall", "f-score"), ()])),
        sample_weight=w,
        zero_division=data.draw(st.sampled_from(ZERO_DIVISIONS)),
        warned=0 < beta < np.inf,  # at the ends theirs does not warn of F
    )


@SETTINGS
@given(labelled(), st.data())
def test_the_report_is_the_same_text(rows, data):
    names, t, p, w = rows
    labels = data.draw(listed(names))
    shown = sorted({*t, *p}) if labels is None else labels
    options = {
        "labels": labels,
        "target_names": data.draw(
            st.sampled_from([None, [f"the class called {name}" for name in shown]])
        ),
        "sample_weight": w,
        "zero_division": data.draw(st.sampled_from(ZERO_DIVISIONS)),
    }
    digits = data.draw(st.integers(0, 15))
    (ours, we_warned), (theirs, they_warned) = (
        outcome(library, "classification_report", undefined, t, p, digits=digits, **options)
        for library, undefined in (
            (mlcore.metrics, UndefinedMetricWarning),
            (sklearn.metrics, TheirUndefined),
        )
    )
    if w is None and not np.equal(t, p).any():  # theirs then shows whole supports as 3.0
        theirs = re.sub(r"(\d+)\.0$", r"  \1", theirs, flags=re.MULTILINE)
    assert ours == theirs
    assert we_warned == they_warned
    (ours, _), (theirs, _) = (
        outcome(library, "classification_report", Warning, t, p, output_dict=True, **options)
        for library in (mlcore.metrics, sklearn.metrics)
    )
    assert list(ours) == list(theirs)
    for key, row in theirs.items():
        columns = row.items() if isinstance(row, dict) else [(None, row)]
        for column, value in columns:
            seen = ours[key] if column is None else ours[key][column]
            np.testing.assert_allclose(seen, value, rtol=1e-12, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 6))
def test_any_weights_and_large_counts(seed, k):
    rng = np.random.default_rng(seed)
    t, p = rng.integers(0, k, 200), rng.integers(0, k, 200)
    for w in (rng.lognormal(sigma=3, size=200), rng.integers(1, 10**7, 200)):
        for name in ("accuracy_score", "balanced_accuracy_score", "matthews_corrcoef"):
            assert_same(name, t, p, sample_weight=w, warned=False)
        assert_same("cohen_kappa_score", t, p, sample_weight=w, weights="quadratic")
        for average in ("macro", "weighted", "micro"):
            assert_same("f1_score", t, p, sample_weight=w, average=average)
            assert_same("jaccard_score", t, p, sample_weight=w, average=average)


EIGHTHS = st.integers(-7, 60).map(lambda i: i / 8)


@st.composite
def numbers(draw):
    """True and predicted numbers above -1 with ties, and weights."""
    n = draw(st.integers(1, 25))
    column = st.lists(EIGHTHS, min_size=n, max_size=n)
    constant = EIGHTHS.map(lambda value: [value] * n)
    y = draw(st.one_of(column, constant))
    return y, draw(st.one_of(column, constant, st.just(y))), draw(weights(n))


@SETTINGS
@given(numbers())
def test_errors(rows):
    y, prediction, w = rows
    for name in (
        "mean_squared_error",
        "root_mean_squared_error",
        "mean_absolute_error",
        "median_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_log_error",
        "root_mean_squared_log_error",
        "d2_absolute_error_score",
    ):
        assert_same(name, y, prediction, sample_weight=w)
    assert_same("max_error", y, prediction)


@SETTINGS
@given(numbers(), st.booleans(), st.sampled_from([0, 0.07, 0.25, 0.3, 0.5, 0.9, 1]))
def test_shares_explained_and_quantiles(rows, finite, alpha):
    y, prediction, w = rows
    assert_same("r2_score", y, prediction, sample_weight=w, force_finite=finite)
    assert_same("explained_variance_score", y, prediction, sample_weight=w, force_finite=finite)
    assert_same("mean_pinball_loss", y, prediction, sample_weight=w, alpha=alpha)
    assert_same("d2_pinball_score", y, prediction, sample_weight=w, alpha=alpha)


def test_logarithms_of_too_little_are_refused_by_both():
    for name in ("mean_squared_log_error", "root_mean_squared_log_error"):
        for pair in (([-1.0, 2.0], [0.0, 0.0]), ([0.0, 0.0], [1.0, -3.0])):
            assert assert_same(name, *pair) == "refused"

"""Scores of labels the slow way: a loop over the rows, in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st


@st.composite
def labelled_rows(draw, classes="abc", least=1):
    """True labels, predicted labels and whole weights, of which one at least is not 0."""
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from(classes), st.sampled_from(classes), st.integers(0, 3)),
            min_size=least,
            max_size=20,
        ).filter(lambda rows: any(w for _, _, w in rows))
    )
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def cells_of(label, true, predicted, weights):
    """tp, fp, fn, tn of one label against the rest."""
    tp = fp = fn = tn = Fraction(0)
    for t, p, w in zip(true, predicted, weights, strict=True):
        w = Fraction(float(w))
        if t == label and p == label:
            tp += w
        elif p == label:
            fp += w
        elif t == label:
            fn += w
        else:
            tn += w
    return tp, fp, fn, tn


def scores_of(label, true, predicted, weights, beta=1, nothing=0.0):
    """Precision, recall, F, Jaccard and support of one label; ``nothing`` is what 0/0 counts as."""
    tp, fp, fn, _ = cells_of(label, true, predicted, weights)
    b2 = Fraction(beta) ** 2

    def over(part, whole):
        return float(part / whole) if whole else nothing

    return {
        "precision": over(tp, tp + fp),
        "recall": over(tp, tp + fn),
        "f": over((1 + b2) * tp, (1 + b2) * tp + b2 * fn + fp),
        "jaccard": over(tp, tp + fp + fn),
        "support": float(tp + fn),
    }


def weight_where(hits, weights):
    """The weight of the rows that are hits."""
    total = Fraction(0)
    for hit, w in zip(hits, weights, strict=True):
        total += Fraction(float(w)) if hit else 0
    return total

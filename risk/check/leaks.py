"""What knows the outcome too well: each column alone, and three questions of a tree on all.

Honest columns are modest. One that alone ranks pupils with an area under the ROC curve (AUC) whose
interval lies above LIMIT is either very good news or something recorded after the outcome, and
only the school knows which: so it is said why it may be the one or the other.

Notation: n rows, d columns · y (n,) 1 at risk, 0 not, NaN where unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import lgamma, log

import numpy as np
import pandas as pd

from mlcore import DecisionTreeClassifier, export_text
from mlcore.checks import BoolArray, FloatArray, IntArray
from mlcore.metrics import auc_interval, delong_test, roc_auc_score, roc_curve
from mlcore.model_selection import PredefinedSplit, cross_val_predict
from mlcore.model_selection.splits import stratified_folds
from risk.check.findings import LEVEL, Finding, quoted
from risk.check.variables import Variable
from risk.data.columns import Column
from risk.models.encoding import Encoder

LIMIT = 0.90  # honest models of real schools stay below it until the end of the year
STRONG = 0.70  # worth naming
AHEAD = 0.10  # of the next best column, to stand alone in the field
LEAST_OF_EACH = 10
FOLDS, DEPTH = 5, 3


@dataclass(frozen=True)
class Alone:
    """How well one column by itself ranks the pupils."""

    variable: Variable
    rows: BoolArray  # (n,) those compared
    score: FloatArray  # (n,) the higher, the more at risk
    auc: float
    low: float
    high: float
    falling: bool = False  # whether high values are those of pupils not at risk

    @property
    def figures(self) -> str:
        """The AUC with its interval."""
        return f"{self.auc:.2f} ({self.low:.2f} to {self.high:.2f})"


def probe(variables: list[Variable], y: FloatArray, target: Variable) -> list[Finding]:
    """Return what the columns (neither target nor id) know of the outcome, and why that may be."""
    known = ~np.isnan(y)
    if min((y == 1).sum(), (y == 0).sum()) < LEAST_OF_EACH:
        return []
    field = [a for v in variables if (a := alone(v, y, known)) is not None]
    field.sort(key=lambda a: -a.low)
    findings, rules = [], []
    for a in field:
        told = rule_on_target(a, y, target, len(field))
        rules += [a] if told else []
        findings += [told] if told else []
    honest = [a for a in field if a not in rules]
    findings += list(strong_columns(honest, y, target))
    return findings + list(three_questions(honest, y, known))


def folds_of(y: FloatArray) -> IntArray:
    """Return the fold of each row (n,), each outcome dealt out evenly."""
    return stratified_folds(y.astype(np.int64), FOLDS, np.random.default_rng(0))


def alone(v: Variable, y: FloatArray, known: BoolArray) -> Alone | None:
    """Return how well a column by itself ranks the pupils; None where that cannot be asked.

    Numbers rank by their value, in the better of the two directions, where they are known;
    categories by the share at risk in the other folds, blank being one of them.
    """
    if v.numeric:
        rows = known & ~np.isnan(v.values)
        score = v.values
    elif v.kind == "category":
        rows, score = known, np.full(len(y), np.nan)
        score[rows] = out_of_fold_rates(v.group[rows], y[rows])
    else:
        return None
    positives, n = int((y[rows] == 1).sum()), int(rows.sum())
    if min(positives, n - positives) < LEAST_OF_EACH or len(np.unique(score[rows])) < 2:
        return None
    falling = v.numeric and roc_auc_score(y[rows], score[rows]) < 0.5
    score = -score if falling else score
    area = float(roc_auc_score(y[rows], score[rows]))
    return Alone(v, rows, score, area, *auc_interval(y[rows], score[rows]), falling)


def out_of_fold_rates(group: IntArray, y: FloatArray) -> FloatArray:
    """Return for each row (n,) the share at risk of its group in the other folds.

    One row of the average outcome is added to each group, so that rare ones stay near it.
    """
    fold, groups = folds_of(y), int(group.max()) + 1
    rates = np.empty(len(y))
    for k in range(FOLDS):
        learn = fold != k
        size = np.bincount(group[learn], minlength=groups)
        at_risk = np.bincount(group[learn], weights=y[learn], minlength=groups)
        rates[~learn] = ((at_risk + y[learn].mean()) / (size + 1))[group[~learn]]
    return rates


def best_cut(a: Alone, y: FloatArray) -> tuple[float, int]:
    """Return the cut of a numeric column that parts the outcomes best, and its errors."""
    t, s = y[a.rows], a.score[a.rows]
    fpr, tpr, thresholds = roc_curve(t, s, drop_intermediate=False)
    errors = fpr * (t == 0).sum() + (1 - tpr) * (t == 1).sum()
    at = max(1, int(errors.argmin()))
    below = s[s < thresholds[at]]
    cut = (thresholds[at] + below.max()) / 2 if len(below) else thresholds[at]
    return float(-cut if a.falling else cut), round(errors[at])


def rule_on_target(a: Alone, y: FloatArray, target: Variable, tries: int) -> Finding | None:
    """Return the finding that a column decides the outcome without an exception, or None."""
    v, drop = a.variable, "Leave it out with --drop: it is the outcome, not a sign of it."
    n, m = int(a.rows.sum()), int((y[a.rows] == 1).sum())
    r = correlation(v, target)
    if abs(r) > 0.99999:
        sentence = f"it is the target {quoted(target.name)} on another scale (correlation {r:.5f})."
        return Finding("wrong", "target rescaled", sentence, drop, v.name, weight=10)
    # Chance: that an arrangement of m among n at random is one of the two that a cut parts.
    log_chance = lgamma(m + 1) + lgamma(n - m + 1) - lgamma(n + 1)
    if log_chance + log(2 * tries) > log(1e-6):
        return None
    if v.numeric:
        cut, errors = best_cut(a, y)
        if errors:
            return None
        rule = f"is {'below' if a.falling else 'above'} {cut:.6g}"
        if v.kind == "yes/no":
            rule = "is no" if a.falling else "is yes"
    else:
        size = np.bincount(v.group[a.rows])
        at_risk = np.bincount(v.group[a.rows], weights=y[a.rows])
        if len(size) > n / 10 or np.minimum(at_risk, size - at_risk).any():
            return None
        rule = "has one of some values, and none who has another"
    sentence = (
        f"it decides the outcome: at risk is every pupil whose {quoted(v.name)} {rule} ({m} of {n}, "
        "no exception). The target looks like a rule on it."
    )
    return Finding("wrong", "rule on target", sentence, drop, v.name, weight=9)


def correlation(v: Variable, target: Variable) -> float:
    """Return the correlation of a column with a target of numbers; 0 where there is none."""
    both = ~np.isnan(v.values) & ~np.isnan(target.values)
    x, t = v.values[both], target.values[both]
    if target.kind != "number" or len(x) < 20 or np.ptp(x) == 0 or np.ptp(t) == 0:
        return 0.0
    return float(np.corrcoef(x, t)[0, 1])


def strong_columns(field: list[Alone], y: FloatArray, target: Variable) -> Iterator[Finding]:
    """Tell of each column that is strong alone: how strong, what it is not, and what to ask.

    To look at: an interval above LIMIT, or a strong column far ahead of the next. The others, from
    STRONG on, are good to know. Columns come best first.
    """
    for i, a in enumerate(field):
        if a.low <= STRONG:
            continue
        rival = field[1] if i == 0 and len(field) > 1 else field[0]
        ahead = i == 0 and rival is not a and a.low > max(0.75, rival.high + AHEAD)
        told = f"strong: AUC {a.figures} by itself"
        if rival is not a:
            what = "the next best" if i == 0 else "the best"
            told += f"; {what}, {quoted(rival.variable.name)}, has {rival.auc:.2f}"
        if a.variable.kind == "number":
            cut, errors = best_cut(a, y)
            told += (
                f". It is no rule on the target (its best cut, {cut:.6g}, is wrong for {errors} of "
                f"{a.rows.sum()})"
            )
            r = correlation(a.variable, target)
            told += f", nor the target rescaled (correlation {r:.2f})" if r else ""
        told += ". Is it known when you predict?"
        mend = "If it is, keep it, and ask of every model what it adds to this; else use --drop."
        severity = "look" if a.low > LIMIT or ahead else "note"
        yield Finding(severity, "strong", told, mend, a.variable.name, weight=5 + a.low)


def matrix_of(variables: list[Variable], rows: BoolArray) -> tuple[FloatArray, list[str]]:
    """Return the columns as a tree takes them, (rows, questions), and what each question is."""
    frame, schema = {}, []
    for v in variables:
        label = quoted(v.name)
        if v.numeric:
            frame[v.name] = pd.Series(v.values[rows])
            schema.append(Column(v.name, "number", label))
        else:
            texts = np.array([*v.texts, None], dtype=object)[v.codes[rows]]
            frame[v.name] = pd.Series(texts, dtype=object)
            schema.append(Column(v.name, "category", label))
    encoder = Encoder(schema).fit(pd.DataFrame(frame))
    return encoder.transform(pd.DataFrame(frame)), encoder.names()


def three_questions(field: list[Alone], y: FloatArray, known: BoolArray) -> Iterator[Finding]:
    """Tell how well a tree of depth 3 on all columns knows the outcome of rows it has not seen."""
    if not field:
        return
    X, names = matrix_of([a.variable for a in field], known)
    t = y[known].astype(np.int64)
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=max(5, len(t) // 200))
    fold = PredefinedSplit(folds_of(y[known]))
    score = cross_val_predict(tree, X, t, cv=fold, method="predict_proba")[:, 1]
    area, (low, high) = roc_auc_score(t, score), auc_interval(t, score)
    best = field[0]
    told = (
        f"{len(field)} columns alone: the best, {quoted(best.variable.name)}, has AUC "
        f"{best.figures}. Three questions of a tree on all of them have {area:.2f} ({low:.2f} to "
        f"{high:.2f}) for pupils it had not seen."
    )
    yield Finding("note", "probe", f"The leak probe tried {told}", "Ask more of a model than this.")
    if low > LIMIT and _better(t, score, best, known):
        rules = export_text(tree.fit(X, t), [" ".join(name.split()) for name in names])
        lines = [line.replace("|", " ").strip(" -") for line in rules.splitlines()]
        sentence = (
            f"Three questions know the outcome too well: AUC {area:.2f} ({low:.2f} to {high:.2f}), "
            f"where no column alone has more than {best.auc:.2f}. They are: {'; '.join(lines)}."
        )
        yield Finding("look", "tree too good", sentence, "Ask of each column whether it is known "
                      "when you predict.", weight=7)  # fmt: skip


def _better(t: IntArray, score: FloatArray, best: Alone, known: BoolArray) -> bool:
    """Return whether the tree ranks the pupils better than the best column, beyond chance."""
    both = best.rows[known]
    if len(np.unique(t[both])) < 2:
        return True
    test = delong_test(t[both], score[both], best.score[known][both])
    return bool(test.difference > 0 and not test.p_value > LEVEL)

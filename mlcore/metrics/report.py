"""Precision, recall, F1 and support of every class in one table.

Notation: k classes · M (k, 2, 2) for each class [[tn, fp], [fn, tp]] · support tp + fn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.checks import check_flag, check_integer, plural, warn_caller
from mlcore.checks.metrics import check_zero_division
from mlcore.metrics.averages import hits_and_misses, mean_over_classes, warn_of_nothing
from mlcore.metrics.classification import chosen_cells, class_cells
from mlcore.metrics.precision import precision_recall_f

COLUMNS = ("precision", "recall", "f1-score", "support")
Row = tuple[str, Any, Any, Any, Any]


def classification_report(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    target_names: Sequence[str] | None = None,
    sample_weight: ArrayLike | None = None,
    digits: int = 2,
    output_dict: bool = False,
    zero_division: Any = "warn",
) -> str | dict[str, Any]:
    """Return the scores of each class and their averages, as text or as a dict.

    The micro average is called accuracy, which it is, unless ``labels`` leaves out a class that
    occurs. ``target_names`` are shown instead of the labels; ValueError if not as many, or a
    warning where ``labels`` is given.

    >>> print(classification_report(["a", "b", "b"], ["a", "b", "a"]))
                  precision    recall  f1-score   support
    <BLANKLINE>
               a       0.50      1.00      0.67         1
               b       1.00      0.50      0.67         2
    <BLANKLINE>
        accuracy                           0.67         3
       macro avg       0.75      0.75      0.67         3
    weighted avg       0.83      0.67      0.67         3
    <BLANKLINE>
    """
    check_flag("output_dict", output_dict)
    check_integer("digits", digits, 0)
    check_zero_division(zero_division)
    classes, M = class_cells(y_true, y_pred, sample_weight)
    listed = classes if labels is None else np.asarray(labels)
    if labels is not None:
        M = chosen_cells(labels, classes, M)
    names = _row_names(listed, target_names, labels is not None)
    all_listed = set(classes.tolist()) <= set(listed.tolist())
    rows = _class_rows(M, names, listed.tolist(), zero_division)
    averages = _average_rows(M, zero_division)
    if output_dict:
        return _as_dict(rows, averages, all_listed)
    return _as_text(rows, averages, all_listed, digits)


def _row_names(listed: NDArray[Any], target_names: Sequence[str] | None, given: bool) -> list[str]:
    if target_names is None:
        return [str(label) for label in listed]
    if len(target_names) != len(listed):
        message = (
            f"target_names has {plural(len(target_names), 'name')}, but one for each of the "
            f"{plural(len(listed), 'label')} was expected. Give as many."
        )
        if not given:
            raise ValueError(message)
        warn_caller(message, UserWarning)
    return list(target_names)


def _class_rows(
    M: NDArray[Any], names: list[str], listed: list[Any], zero_division: Any
) -> list[Row]:
    scores = precision_recall_f(hits_and_misses(M), 1.0, check_zero_division(zero_division))
    if isinstance(zero_division, str):
        for name, (_, whole) in scores.items():
            warn_of_nothing(name, whole, listed)
    support = M[:, 1].sum(axis=1)
    columns = [values for values, _ in scores.values()]
    return list(zip(names, *columns, support, strict=False))  # names may be fewer: warned of


def _average_rows(M: NDArray[Any], zero_division: Any) -> list[Row]:
    """Return the rows of the micro, macro and weighted averages."""
    undefined = check_zero_division(zero_division)
    support = M[:, 1].sum(axis=1)
    rows: list[Row] = []
    for name, cells, weights in (
        ("micro avg", M.sum(axis=0, keepdims=True), None),
        ("macro avg", M, None),
        ("weighted avg", M, support),
    ):
        scores = precision_recall_f(hits_and_misses(cells), 1.0, undefined)
        p, r, f = (mean_over_classes(values, weights) for values, _ in scores.values())
        rows.append((name, p, r, f, support.sum()))
    return rows


def _as_dict(rows: list[Row], averages: list[Row], all_listed: bool) -> dict[str, Any]:
    table: dict[str, Any] = {
        name: dict(zip(COLUMNS, map(float, values), strict=True))
        for name, *values in rows + averages
    }
    if all_listed:  # in the place of the micro average
        table = {
            "accuracy" if name == "micro avg" else name: values for name, values in table.items()
        }
        table["accuracy"] = table["accuracy"]["precision"]
    return table


def _as_text(rows: list[Row], averages: list[Row], all_listed: bool, digits: int) -> str:
    width = max(len("weighted avg"), digits, *(len(name) for name, *_ in rows))

    def line(name: str, *cells: str) -> str:
        return f"{name:>{width}}  " + " ".join(f"{cell:>9}" for cell in cells) + "\n"

    def figures(name: str, p: float, r: float, f: float, support: Any) -> str:
        shown = [f"{value:.{digits}f}" for value in (p, r, f)]
        if all_listed and name == "micro avg":
            return line("accuracy", "", "", shown[2], str(support))
        return line(name, *shown, str(support))

    head = line("", *COLUMNS)
    body = "".join(figures(*row) for row in rows)
    return f"{head}\n{body}\n" + "".join(figures(*row) for row in averages)

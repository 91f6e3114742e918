"""The comparison over the weeks told: in sentences, as a table, and as figures for metrics.json."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from mlcore.metrics import precision_at_k
from risk.evaluation.figures import Evaluation, or_none
from risk.evaluation.weeks import Weekly, ahead_from, first_good_week
from risk.text import in_a_sentence, in_columns

# What a table over the weeks can show: figures of the evaluations, and their digits.
FIGURES = {
    "auc": 2,
    "average_precision": 2,
    "brier": 3,
    "calibration_slope": 2,
    "calibration_error": 3,
    "precision": 2,
    "recall": 2,
}
LISTED = ("precision", "recall")  # figures of the pupils on the list


def how_early(weekly: Weekly, need: float = 0.75) -> list[str]:
    """Return a sentence for each model: from which week on it is good enough, and ahead of what."""
    told = []
    for name in weekly.names("model"):
        good = first_good_week(weekly, name, need)
        begin = f"{weekly.titles[name]}: AUC surely {need:g} or more "
        begin += "in no week up to the last" if good is None else f"from week {good} on"
        ahead = [
            f"{in_a_sentence(weekly.titles[baseline])} "
            + ("not even in the last week" if week is None else f"from week {week}")
            for baseline, week in ahead_from(weekly, name).items()
        ]
        told.append(begin + (f"; ahead of {', '.join(ahead)}." if ahead else "."))
    return told


def week_cells(weekly: Weekly, figure: str = "auc") -> list[list[str]]:
    """Return the table over the weeks: the header, then a line a week; "" where there is no figure.

    The cells hold nothing that HTML would have to escape but the titles of the header.
    """
    lines = [["Week", *weekly.titles.values()]]
    for week in weekly.weeks:
        here = {row.name: row.evaluation for row in weekly.rows if row.week == week}
        cells = [cell(weekly, here.get(name), figure) for name in weekly.titles]
        lines.append([str(week), *cells])
    return lines


def cell(weekly: Weekly, evaluation: Evaluation | None, figure: str) -> str:
    """Return one figure as text."""
    value = np.nan if evaluation is None else value_of(weekly, evaluation, figure)
    return "" if value != value else f"{value:.{FIGURES[figure]}f}"


def value_of(weekly: Weekly, evaluation: Evaluation, figure: str) -> float:
    """Return one of FIGURES; precision and recall are those of exactly as many as can be seen.

    An evaluation flags pupils of equal risk together, so of a baseline with few different risks
    it flags far more or fewer than the others, and its recall could not be held beside theirs.
    """
    if figure not in LISTED:
        return float(getattr(evaluation, figure))
    count = max(1, round(weekly.share * len(weekly.at_risk)))
    precision = precision_at_k(weekly.at_risk.astype(np.int64), evaluation.risk, count).value
    return precision if figure == "precision" else precision * count / weekly.at_risk.sum()


def week_table(weekly: Weekly, figure: str = "auc") -> str:
    """Return the table over the weeks for the terminal: weeks down, names across."""
    header, *lines = week_cells(weekly, figure)
    wrapped = [textwrap.wrap(title, 11, break_long_words=False) for title in header]
    tall = max(map(len, wrapped))
    above = zip(*([""] * (tall - len(words)) + words for words in wrapped), strict=True)
    return in_columns([*above, *lines], right=True)


def week_figures(weekly: Weekly, need: float = 0.75) -> dict[str, Any]:
    """Return the comparison over the weeks for metrics.json; None where a figure does not exist."""
    models = weekly.names("model")
    return {
        "tested": weekly.split.sentence,
        "pupils_tested": len(weekly.pupils),
        "share_seen": weekly.share,
        "auc_needed": need,
        "good_enough_from_week": {name: first_good_week(weekly, name, need) for name in models},
        "ahead_from_week": {name: ahead_from(weekly, name) for name in models},
        "weeks": [
            {"week": row.week, "name": row.name, "kind": row.evaluation.kind}
            | {figure: or_none(value_of(weekly, row.evaluation, figure)) for figure in FIGURES}
            | {"auc_interval": list(row.evaluation.auc_interval)}
            for row in weekly.rows
        ],
    }

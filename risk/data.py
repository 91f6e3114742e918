"""From a user's own file to a checked table of pupils, one row each; or a sentence on what to mend."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mlcore.checks import plural
from risk.columns import Column, looks_like_counter, recognise, yes_no_words
from risk.reading import DataError, RawTable, to_numbers

LEAST_ROWS, LEAST_OF_EACH = 30, 10


@dataclass
class Trend:
    """How a weekly figure went, for pupils who ended at risk and for the others."""

    label: str
    weeks: list[int]
    lines: dict[str, list[float]]


@dataclass
class PupilTable:
    """One row a pupil, ready to learn from: what the road works on.

    ``features`` holds float columns (NaN missing) and object columns (None missing); ``at_risk``
    is 1, 0, or NaN where the outcome is not known yet.
    """

    source: str
    ids: pd.Series
    features: pd.DataFrame
    schema: list[Column]
    at_risk: pd.Series
    protected: pd.DataFrame
    meaning: str  # of "at risk", in words
    listed: pd.Series  # True for the pupils the list is about
    id_name: str | None = None
    notes: list[str] = field(default_factory=list)
    trends: list[Trend] = field(default_factory=list)


def check_ids(raw: RawTable, name: str | None) -> pd.Series:
    """Return the pupils' ids: the column, or line numbers; DataError for a missing or double one."""
    if name is None:
        return pd.Series([f"line {line}" for line in raw.lines], name="pupil")
    need_columns(raw, [name], "--id")
    ids = raw.frame[name]
    if ids.isna().any():
        at = int(np.flatnonzero(ids.isna())[0])
        raise DataError(f"{raw.name}, line {raw.lines[at]}: the id in column {name!r} is missing.")
    double = ids[ids.duplicated(keep=False)]
    if len(double):
        first = double.iloc[0]
        where = [raw.lines[int(i)] for i in double.index[double == first][:2]]
        raise DataError(
            f"{raw.name}: the id {first!r} in column {name!r} stands in lines {where[0]} and "
            f"{where[1]}, but one row a pupil was expected. Remove one of them."
        )
    return ids.rename("pupil")


def need_columns(raw: RawTable, names: list[str], option: str) -> None:
    """Raise DataError unless the table has every one of the columns an option names."""
    have = list(raw.frame.columns)
    for name in names:
        if name not in have:
            close = [h for h in have if h.lower() == name.lower()]
            hint = f"Did you mean {close[0]!r}?" if close else f"It has: {', '.join(have[:40])}."
            raise DataError(f"{raw.name} has no column {name!r} (given as {option}). {hint}")


def read_target(
    raw: RawTable, target: str, below: float | None, positive: str | None
) -> tuple[pd.Series, str]:
    """Return 1.0 at risk, 0.0 not, NaN unknown, and the meaning of at risk in words."""
    need_columns(raw, [target], "--target")
    cells = raw.frame[target]
    known = cells.dropna()
    if known.empty:
        raise DataError(f"{raw.name}: the target column {target!r} has no values at all.")
    if below is not None:
        values, _ = to_numbers(cells, raw.separator)
        wrong = np.flatnonzero(cells.notna() & values.isna())
        if len(wrong):
            raise DataError(
                f"{raw.name}, line {raw.lines[int(wrong[0])]}: the target {target!r} holds "
                f"{cells[int(wrong[0])]!r}, but --at-risk-below needs numbers. Mend or empty the "
                "cell, or use --positive VALUE."
            )
        at_risk, meaning = (values < below).astype(float), f"{target} below {below:g}"
        at_risk[values.isna()] = np.nan
    else:
        if positive is None:
            positive = default_positive(raw, target, known)
        same = same_value(cells, positive, raw.separator)
        if not same.any():
            listed = ", ".join(repr(v) for v in list(known.unique())[:10])
            raise DataError(
                f"{raw.name}: no row has {positive!r} in the target {target!r}, which holds "
                f"{listed}. Give one of them as --positive."
            )
        at_risk, meaning = same.astype(float), f"{target} is {positive}"
        at_risk[cells.isna()] = np.nan
    counts = at_risk.value_counts()
    if len(counts) < 2:
        everyone = "every" if 1.0 in counts.index else "no"
        raise DataError(
            f"{raw.name}: {everyone} pupil with a known {target!r} is at risk ({meaning}), but "
            "both kinds are needed to learn from. Check the target column and the cut."
        )
    return at_risk.rename("at_risk"), meaning


def same_value(cells: pd.Series, value: str, separator: str) -> pd.Series:
    """Return where a cell equals a value, as text in any case, or as a number."""
    numbers, _ = to_numbers(cells, separator)
    wanted, _ = to_numbers(pd.Series([value], dtype=object), separator)
    text = cells.map(lambda t: t is not None and t.lower() == value.strip().lower())
    return text.astype(bool) | (numbers == wanted[0])


def default_positive(raw: RawTable, target: str, known: pd.Series) -> str:
    """Return what means at risk in a target of yes and no; DataError if that is not plain."""
    words = yes_no_words(known)
    if words:
        return words[0]
    if set(known.unique()) == {"0", "1"}:
        return "1"
    if known.nunique() == 1:
        raise DataError(
            f"{raw.name}: the target {target!r} is {known.iloc[0]!r} in every row. A target needs "
            "pupils of both kinds."
        )
    raise DataError(
        f"{raw.name}: what is at risk in {target!r}? Say --at-risk-below NUMBER (for a score) or "
        f"--positive VALUE (for a label, such as {known.iloc[0]!r})."
    )


def pupil_table(
    raw: RawTable,
    target: str,
    *,
    below: float | None = None,
    positive: str | None = None,
    id_column: str | None = None,
    drop: tuple[str, ...] = (),
    protected: tuple[str, ...] = (),
    use_protected: bool = False,
) -> PupilTable:
    """Return the user's own table, checked and typed; DataError says what to mend."""
    need_columns(raw, list(drop), "--drop")
    need_columns(raw, list(protected), "--protected")
    at_risk, meaning = read_target(raw, target, below, positive)
    ids = check_ids(raw, id_column)
    notes, schema, columns = list(raw.notes), [], {}
    audited: dict[str, pd.Series] = {}
    for name in raw.frame.columns:
        if name in (target, id_column) or name in drop:
            continue
        column, values, note = recognise(raw, name)
        if note:
            notes.append(note)
        if name in protected:
            audited[name] = values if column is None else values.map(column.show)
            if column is not None and column.kind == "number":
                audited[name] = values
            if not use_protected:
                continue
        if column is None:
            continue
        if values.nunique() == 1:
            notes.append(f"{name} was left out: the same value in every row that has one.")
        elif column.kind == "number" and looks_like_counter(values):
            notes.append(f"{name} was left out: it only numbers the rows.")
        else:
            schema.append(column)
            columns[name] = values
    if not schema:
        raise DataError(f"{raw.name} has no column to learn from besides {target!r}.")
    unknown = int(at_risk.isna().sum())
    if unknown:
        notes.append(
            f"{plural(unknown, 'row')} without {target}: not learnt from, but scored as pupils "
            "whose outcome is not known yet."
        )
    check_enough(at_risk, raw.name)
    return PupilTable(
        raw.name,
        ids,
        pd.DataFrame(columns, index=raw.frame.index),
        schema,
        at_risk,
        pd.DataFrame(audited, index=raw.frame.index),
        meaning,
        pd.Series(True, index=raw.frame.index),
        id_column,
        notes,
    )


def check_enough(at_risk: pd.Series, source: str) -> None:
    """Raise DataError unless enough outcomes are known to learn from and to test on."""
    positives, negatives = int((at_risk == 1).sum()), int((at_risk == 0).sum())
    if positives + negatives < LEAST_ROWS or min(positives, negatives) < LEAST_OF_EACH:
        raise DataError(
            f"{source}: {plural(positives + negatives, 'row')} with a known outcome, {positives} at "
            f"risk and {negatives} not, but at least {LEAST_ROWS} rows and {LEAST_OF_EACH} of each "
            "kind are needed to learn and to test what was learnt. Add pupils of earlier years."
        )

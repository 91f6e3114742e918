"""From text to a checked table: what kind each column is, what is wrong with it, one row a pupil.

A column is a number, a yes/no, a category (few distinct texts), or text, which is left out. What
was recognised is kept as a schema, so that new rows are read in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mlcore.checks import plural
from risk.reading import DataError, RawTable, to_numbers

YES_NO = (
    ("yes", "no"),
    ("y", "n"),
    ("true", "false"),
    ("ja", "nein"),
    ("oui", "non"),
    ("sí", "no"),
    ("si", "no"),
    ("sim", "não"),
)
LEAST_ROWS, LEAST_OF_EACH = 30, 10
MOSTLY = 0.8  # a column of at least this share of numbers is meant to be one


@dataclass
class Column:
    """What is known of one column: its name, kind, and how a teacher would call it."""

    name: str
    kind: str  # "number", "yes/no" or "category"
    label: str = ""
    unit: str = ""
    words: tuple[str, str] = ("yes", "no")  # of a yes/no column, as the file writes them

    @property
    def title(self) -> str:
        """What a teacher would call the column."""
        return self.label or self.name

    def show(self, value: object) -> str:
        """Return a value in words.

        >>> Column("g1", "number", unit="points").show(7.0)
        '7 points'
        """
        if value is None or value != value:
            return "not recorded"
        if self.kind == "yes/no":
            return self.words[0] if value == 1 else self.words[1]
        if self.kind == "category":
            return str(value)
        number = f"{float(str(value)):.1f}".removesuffix(".0")
        return f"{number} {self.unit}".strip() if self.unit != "%" else f"{number} %"


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


def yes_no_words(known: pd.Series) -> tuple[str, str] | None:
    """Return the two words of a yes/no column as written in it, yes first, else None."""
    written = {text.lower(): text for text in known.unique()}
    for yes, no in YES_NO:
        if set(written) == {yes, no}:
            return written[yes], written[no]
    return None


def recognise(raw: RawTable, name: str) -> tuple[Column | None, pd.Series, str | None]:
    """Return what a column is, its values, and a note; None for a column of free text."""
    cells = raw.frame[name]
    known = cells.dropna()
    if known.empty:
        raise DataError(
            f"{raw.name}: column {name!r} has no values at all. Fill it, or leave it out "
            f"with --drop {quoted(name)}."
        )
    words = yes_no_words(known)
    if words:
        values = cells.map({words[0]: 1.0, words[1]: 0.0}).astype(np.float64)
        return Column(name, "yes/no", words=words), values, None
    numbers, note = to_numbers(cells, raw.separator)
    readable = numbers.notna().sum()
    if readable == len(known):
        if set(numbers.dropna().unique()) == {0.0, 1.0}:
            return Column(name, "yes/no", words=("1", "0")), numbers, note
        return Column(name, "number"), numbers, note and f"{name}: {note}"
    if readable >= MOSTLY * len(known):
        at = int(np.flatnonzero(cells.notna() & numbers.isna())[0])
        raise DataError(
            f"{raw.name}, line {raw.lines[at]}: column {name!r} holds {cells[at]!r}, but "
            f"{readable} of its {len(known)} values are numbers. Mend or empty the cell, or leave "
            f"the column out with --drop {quoted(name)}."
        )
    if known.nunique() > max(2, min(50, len(known) // 4)):
        return None, cells, f"{name} was left out: {known.nunique()} different texts."
    return Column(name, "category"), cells, None


def quoted(name: str) -> str:
    """Return a column name as it must be typed on a command line."""
    return f'"{name}"' if " " in name else name


def read_as(raw: RawTable, column: Column) -> tuple[pd.Series, str | None]:
    """Return the values of a column of known kind; DataError if the file holds another kind."""
    cells = raw.frame[column.name]
    if column.kind == "category":
        numbers, _ = to_numbers(cells, raw.separator)
        if cells.notna().any() and numbers.notna().sum() == cells.notna().sum():
            raise DataError(
                f"{raw.name}: column {column.name!r} holds numbers, but the model was trained on "
                "categories there. Give the column the values it had in training."
            )
        return cells, None
    numbers, note = to_numbers(cells, raw.separator)
    expected = "numbers"
    if column.kind == "yes/no":
        yes, no = (word.lower() for word in column.words)
        spoken = {yes: 1.0, no: 0.0, "1": 1.0, "0": 0.0}
        numbers = cells.map(lambda t: np.nan if t is None else spoken.get(t.lower(), np.nan))
        numbers, expected = numbers.astype(np.float64), f"{column.words[0]} or {column.words[1]}"
    wrong = np.flatnonzero(cells.notna() & numbers.isna())
    if len(wrong):
        raise DataError(
            f"{raw.name}, line {raw.lines[int(wrong[0])]}: column {column.name!r} holds "
            f"{cells[int(wrong[0])]!r}, but the model was trained on {expected} there. "
            "Mend or empty the cell."
        )
    return numbers, note and f"{column.name}: {note}"


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


def looks_like_counter(values: pd.Series) -> bool:
    """Return whether a column only counts its rows: 1, 2, 3, ... in any order, none missing.

    >>> looks_like_counter(pd.Series([2.0, 1.0, 3.0])), looks_like_counter(pd.Series([1.0, 3.0]))
    (True, False)
    """
    return bool(
        values.notna().all()
        and values.nunique() == len(values)
        and values.max() - values.min() == len(values) - 1
        and (values == values.round()).all()
    )


def describe_schema(schema: list[Column]) -> str:
    """Return one line that says how many columns of each kind were recognised."""
    kinds = [column.kind for column in schema]
    named = {"number": "numbers", "yes/no": "yes/no", "category": "categories"}
    return ", ".join(f"{kinds.count(k)} {words}" for k, words in named.items() if k in kinds)

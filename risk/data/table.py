"""From a user's own file to a checked table of pupils, one row each; or a sentence on what to mend."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from mlcore.checks import plural
from risk.data.columns import Column, Condition, looks_like_counter, recognise, yes_no_words
from risk.data.numerals import plain_number
from risk.data.reading import DataError, RawTable
from risk.data.roles import (
    Roles,
    check_features,
    check_ids,
    cohort_of,
    left_of,
    need_columns,
    suggestion,
)

LEAST_ROWS, LEAST_OF_EACH = 30, 10
MOST_GROUPS = 20
LEFT_OUT = "was left out"
REPEATS = "Remove one of them, or keep a pupil's rows together with --split pupil."
YEARS = "If they are of different school years, name that column with --cohort."


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
    cohort: pd.Series | None = None  # the school year each row is of; they sort in time
    group: pd.Series | None = None  # the school or class each row is of
    cluster: pd.Series | None = None  # whose pupils are alike, where that is not the group
    prior: str | None = None  # the feature that is last year's score
    rule: tuple[Condition, ...] = ()  # the districts' rule: how many of these are true
    not_recorded: pd.Series | None = None  # True where something of the pupil was not recorded

    @property
    def alike(self) -> pd.Series | None:
        """The class or school of each row, whose pupils scatter together; None if not known."""
        return self.group if self.cluster is None else self.cluster


def read_target(
    raw: RawTable, target: str, below: float | None, positive: str | None
) -> tuple[pd.Series, str, str | None]:
    """Return 1.0 at risk, 0.0 not, NaN unknown; what at risk means, in words; and a note."""
    need_columns(raw, [target], "--target")
    cells = raw.cells(target)
    if cells.isna().all():
        raise DataError(f"{raw.name}: the target column {target!r} has no values at all.")
    if below is not None:
        at_risk, note = below_cut(raw, target, below)
        meaning = f"{target} below {below:g}"
    else:
        note = None
        if positive is None:
            positive = default_positive(raw, target)
            note = f"At risk was taken to mean that {target} is {positive}: else give --positive."
        at_risk, meaning = equal_to(raw, target, positive), f"{target} is {positive}"
    counts = at_risk.value_counts()
    if len(counts) < 2:
        everyone = "every" if 1.0 in counts.index else "no"
        seen = f" (note: {note})" if note else ""
        raise DataError(
            f"{raw.name}: {everyone} pupil with a known {target!r} is at risk ({meaning}), but "
            f"both kinds are needed to learn from. Check the target column and the cut.{seen}"
        )
    return at_risk.rename("at_risk"), meaning, note


def below_cut(raw: RawTable, target: str, below: float) -> tuple[pd.Series, str | None]:
    """Return where a target of numbers lies below the cut, and a note on how they were read."""
    values, _, note = raw.numbers(target)
    wrong = raw.unread(target, values)
    if wrong:
        raise DataError(
            f"{raw.name}, line {wrong[0]}: the target {target!r} holds {wrong[1]!r}, but "
            "--at-risk-below needs numbers. Mend or empty the cell, or use --positive VALUE."
        )
    return (values < below).astype(float).where(values.notna()), note


def equal_to(raw: RawTable, target: str, value: str) -> pd.Series:
    """Return where the target equals a value, as text in any case, or as a number."""
    cells = raw.cells(target)
    numbers, comma, _ = raw.numbers(target)
    number = plain_number(value, comma)
    text = cells.map(lambda t: t is not None and t.lower() == value.strip().lower()).astype(bool)
    same = text if number is None else text | (numbers == number)
    if not same.any():
        listed = ", ".join(repr(v) for v in list(cells.dropna().unique())[:10])
        raise DataError(
            f"{raw.name}: no row has {value!r} in the target {target!r}, which holds "
            f"{listed}. Give one of them as --positive."
        )
    return same.astype(float).where(cells.notna())


def default_positive(raw: RawTable, target: str) -> str:
    """Return what means at risk in a target of yes and no; DataError if that is not plain."""
    known = raw.cells(target).dropna()
    words = yes_no_words(known)
    if words:
        return words[0]
    if set(raw.numbers(target)[0].dropna().unique()) == {0.0, 1.0}:
        return "1"
    if known.nunique() == 1:
        raise DataError(
            f"{raw.name}: the target {target!r} is {known.iloc[0]!r} in every row. A target needs "
            "pupils of both kinds."
        )
    raise DataError(
        f"{raw.name}: what is at risk in {target!r} is not said. Give --at-risk-below NUMBER (for "
        f"a score) or --positive VALUE (for a label, such as {known.iloc[0]!r})."
    )


def pupil_table(raw: RawTable, roles: Roles) -> PupilTable:
    """Return the user's own table, checked and typed; DataError says what to mend.

    With school years the list is about the latest one: it alone can still be helped.
    """
    roles.check(raw)
    at_risk, meaning, note = read_target(raw, roles.target, roles.below, roles.positive)
    gone = pd.Series(False, index=raw.frame.index)
    if roles.left is not None:
        gone = left_of(raw, roles.left)
        at_risk = at_risk.where(~gone)
    cohort = None if roles.cohort is None else cohort_of(raw, roles.cohort)
    advice = f"{REPEATS} {YEARS}" if cohort is None else REPEATS
    ids = check_ids(raw, roles.id_column, cohort, may_repeat=roles.may_repeat, advice=advice)
    check_enough(at_risk, raw.name)
    notes = [*raw.notes, *([note] if note else [])]
    schema, columns, audited = typed_columns(raw, roles, at_risk, notes)
    check_features(roles, raw, schema)
    listed = ~gone
    if cohort is not None:
        listed &= cohort == cohort.max()
    if not listed.any():
        raise DataError(f"{raw.name}: every pupil the list would be about has left ({roles.left}).")
    if roles.left is not None:
        notes.append(
            f"{plural(int(gone.sum()), 'row')} of pupils who left ({roles.left}): neither learnt "
            "from nor on the list."
        )
    notes += outcomes_unknown(at_risk[~gone], listed[~gone], roles.target)
    if cohort is not None:
        notes.append(f"The list is about the pupils of the latest {roles.cohort}, {cohort.max()}.")
    hint = suggestion(raw, roles)
    notes += [hint] if hint else []
    return PupilTable(
        source=raw.name,
        ids=ids,
        features=pd.DataFrame(columns, index=raw.frame.index),
        schema=schema,
        at_risk=at_risk,
        protected=pd.DataFrame(audited, index=raw.frame.index),
        meaning=meaning,
        listed=listed,
        id_name=roles.id_column,
        notes=notes,
        cohort=cohort,
        group=None if roles.group is None else raw.cells(roles.group).rename(roles.group),
        prior=roles.prior,
        rule=roles.rule,
    )


def outcomes_unknown(at_risk: pd.Series, listed: pd.Series, target: str) -> list[str]:
    """Return what becomes of the rows whose outcome is not known: notes on those listed, and others."""
    scored, passed = int((at_risk.isna() & listed).sum()), int((at_risk.isna() & ~listed).sum())
    notes = []
    if scored:
        notes.append(
            f"{plural(scored, 'row')} without {target}: not learnt from, but scored as pupils whose "
            "outcome is not known yet. Leave pupils who have left out of the file, or they are listed."
        )
    if passed:
        notes.append(f"{plural(passed, 'row')} of earlier years without {target} left out.")
    return notes


def typed_columns(
    raw: RawTable, roles: Roles, at_risk: pd.Series, notes: list[str]
) -> tuple[list[Column], dict[str, pd.Series], dict[str, pd.Series]]:
    """Return the columns to learn from, their values, and the groups to audit by; adds notes."""
    schema: list[Column] = []
    columns: dict[str, pd.Series] = {}
    audited: dict[str, pd.Series] = {}
    for name in raw.frame.columns:
        if name in roles.not_learnt and name not in roles.protected:
            continue
        column, values, note = recognise(raw, name, as_category=name in roles.categories)
        if name in roles.protected:
            audited[name] = groups_of(raw, column, values, name)
            if not roles.use_protected or name in roles.not_learnt:
                continue
        note = useless(name, column, values, values[at_risk.notna()]) or note
        if note:
            notes.append(note)
        if column is not None and not (note and LEFT_OUT in note):
            schema.append(column)
            columns[name] = values
    if not schema:
        why = f" ({' '.join(notes)})" if notes else ""
        raise DataError(
            f"{raw.name} has no column to learn from besides {roles.target!r}{why}. "
            "Add one that is known before the outcome, or drop fewer."
        )
    return schema, columns, audited


def useless(name: str, column: Column | None, values: pd.Series, known: pd.Series) -> str | None:
    """Return why a column cannot be learnt from, or None."""
    if column is None:
        return None
    if known.nunique() < 2:
        return f"{name} {LEFT_OUT}: it does not vary where the outcome is known."
    if column.kind == "number" and looks_like_counter(values):
        return f"{name} {LEFT_OUT}: it only numbers the rows."
    return None


def groups_of(raw: RawTable, column: Column | None, values: pd.Series, name: str) -> pd.Series:
    """Return a protected column's groups: numbers as they are, anything else in words."""
    if column is not None and column.kind == "number":
        return values
    if values.nunique() > MOST_GROUPS:
        raise DataError(
            f"{raw.name}: the protected column {name!r} has {values.nunique()} different values, "
            f"but at most {MOST_GROUPS} groups can be compared. Leave it out with --drop."
        )
    return values if column is None else values.map(column.show)


def check_enough(at_risk: pd.Series, source: str) -> None:
    """Raise DataError unless enough outcomes are known to learn from and to test on."""
    positives, negatives = int((at_risk == 1).sum()), int((at_risk == 0).sum())
    if positives + negatives < LEAST_ROWS or min(positives, negatives) < LEAST_OF_EACH:
        raise DataError(
            f"{source}: {plural(positives + negatives, 'row')} with a known outcome, {positives} at "
            f"risk and {negatives} not, but at least {LEAST_ROWS} rows and {LEAST_OF_EACH} of each "
            "kind are needed to learn and to test what was learnt. Add pupils of earlier years."
        )

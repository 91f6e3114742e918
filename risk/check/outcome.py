"""Who is at risk in the table to check, as far as the target and the options say.

Notation: n rows.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray
from risk.check.findings import Finding, quoted
from risk.check.variables import Variable
from risk.data.reading import DataError, RawTable
from risk.data.table import read_target


def outcome_of(
    raw: RawTable, target: Variable, below: float | None, positive: str | None
) -> tuple[FloatArray | None, list[Finding]]:
    """Return 1 at risk, 0 not, NaN unknown (n,), or None where that is not said; and findings.

    Without a cut, a target of numbers has the usual one. DataError where what was asked for cannot be.
    """
    name, told = target.name, []
    asked = below is not None or positive is not None
    if target.missing.any():
        blank = f"the outcome of {int(target.missing.sum())} of {len(target.codes)} rows is blank."
        mend = "Nothing need be done, if it is not known yet. It should be blank for pupils who left, too."
        told.append(Finding("note", "outcome unknown", blank, mend, name))
    if not asked and target.kind == "number":
        below, named = usual_cut(target.values)
        sentence = f"no cut was given: for the leak probe, at risk is {named}."
        told.append(Finding("note", "cut", sentence, "Give --at-risk-below NUMBER.", name))
    if target.strange.any():  # said already; the others can be judged
        y = np.where(np.isnan(target.values), np.nan, target.values < (below or 0.0))
        return (y if below is not None else None), told
    try:
        at_risk, meaning, _ = read_target(raw, name, below, positive)
    except DataError as error:
        if asked:
            raise
        sentence, mend = (
            f"the leaks were not looked for: {error}",
            f"Say what is at risk in {quoted(name)}.",
        )
        return None, [*told, Finding("look", "target", sentence, mend, name, weight=5)]
    sentence = f"at risk was taken to mean: {meaning}."
    told.append(Finding("note", "meaning", sentence, "Else say so."))
    return at_risk.to_numpy(dtype=np.float64), told


def usual_cut(values: FloatArray) -> tuple[float, str]:
    """Return a cut of numbers, and its name: the median, where a probe of leaks sees most.

    The mean where nothing lies below the median.

    >>> usual_cut(np.array([1.0, 2.0, 9.0])), usual_cut(np.array([0.0, 0.0, 3.0]))
    ((2.0, 'below 2, the median'), (1.0, 'below 1, the mean'))
    """
    middle = float(np.nanmedian(values))
    if (values < middle).any():
        return middle, f"below {middle:g}, the median"
    middle = float(np.nanmean(values))
    return middle, f"below {middle:g}, the mean"

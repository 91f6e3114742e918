"""Figures set beside their references, each kind with its own rule for how near is near enough.

Whoever wants to be compared gives figures in the shape of ``Entry.expected``; what has no rule is
context, and what is missing disagrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.rules import Rule, rules_of
from benchmarks.numbers.samples import compare_samples

# Inside the figures of a topic: what went in, not what came out.
CONTEXT = {
    "numerics": {"z"},
    "separable": {"learning_rate", "loss"},
    "metrics_probability": {"bin_edges"},
}
CHOICE, ABSENT = "choice", "absent"  # measures of what was not compared: ours differs, or no data


class Comparison(NamedTuple):
    """The largest difference of the figures of one name, in the measure of their rule.

    Where nothing was compared, ``what`` says why and the measure is CHOICE or ABSENT.
    """

    what: str
    difference: float
    tolerance: float
    measure: str
    n: int

    @property
    def agrees(self) -> bool:
        """Whether no figure lies further away than allowed; one that is nan or missing does."""
        return self.difference <= self.tolerance

    @property
    def share(self) -> float:
        """Return the difference as a share of what is allowed, inf where nothing was."""
        if self.difference == 0:
            return 0.0
        if np.isnan(self.difference) or not self.tolerance:
            return np.inf
        return self.difference / self.tolerance


def compare(entry: Entry, figures: Any) -> list[Comparison]:
    """Return a comparison for each kind of figure that has a rule; a missing figure is nan."""
    if entry.topic == "published":
        return _compare_printed(entry, figures)
    if entry.topic == "random_forest":
        rows = compare_samples(entry.expected, figures, entry.tolerance["n_means"])
        return [Comparison(*row) for row in rows]
    rules = rules_of(entry)
    context = CONTEXT.get(entry.topic, set())
    ours = dict(_leaves(_with_derived(figures)))
    pairs: dict[str, list[tuple[Any, Any]]] = {}
    for path, reference in _leaves(_with_derived(entry.expected)):
        what = path[0] if isinstance(path[0], str) else path[-1]
        if what in rules and path[-1] not in context:
            pairs.setdefault(what, []).append((ours.get(path), reference))
    return [_measured(what, rules[what], found) for what, found in pairs.items()]


def _with_derived(figures: Any) -> Any:
    """Return the figures with those that are better compared in another form.

    A small p-value multiplies an error of its z by z², its logarithm does not; a covariance near 0
    has no digits of its own, but it has as a correlation.
    """
    if not isinstance(figures, dict):
        return figures
    derived: dict[str, Any] = {}
    if "coef" in figures:
        derived["zeros"] = np.equal(figures["coef"], 0.0).astype(float)
    if "p" in figures:
        derived["log p"] = np.log(figures["p"])
    if "vcov" in figures:
        derived["correlation"] = figures["vcov"] / np.outer(figures["se"], figures["se"])
    return figures | derived


def _leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield (path, value) of what is neither a dictionary nor a list of dictionaries."""
    branches: Iterable[tuple[Any, Any]]
    if isinstance(tree, dict):
        branches = tree.items()
    elif isinstance(tree, list) and tree and isinstance(tree[0], dict):
        branches = enumerate(tree)
    else:
        yield path, tree
        return
    for key, branch in branches:
        yield from _leaves(branch, (*path, key))


def _measured(what: str, rule: Rule, pairs: list[tuple[Any, Any]]) -> Comparison:
    worst = float(np.max([_difference(ours, b, rule) for ours, b in pairs]))
    n = sum(np.size(b) for _, b in pairs)
    if rule.relative:
        return Comparison(what, worst, rule.relative, "relative", n)
    return Comparison(what, worst, rule.absolute, "absolute", n)


def _difference(ours: Any, reference: Any, rule: Rule) -> float:
    """Return the largest difference; of texts, whether they begin otherwise up to a colon."""
    if ours is None:
        return np.nan
    if isinstance(reference, str):
        return float(str(ours).partition(":")[0] != reference.partition(":")[0])
    a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    if a.shape != b.shape:
        return np.nan
    with np.errstate(invalid="ignore"):  # inf - inf
        gap = np.abs(a - b)
        if rule.relative:
            gap = gap / np.maximum(np.abs(b), max(rule.absolute / rule.relative, 5e-324))
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return float(np.where(same, 0.0, gap).max(initial=0.0))


def _compare_printed(entry: Entry, figures: dict[str, float]) -> list[Comparison]:
    """Compare with printed decimals: half a unit of the last one may be lost.

    R computes standard errors with the weights of the last step but one, so that they and what is
    divided by them may be a whole unit off. Where its columns are ``padded`` the zeros at the end
    are no decimals. Nobody's sixteenth decimal is sure.
    """
    found: dict[str, list[float]] = {}
    for row in entry.expected:
        decimals = row["published"].partition(".")[2]
        if entry.params.get("padded"):
            decimals = decimals.rstrip("0")
        unit = max(10.0 ** -len(decimals), 1e-12)
        ours = figures.get(row["quantity"].removesuffix(" (8 digits)"), np.nan)
        what = "se and z" if row["quantity"].startswith(("se ", "z ")) else "estimates"
        found.setdefault(what, []).append(abs(ours - float(row["published"])) / unit)
    return [
        Comparison(what, float(np.max(gaps)), allowed, "units", len(gaps))
        for what, allowed in (("estimates", 0.5), ("se and z", 1.0))
        if (gaps := found.get(what))
    ]

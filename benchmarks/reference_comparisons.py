"""Figures set beside their references, each kind with its own rule for how near is near enough.

Whoever wants to be compared gives figures in the shape of ``Entry.expected``; what has no rule is
context, and what is missing disagrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks.reference_entries import Entry
from benchmarks.reference_samples import compare_samples

# Inside the figures: what went in, not what came out.
CONTEXT = {"z", "learning_rate", "loss"}

# Odd data on which features tie: scikit-learn takes one at random, ours is the first.
UNDECIDED = {"xor_zero_gain", "two_identical_columns"}


class Rule(NamedTuple):
    """How far a figure may lie from its reference b: relative * |b|, and at least absolute."""

    relative: float
    absolute: float


class Comparison(NamedTuple):
    """The largest difference of the figures of one name, in the measure of their rule."""

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
    ours = dict(_leaves(_with_derived(figures)))
    pairs: dict[str, list[tuple[Any, Any]]] = {}
    for path, reference in _leaves(_with_derived(entry.expected)):
        what = path[0] if isinstance(path[0], str) else path[-1]
        if what in rules and path[-1] not in CONTEXT:
            pairs.setdefault(what, []).append((ours.get(path, np.nan), reference))
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
    if isinstance(reference, str):
        return float(str(ours).partition(":")[0] != reference.partition(":")[0])
    a, b = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    if a.shape != b.shape:
        return np.nan
    gap = np.where(a == b, 0.0, np.abs(a - b))
    if rule.relative:
        gap = gap / np.maximum(np.abs(b), max(rule.absolute / rule.relative, 5e-324))
    return float(gap.max())


def _compare_printed(entry: Entry, figures: dict[str, float]) -> list[Comparison]:
    """Compare with printed decimals: half a unit of the last one may be lost.

    R computes standard errors with the weights of the last step but one, so that they and what is
    divided by them may be a whole unit off.
    """
    found: dict[str, list[float]] = {}
    for row in entry.expected:
        unit = 10.0 ** -len(row["published"].partition(".")[2])
        ours = figures.get(row["quantity"].removesuffix(" (8 digits)"), np.nan)
        what = "se and z" if row["quantity"].startswith(("se ", "z ")) else "estimates"
        found.setdefault(what, []).append(abs(ours - float(row["published"])) / unit)
    return [
        Comparison(what, float(np.max(gaps)), allowed, "units", len(gaps))
        for what, allowed in (("estimates", 0.5), ("se and z", 1.0))
        if (gaps := found.get(what))
    ]


def rules_of(entry: Entry) -> dict[str, Rule]:
    """Return the rule of each kind of figure; kinds without one are context."""
    return RULES[entry.topic](entry, entry.tolerance)


def _unpenalised(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    allowed = tolerance["newton_or_irls"]
    deviance = Rule(allowed["deviance_rtol"], 0.0)
    if not entry.dataset["features"]:  # LogisticRegression wants a column; inference knows this one
        return {"null_deviance": deviance}
    error, probability = Rule(allowed["se_rtol"], 0.0), Rule(0.0, allowed["fitted_atol"])
    return {
        "coef": Rule(allowed["coef_rtol"], 0.0),
        **dict.fromkeys(("se", "z", "log p"), error),
        "correlation": Rule(0.0, allowed["se_rtol"]),
        **dict.fromkeys(("loglik", "deviance", "null_deviance", "aic", "mean_log_loss"), deviance),
        "df_resid": Rule(0.0, 0.0),
        **dict.fromkeys(("fitted", "prob_first_3"), probability),
    }


def _penalised(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    near, probability = Rule(0.0, tolerance["coef_atol"]), Rule(0.0, tolerance["prob_atol"])
    zeros = dict.fromkeys(("zeros", "n_zero"), Rule(0.0, 0.0))
    return {
        **dict.fromkeys(("coef", "intercept", "intercept_centered"), near),
        **(zeros if entry.params["l1_ratio"] > 0 else {}),
        "objective": Rule(tolerance["objective_rtol"], 0.0),
        **dict.fromkeys(("prob_first_30", "prob_first_3"), probability),
    }


def _multinomial(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    if "newton" not in tolerance:
        return _penalised(entry, tolerance)
    near, deviance = Rule(tolerance["newton"]["coef_rtol"], 0.0), Rule(1e-10, 0.0)
    probability = Rule(0.0, tolerance["newton"]["prob_atol"])
    return {
        **dict.fromkeys(("coef_vs_class0", "se"), near),
        **dict.fromkeys(("deviance", "aic", "mean_log_loss"), deviance),
        **dict.fromkeys(("prob_first_30", "prob_first_3"), probability),
    }


def _gd_trace(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    rule = Rule(tolerance["rtol"], tolerance["atol"])
    return dict.fromkeys(("loss_before_step_t", "params_after_t_steps"), rule)


def _separable(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    if tolerance == "behaviour":
        return {"sklearn": Rule(0.0, 0.0)}
    rules = {"mle_exists": Rule(0.0, 0.0), "l2_path_by_C": Rule(0.0, tolerance["l2_coef_atol"])}
    if "gd_coef_rtol" in tolerance:
        # At least as near to 0 as to 1: the intercept of symmetric data is 0 but for rounding.
        rules["gd_from_zero"] = Rule(tolerance["gd_coef_rtol"], tolerance["gd_coef_rtol"])
    return rules


def _numerics(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    names = ("sigmoid", "log_sigmoid", "log_one_minus_sigmoid", "softmax", "log_softmax")
    return dict.fromkeys((*names, "logsumexp"), Rule(tolerance["rtol"], tolerance["atol"]))


def _tree_structure(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    exact, near = Rule(0.0, 0.0), Rule(0.0, 1e-9)
    return {
        **dict.fromkeys(("node_count", "n_leaves", "depth", "left", "right", "n"), exact),
        **dict.fromkeys(("feature", "apply_first_40"), exact),
        "threshold": Rule(1e-6, 1e-6),  # scikit-learn rounds X to float32
        "w": Rule(1e-12, 0.0),
        "impurity": Rule(0.0, tolerance["impurity_atol"]),
        "value": Rule(0.0, tolerance["value_atol"]),
        **dict.fromkeys(("weighted_impurity_decrease", "feature_importances"), near),
        "train_score": Rule(0.0, 1e-12),
    }


def _root_split(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    gain = Rule(tolerance["gain_rtol"], 1e-12)  # a gain of 0 is one but for rounding
    names = ("root_impurity", "best_gain_normalised", "best_gain_per_feature_normalised")
    return {**dict.fromkeys(names, gain), "is_best": Rule(0.0, 0.0)}


def _edge_cases(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    exact = Rule(0.0, 0.0)
    rules = {
        **dict.fromkeys(("node_count", "n", "feature", "is_best"), exact),
        "same_splits_and_values": exact,
        "threshold": Rule(1e-6, 1e-6),
        **dict.fromkeys(("impurity", "value", "pred"), Rule(0.0, 1e-9)),
    }
    if entry.id in UNDECIDED:
        del rules["feature"]
    return rules


RULES = {
    "unpenalised": _unpenalised,
    "penalised": _penalised,
    "multinomial": _multinomial,
    "gd_trace": _gd_trace,
    "separable": _separable,
    "numerics": _numerics,
    "tree_structure": _tree_structure,
    "tree_root_split": _root_split,
    "tree_edge_cases": _edge_cases,
}

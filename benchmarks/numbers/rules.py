"""How near to its reference a figure must lie, kind by kind: a rule for each name of a topic.

Kinds of figures without a rule are context: they say how a reference was made.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from benchmarks.numbers.entries import Entry

# Odd data on which features tie: scikit-learn takes one at random, ours is the first.
UNDECIDED = {"xor_zero_gain", "two_identical_columns"}


class Rule(NamedTuple):
    """How far a figure may lie from its reference b: relative * |b|, and at least absolute."""

    relative: float
    absolute: float


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


def _pruning(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    near, exact = Rule(tolerance["ccp_alphas_atol"], tolerance["ccp_alphas_atol"]), Rule(0.0, 0.0)
    return {
        **dict.fromkeys(("ccp_alphas", "impurities"), near),
        **dict.fromkeys(("n_leaves", "depth"), exact),
        "train_score": Rule(0.0, 1e-12),
        "splits": Rule(1e-6, 1e-6),
    }


def _metric(entry: Entry, tolerance: Any) -> dict[str, Rule]:
    """Return one rule for all: as near as rounding lets it, to a share of what is above 1."""
    near = tolerance.get("atol", tolerance.get("rtol"))
    return dict.fromkeys(entry.expected, Rule(near, near))


METRICS = ("labels", "probability", "ranking", "regression", "delong_paired")
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
    "tree_ccp_path_sklearn": _pruning,
    **{f"metrics_{name}": _metric for name in METRICS},
}

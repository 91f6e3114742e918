"""What several sections say: which rows a table has, how good the list's rival is, what is simulated."""

from __future__ import annotations

from mlcore.checks import FloatArray
from risk.evaluation.comparison import Difference
from risk.evaluation.figures import Evaluation
from risk.pipeline import Result
from risk.text import in_a_sentence, joined

LESS_IS_BETTER = ("brier", "log_loss")


def outcomes(result: Result) -> FloatArray:
    """Return the outcomes (n,) of the pupils the list's model was tested on."""
    return result.at_risk[result.best.tested]


def base_rate(result: Result) -> float:
    """Return the share of the tested pupils who were at risk: what a random list would have."""
    return float(outcomes(result).mean())


def everything(result: Result) -> list[Evaluation]:
    """Return all that was evaluated, as tables have it: baselines, models, and the oracle if known."""
    oracle = [result.oracle] if result.oracle else []
    return [*result.baselines.values(), *result.evaluations.values(), *oracle]


def title_of(result: Result, name: str) -> str:
    """Return what a name of the differences stands for, in the middle of a sentence."""
    if name in result.baselines:
        return in_a_sentence(result.baselines[name].title)
    found = result.evaluations.get(name, result.oracle)
    return f"the {in_a_sentence(found.title)}" if found else name


def advantage(difference: Difference) -> tuple[float, float, float]:
    """Return how much better the list's model is than the other, and the interval's two ends."""
    sign = 1.0 if difference.figure in LESS_IS_BETTER else -1.0
    low, high = sorted(sign * end for end in difference.interval)
    return sign * difference.value, low, high


def not_beaten(result: Result) -> list[str]:
    """Return the titles of the baselines that the list's model does not rank clearly better than."""
    return [
        title_of(result, d.name)
        for d in result.differences
        if d.figure == "auc"
        and d.name in result.baselines
        and not (d.differs and advantage(d)[0] > 0)
    ]


def no_better(result: Result) -> str:
    """Return the caution that something simpler may do as well, or ""."""
    weak = not_beaten(result)
    if not weak:
        return ""
    return (
        f"The list does not rank pupils clearly better than {joined(weak, 'or')} would. What is "
        "simpler to explain may serve as well."
    )


def rule_in_words(result: Result) -> str:
    """Return whom the list marks."""
    if result.settings.cost is None:
        return f"as many as can be seen ({result.settings.capacity})"
    return (
        f"all for whom a talk pays, if a missed pupil counts as much as {result.settings.cost} talks "
        "in vain"
    )


def is_simulated(result: Result) -> bool:
    """Return whether the pupils are made up: then the true risks are known, or the source says so."""
    return result.oracle is not None or result.table.source.startswith("a simulated")

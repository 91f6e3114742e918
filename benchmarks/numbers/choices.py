"""Where trusted tools disagree with each other: what, why, and which of them ours follows."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """One disagreement: of what, who does what, and what ours does."""

    what: str
    others: str
    ours: str


CHOICES = (
    Choice(
        "standard errors",
        "R's glm takes the weights of the last step but one: off by up to 1e-4",
        "those at the optimum",
    ),
    Choice(
        "penalty",
        "scikit-learn's C goes with a sum of losses, glmnet's lambda with their mean",
        "the mean: alpha = 1 / (C Σw), on the columns as given",
    ),
    Choice("intercept", "liblinear penalises it, all others do not", "never penalised"),
    Choice(
        "softmax",
        "scikit-learn and glmnet penalise k rows of coefficients, nnet and MNLogit k - 1",
        "k rows",
    ),
    Choice(
        "separated classes",
        "scikit-learn stops somewhere and is silent, glm and statsmodels may warn",
        "a warning that names the columns",
    ),
    Choice("AIC with weights", "R rounds weights inside it", "weights as they are"),
    Choice(
        "tied splits",
        "scikit-learn takes one at random, rpart the first column",
        "the first column, then the lowest threshold",
    ),
    Choice("a value on a threshold", "rpart: x < t is left; scikit-learn: x <= t", "x <= t"),
    Choice("precision of X", "scikit-learn's trees round it to float32", "float64"),
    Choice("entropy", "rpart in nats, scikit-learn in bits", "bits"),
    Choice(
        "pruning classes",
        "rpart and Breiman et al. by misclassification, scikit-learn by impurity",
        "impurity",
    ),
    Choice(
        "surrogates under priors",
        "rpart counts rows",
        "their weights, which stand for the priors",
    ),
    Choice(
        "small leaves of forests",
        "R counts a row as often as it was drawn, scikit-learn once",
        "once",
    ),
    Choice(
        "votes of forests",
        "R's trees vote with one class each, scikit-learn's with their shares",
        "their shares",
    ),
    Choice(
        "drawn features all constant",
        "R makes the node a leaf, scikit-learn looks for one that splits",
        "looks on",
    ),
    Choice(
        "log loss of a certain mistake",
        "infinite; 36.04 where scikit-learn cuts probabilities at 2.2e-16",
        "36.04",
    ),
    Choice(
        "0 / 0 in metrics",
        "scikit-learn 1.9: nan, 0 or zero_division, with a warning; older ones raise",
        "as 1.9",
    ),
    Choice(
        "area under precision and recall",
        "a sum of steps (average precision), or trapezia, which flatter",
        "the sum; auc(recall, precision) is the other",
    ),
    Choice(
        "direction of a ranking",
        "pROC turns a score round that ranks the wrong way",
        "never turned",
    ),
    Choice(
        "Brier score of k classes",
        "a sum over the classes (0 to 2), or half of it",
        "scale_by_half, as scikit-learn 1.9",
    ),
)


def lines() -> list[str]:
    """Return the choices, two lines each."""
    return [
        line
        for choice in CHOICES
        for line in (f"  {choice.what}: {choice.others}.", f"    Ours: {choice.ours}.")
    ]

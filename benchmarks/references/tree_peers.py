"""Make the figures of trees and forests anew by scikit-learn:
python -m benchmarks.references.tree_peers

They are those of trees.json, pruning.json and forests.json, and the published trees of scikit-learn.
Needs the ``bench`` extra. Prints how far each entry is from its frozen figures; exits with 1 if one
is too far. The forests are compared as ours are, over the same seeds that the references were made
with, so that the same version agrees to the last digit.
"""

from __future__ import annotations

import sys
from typing import Any

try:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
except ImportError as error:
    raise SystemExit(f'{error}: get it by pip install -e ".[bench]".') from None

from benchmarks.numbers import forests, pruning, published, trees
from benchmarks.numbers.checks import Results, agrees, check, show
from benchmarks.numbers.entries import FROZEN, Entry, load, load_all

TREES = trees.Kinds(DecisionTreeClassifier, DecisionTreeRegressor)
FORESTS = forests.Kinds(RandomForestClassifier, RandomForestRegressor, "estimators_")


def figures_of(entry: Entry) -> dict[str, Any]:
    """Return scikit-learn's figures of an entry."""
    if entry.topic == "random_forest":
        return forests.forests(entry, FORESTS)
    if entry.topic == "published":
        return published.MODELS[entry.params["model"]](entry, DecisionTreeClassifier)
    return TREE_FIGURES[entry.topic](entry, TREES)


TREE_FIGURES = {
    "tree_structure": trees.structure,
    "tree_root_split": trees.root_split,
    "tree_edge_cases": trees.edge_cases,
    "tree_ccp_path_sklearn": pruning.path,
}


def results() -> Results:
    """Return the comparisons of every frozen entry that scikit-learn can make anew."""
    tables = [e for e in load(FROZEN, "published") if e.params["model"] in ("ccp", "carseats")]
    entries = load_all(FROZEN, ["trees", "pruning", "forests"]) + tables
    return [(entry, check(entry, figures_of)) for entry in entries]


def main() -> int:
    """Print the table."""
    found = results()
    print(show(found))
    return 0 if all(agrees(comparisons) for _, comparisons in found) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Make the figures of trees.json and forests.json anew by scikit-learn:
python -m benchmarks.references.tree_peers

Needs the ``bench`` extra. Prints how far each entry is from its frozen figures; exits with 1 if one
is too far. The forests are compared as ours are, over the same seeds that the references were made
with, so that the same version agrees to the last digit.
"""

from __future__ import annotations

import sys
from typing import Any

from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from benchmarks import reference_forests, reference_trees
from benchmarks.reference_entries import FROZEN, Entry, load_all
from benchmarks.reference_numbers import agrees, check, show

TREES = reference_trees.Kinds(DecisionTreeClassifier, DecisionTreeRegressor)
FORESTS = reference_forests.Kinds(RandomForestClassifier, RandomForestRegressor, "estimators_")


def figures_of(entry: Entry) -> dict[str, Any]:
    """Return scikit-learn's figures of an entry."""
    if entry.topic == "random_forest":
        return reference_forests.forests(entry, FORESTS)
    return TREE_FIGURES[entry.topic](entry, TREES)


TREE_FIGURES = {
    "tree_structure": reference_trees.structure,
    "tree_root_split": reference_trees.root_split,
    "tree_edge_cases": reference_trees.edge_cases,
}


def main() -> int:
    """Print the table."""
    entries = load_all(FROZEN, ["trees", "forests"])
    results = [(entry, check(entry, figures_of)) for entry in entries]
    print(show(results))
    return 0 if all(agrees(found) for _, found in results) else 1


if __name__ == "__main__":
    sys.exit(main())

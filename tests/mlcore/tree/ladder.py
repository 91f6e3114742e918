"""A tree as deep as one likes, made by hand."""

import numpy as np

from mlcore import DecisionTreeClassifier


def ladder(depth):
    """A classifier of so many levels, a leaf on the left of each: rows 0..depth, the last a "b"."""
    model = DecisionTreeClassifier().fit([[0.0], [1.0]], ["a", "b"])
    inner = np.arange(depth)
    m = 2 * depth + 1
    tree = model.tree_
    tree.children_left = np.full(m, -1)
    tree.children_right = np.full(m, -1)
    tree.feature, tree.threshold = np.full(m, -2), np.full(m, -2.0)
    splits = np.concatenate([[0], 2 * inner[1:]])  # the right child of each level splits again
    tree.children_left[splits], tree.children_right[splits] = 2 * inner + 1, 2 * inner + 2
    tree.feature[splits], tree.threshold[splits] = 0, inner + 0.5
    tree.impurity = np.zeros(m)
    tree.n_node_samples = np.ones(m, dtype=np.int64)
    tree.n_node_samples[splits] = depth + 1 - inner
    tree.weighted_n_node_samples = tree.n_node_samples.astype(float)
    tree.value = np.tile([1.0, 0.0], (m, 1))
    tree.value[-1] = [0.0, 1.0]
    for level in inner[::-1].tolist():  # a split's shares are those of the rows below it
        n = depth + 1 - level
        tree.value[splits[level]] = [(n - 1) / n, 1 / n]
    return model

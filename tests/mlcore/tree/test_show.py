"""Trees in words."""

import pytest

from mlcore import DecisionTreeClassifier, export_text


def test_rules_of_a_stump():
    model = DecisionTreeClassifier().fit([[1.0, 0], [2.0, 0], [4.0, 1]], ["a", "a", "b"])
    assert export_text(model).splitlines() == [
        "|--- feature_0 <= 3.00",
        "|   |--- class: a (100 % of 2)",
        "|--- feature_0 > 3.00",
        "|   |--- class: b (100 % of 1)",
    ]


def test_wrong_number_of_names_is_said():
    model = DecisionTreeClassifier().fit([[1.0, 0], [2.0, 0]], [0, 1])
    with pytest.raises(ValueError, match="1 names, but 2"):
        export_text(model, ["only one"])

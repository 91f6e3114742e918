"""Trees and forests beside frozen references, and what a wrong number does."""

import copy
import dataclasses
import json
import math
import shutil

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.numbers import checks, command, forests, samples
from benchmarks.numbers.checks import agrees, check, describe
from benchmarks.numbers.comparisons import compare
from benchmarks.numbers.entries import FROZEN, load
from benchmarks.numbers.nodes import flat, preorder
from benchmarks.numbers.trees import structure
from mlcore import DecisionTreeClassifier
from tests.benchmarks.checked import checked

TREES = load(FROZEN, "trees")
(WINE,) = [entry for entry in load(FROZEN, "forests") if "wine" in entry.id]
STRUCTURE = next(e for e in TREES if e.id.endswith("gini__max_depth=3"))
ROOT = next(e for e in TREES if e.topic == "tree_root_split")
EDGE = next(e for e in TREES if e.id == "full_depth_1d_gini")


@pytest.mark.parametrize("entry", TREES, ids=lambda entry: entry.name)
def test_every_number_agrees(entry):
    found = checked(entry)
    assert agrees(found), describe(entry, found)


def test_every_kind_of_limit_is_among_them():
    limits = {name for entry in TREES for name in entry.params}
    assert limits == {
        "criterion", "max_depth", "min_samples_split", "min_samples_leaf", "max_leaf_nodes",
        "min_weight_fraction_leaf", "min_impurity_decrease", "class_weight",
    }  # fmt: skip
    assert {entry.params.get("criterion") for entry in TREES} >= {
        "gini",
        "entropy",
        "squared_error",
    }


def shifted(entry, name, by):
    expected = copy.deepcopy(entry.expected)
    values = np.array(expected[name], dtype=float)
    values.flat[-1] += by
    return dataclasses.replace(entry, expected=expected | {name: values.tolist()})


@pytest.mark.parametrize(
    ("entry", "name", "by"),
    [
        *((STRUCTURE, n, 1) for n in ("node_count", "n_leaves", "depth", "left", "right", "n")),
        *((STRUCTURE, n, 1) for n in ("feature", "apply_first_40")),
        (STRUCTURE, "threshold", 1e-4),
        (STRUCTURE, "w", 1e-6),
        *((STRUCTURE, n, 1e-8) for n in ("impurity", "value", "weighted_impurity_decrease")),
        *((STRUCTURE, n, 1e-8) for n in ("feature_importances", "train_score")),
        (ROOT, "root_impurity", 1e-7),
        (ROOT, "best_gain_normalised", 1e-7),
        (ROOT, "best_gain_per_feature_normalised", 1e-7),
        (EDGE, "pred", 1),
        (EDGE, "feature", 1),
        (EDGE, "threshold", 1e-4),
    ],
    ids=lambda value: getattr(value, "topic", str(value)),
)
def test_a_changed_number_disagrees(entry, name, by):
    wrong = shifted(entry, name, by)
    found = check(wrong)
    assert [c.what for c in found if not c.agrees] == [name]
    assert f"{name} differs by" in describe(wrong, found)


def test_another_split_than_the_best_ones_disagrees():
    expected = copy.deepcopy(ROOT.expected)
    expected["tied_splits"][0]["left_max"] += 1.0
    (bad,) = [c for c in check(dataclasses.replace(ROOT, expected=expected)) if not c.agrees]
    assert bad.what == "is_best"


@pytest.mark.parametrize("entry", TREES, ids=lambda entry: entry.name)
def test_missing_figures_disagree(entry):
    assert not any(comparison.agrees for comparison in compare(entry, {}))


def test_trees_given_node_by_node_or_nested_are_the_same():
    X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 1, 0]
    tree = DecisionTreeClassifier().fit(X, y).tree_
    order = preorder(tree).tolist()

    def nested(node):
        fields = {"n": int(tree.n_node_samples[node])}
        if tree.children_left[node] < 0:
            return fields
        fields |= {"feature": 0, "threshold": tree.threshold[node]}
        sides = {"left": tree.children_left, "right": tree.children_right}
        return fields | {side: nested(children[node]) for side, children in sides.items()}

    nodes = [
        {
            "feature": max(int(tree.feature[node]), -1),
            "threshold": tree.threshold[node],
            "n": int(tree.n_node_samples[node]),
        }
        for node in order
    ]
    expected = {"feature": [0, -1, 0, -1, -1], "threshold": [0.5, 2.5], "n": [4, 1, 3, 2, 1]}
    assert flat({"nodes_preorder": nodes}) == expected
    assert flat({"sklearn": {"tree": nested(0)}}) | {"sklearn": 0} == expected | {"sklearn": 0}


def test_the_command_reports_a_disturbed_tree(tmp_path, capsys):
    document = json.loads((FROZEN / "trees.json").read_text("utf-8"))
    entries = document["topics"][0]["entries"]
    entries[:] = [e for e in entries if e["dataset"]["name"] == "syn_binary_120"][:3]
    entries[0]["expected"]["threshold"][0] += 0.01
    document["topics"] = document["topics"][:1]
    (tmp_path / "trees.json").write_text(json.dumps(document))
    shutil.copytree(FROZEN / "data", tmp_path / "data")
    out = tmp_path / "out.json"
    assert main(["references", "--folder", str(tmp_path), "--json", str(out)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 3 agree"
    (row,) = [row for row in json.loads(out.read_text()) if not row["agrees"]]
    assert (row["id"], row["what"]) == (entries[0]["id"], "threshold")


def test_a_subject_the_folder_has_not_is_named(tmp_path, capsys):
    assert main(["references", "--folder", str(tmp_path), "--only", "trees"]) == 2
    assert "trees.json" in capsys.readouterr().err


def test_forests_are_left_out_unless_asked_for(monkeypatch):
    seen = []
    monkeypatch.setattr(checks, "check", lambda entry: seen.append(entry.topic))
    for options in ({"only": None, "forests": False}, {"only": "forests", "forests": False}):
        checks.compare_all(FROZEN, command.wanted(type("Options", (), options)))
    assert seen.count("random_forest") == 3
    assert seen.index("random_forest") == len(seen) - 3


def sample_like(expected, n=50, shift=0.0, stretch=1.0):
    """Figures of n forests with the very means and deviations of a reference, but for a change."""
    z = np.random.default_rng(0).normal(size=n)
    z = (z - z.mean()) / z.std(ddof=1)
    figures = {
        name: s["mean"] + s["sd"] * (shift + stretch * z)
        for name, s in samples.means_of(expected).items()
    }
    importance = expected["sklearn"]["mdi_importance"]
    mean, sd = (np.array(importance[name]) for name in ("mean", "sd"))
    return figures | {"mdi_importance": mean + sd * z[:, None]}


def test_forests_alike_agree():
    found = compare(WINE, sample_like(WINE.expected))
    assert len(found) == len(WINE.expected["sklearn"]["stats"]) + 2
    assert agrees(found)


@pytest.mark.parametrize(("shift", "fails"), [(0.7, False), (1.0, True)])
def test_a_mean_too_far_off_disagrees(shift, fails):
    found = compare(WINE, sample_like(WINE.expected, shift=shift))
    assert [c.agrees for c in found[:-2]] == [not fails] * (len(found) - 2)
    assert found[0].difference == pytest.approx(shift / math.sqrt(2 / 50))


@pytest.mark.parametrize("stretch", [0.5, 2.0])
def test_another_spread_disagrees(stretch):
    found = compare(WINE, sample_like(WINE.expected, stretch=stretch))
    assert [c.what for c in found if not c.agrees] == ["spread over seeds"]


def test_other_importances_disagree():
    figures = sample_like(WINE.expected)
    figures["mdi_importance"][:, 0] += 0.05
    assert [c.what for c in compare(WINE, figures) if not c.agrees] == ["importances"]


def test_missing_forest_figures_disagree():
    assert not any(c.agrees for c in compare(WINE, {}))


def test_constants_agree_only_with_themselves():
    reference = {"mean": 3.0, "sd": 0.0, "n": 50}
    for value, z, ratio in ((3.0, 0.0, 1.0), (3.1, math.inf, 1.0)):
        ours = np.full(50, value)
        assert samples.z_of_means(ours, reference) == z
        assert samples.ratio_of_spreads(ours, reference) == ratio


def test_our_forests_are_described_by_the_same_names(monkeypatch):
    monkeypatch.setattr(forests, "SEEDS", 2)
    figures = forests.forests(WINE)
    assert set(figures) == {*samples.means_of(WINE.expected), "mdi_importance"}
    stats = WINE.expected["sklearn"]["stats"]
    for name in ("mean_leaves", "mean_depth", "oob_true_class_share"):
        assert figures[name].mean() == pytest.approx(stats[name]["mean"], rel=0.05)


def test_depth_and_order_of_nodes():
    figures = structure(STRUCTURE)
    left, right = figures["left"], figures["right"]
    inner = left >= 0
    assert (left[inner] == np.flatnonzero(inner) + 1).all()
    assert (right[inner] > left[inner]).all()
    tree = DecisionTreeClassifier().fit([[0.0], [1.0], [2.0], [3.0]], [0, 1, 1, 0]).tree_
    assert forests.depth(tree) == 2

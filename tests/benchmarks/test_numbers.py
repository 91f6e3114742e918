"""Metrics, pruning, rpart's trees and published tables beside frozen references."""

import copy
import dataclasses
import warnings

import numpy as np
import pytest

from benchmarks.numbers import breiman, figures
from benchmarks.numbers.checks import agrees, check, describe, is_choice
from benchmarks.numbers.comparisons import _difference, compare
from benchmarks.numbers.entries import FROZEN, load
from benchmarks.numbers.packages import SOURCES
from benchmarks.numbers.published_trees import vignette
from benchmarks.numbers.rpart import OTHERWISE
from benchmarks.numbers.rules import Rule
from mlcore import metrics
from tests.benchmarks.checked import checked

METRICS = load(FROZEN, "metrics")
PRUNING = load(FROZEN, "pruning")
RPART = load(FROZEN, "rpart")
PUBLISHED = load(FROZEN, "published")
SPECTOR = next(e for e in load() if e.id == "spector")


@pytest.mark.parametrize(
    "entry", METRICS + PRUNING + RPART + PUBLISHED, ids=lambda entry: entry.name
)
def test_every_number_agrees(entry):
    found = checked(entry)
    assert agrees(found), describe(entry, found)


def test_only_data_that_may_be_passed_on_are_here():
    for entry in load() + METRICS + PRUNING + RPART + PUBLISHED:
        if "file" in entry.dataset:
            borrowed = entry.dataset["name"] in SOURCES
            assert (FROZEN / entry.dataset["file"]).exists() != borrowed, entry.name


def changed(entry, by=1.0, only=None):
    """The entry with the last number of one kind, or of all, moved."""

    def moved(value):
        if isinstance(value, dict):
            return {name: moved(part) for name, part in value.items()}
        array = np.array(value, dtype=float)
        array.flat[-1] = by + (array.flat[-1] if np.isfinite(array.flat[-1]) else 0.0)
        return array.tolist()

    kinds = entry.expected if only is None else [only]
    expected = {k: moved(v) if k in kinds else v for k, v in entry.expected.items()}
    return dataclasses.replace(entry, expected=expected)


@pytest.mark.parametrize(
    "entry",
    [e for e in METRICS if e.id in ("random_K2_n60", "multiclass_K3", "docs_example", "paired_1")]
    + [e for e in METRICS if e.id in ("reg_n25", "multiclass_auc_K3", "single_class_pos")],
    ids=lambda entry: entry.name,
)
def test_each_changed_metric_disagrees(entry):
    for kind in entry.expected:
        bad = [c.what for c in check(changed(entry, 1e-6, kind)) if not c.agrees]
        assert bad == [kind]


@pytest.mark.parametrize("entry", METRICS, ids=lambda entry: entry.name)
def test_missing_metrics_disagree(entry):
    assert not any(comparison.agrees for comparison in compare(entry, {}))


def test_a_metric_that_is_gone_disagrees(monkeypatch):
    monkeypatch.delattr(metrics, "matthews_corrcoef")
    found = check(METRICS[0])
    assert [c.what.partition(":")[0] for c in found] == ["AttributeError"]
    assert "differs by" not in describe(METRICS[0], found)
    assert not agrees(found)


def test_nothing_compared_is_no_agreement():
    assert not agrees([])
    assert describe(METRICS[0], []).endswith("no figure was compared")


def test_a_warning_disagrees_however_good_the_figures_are():
    def warned(entry):
        warnings.warn("The fit did not end. Try more.", UserWarning, stacklevel=1)
        return figures.figures_of(entry)

    found = check(METRICS[0], warned)
    assert [c.what for c in found if not c.agrees] == ["UserWarning: The fit did not end"]


def test_nan_agrees_with_nan_alone():
    entry = next(e for e in METRICS if e.id == "single_class_pos")
    figures_now = figures.figures_of(entry)
    assert np.isnan(figures_now["roc_auc"])
    (bad,) = [c for c in compare(entry, figures_now | {"roc_auc": 0.5}) if not c.agrees]
    assert bad.what == "roc_auc"


def test_a_changed_z_disagrees():
    bad = [c.what for c in check(changed(SPECTOR, 1e-3, "z")) if not c.agrees]
    assert bad == ["z"]


def off(value, kind, share=1e-5, inside=False):
    """The figures with all of one kind moved a little, texts exchanged."""
    if isinstance(value, dict):
        return {name: off(v, kind, share, inside or name == kind) for name, v in value.items()}
    if isinstance(value, list):
        return [off(v, kind, share, inside) for v in value]
    if not inside or value is None:
        return value
    return "else" if isinstance(value, str) else value * (1 + share) + share


FIRST = {entry.id: entry for entry in reversed(load() + load(FROZEN, "trees"))}


@pytest.mark.parametrize(
    "name",
    [
        "spector", "iris_l2__C=0.1__l1_ratio=0.0", "wine_l2_l1__C=0.1__l1_ratio=1.0",
        "syn_multi_450_unpenalised", "wdbc_l2__C=0.01__l1_ratio=0.0",
        "syn_binary_400_all__C=0.02__l1_ratio=0.25", "gd__spector__lr=0.5__lambda=0.0",
        "separable_1d", "single_class_y", "sigmoid_logsigmoid",
        "syn_binary_400__noweight__gini__max_depth=1", "full_depth_1d_regression",
    ],
)  # fmt: skip
def test_every_kind_of_figure_disagrees_when_it_is_a_little_off(name):
    """So no tolerance is so wide that nothing could fall outside it."""
    entry = FIRST[name]
    ours = figures.figures_of(entry)
    for kind in [c.what for c in compare(entry, ours)]:
        moved = {"zeros": "coef", "log p": "p", "correlation": "vcov"}.get(kind, kind)
        bad = compare(dataclasses.replace(entry, expected=off(entry.expected, moved)), ours)
        assert kind in [c.what for c in bad if not c.agrees]


@pytest.mark.parametrize(
    ("kind", "by"),
    [("ccp_alphas", 1e-7), ("n_leaves", 1), ("depth", 1), ("train_score", 1e-9), ("splits", 1e-4)],
)
def test_a_changed_pruning_disagrees(kind, by):
    bad = [c.what for c in check(changed(PRUNING[0], by, kind)) if not c.agrees]
    assert bad == [kind]


def mixed():
    return next(e for e in RPART if e.id == "rpart__syn_mixed_reg")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda node: node["primary"].update(improve=0.5), "improve of node 1"),
        (lambda node: node["primary"].update(var="cat4", type="categorical"), "split at node 1"),
        (lambda node: node.update(n=3), "n of node 1"),
        (lambda node: node.update(dev=3.0), "deviance of node 1"),
    ],
)
def test_a_changed_tree_of_rparts_disagrees(change, said):
    entry = mixed()
    expected = copy.deepcopy(entry.expected)
    primary = expected["nodes"][0]["primary"]
    primary.setdefault("left_levels", ["a"])
    primary.setdefault("right_levels", ["b"])
    change(expected["nodes"][0])
    found = check(dataclasses.replace(entry, expected=expected))
    assert not agrees(found)
    assert said in found[0].what


def test_a_changed_table_of_cp_disagrees():
    entry = next(e for e in RPART if e.id == "rpart__syn_reg_300_default")
    expected = copy.deepcopy(entry.expected)
    expected["cptable"][1]["xerror"] += 1e-6
    bad = [c.what for c in check(dataclasses.replace(entry, expected=expected)) if not c.agrees]
    assert bad == ["xerror"]


def test_what_differs_by_choice_is_not_compared_but_says_why():
    entry = next(e for e in RPART if e.id == "rpart__penguins_class")
    (found,) = check(entry)
    assert is_choice([found])
    assert (found.what, found.n) == (OTHERWISE[entry.id], 0)


@pytest.mark.parametrize(
    "entry",
    [e for e in PUBLISHED if e.id in ("spector_mazzeo", "sklearn_docs_ccp", "islp_carseats_tree")],
    ids=lambda entry: entry.id,
)
def test_a_changed_digit_of_a_published_table_disagrees(entry):
    for row in range(len(entry.expected)):
        expected = copy.deepcopy(entry.expected)
        digits = expected[row]["published"]
        last = str((int(digits[-1]) + 5) % 10)
        expected[row]["published"] = digits[:-1] + last
        # the sixteenth decimal is nobody's
        few = len(digits.partition(".")[2]) < 12
        assert agrees(check(dataclasses.replace(entry, expected=expected))) != few


def test_zeros_that_pad_a_column_are_no_decimals():
    entry = next(e for e in PUBLISHED if e.id == "spector_mazzeo")
    row = [{"quantity": "coef GPA", "published": "2.8000"}]
    for padded in (True, False):
        asked = dataclasses.replace(entry, expected=row, params={"padded": padded})
        (found,) = compare(asked, {"coef GPA": 2.82})
        assert found.agrees == padded


@pytest.mark.parametrize(
    ("quantity", "near", "far"), [("coef GPA", 2.8249, 2.8251), ("se GPA", 2.829, 2.831)]
)
def test_half_a_unit_is_lost_by_rounding_and_a_whole_one_by_rs_errors(quantity, near, far):
    row = [{"quantity": quantity, "published": "2.82"}]
    entry = dataclasses.replace(PUBLISHED[0], expected=row, params={})
    for ours in (near, far):
        (found,) = compare(entry, {quantity: ours})
        assert found.agrees == (ours == near)


def test_small_figures_have_as_many_digits_as_large_ones():
    relative, both = Rule(1e-9, 0.0), Rule(1e-9, 1e-12)
    assert _difference(1.1e-8, 1e-8, relative) == pytest.approx(0.1)
    assert _difference(1e-300, 0.0, relative) > 1
    assert _difference(1e-14, 0.0, both) == pytest.approx(1e-9 / 100)  # a hundredth of what may be
    assert _difference([2.0, 1e-3], [2.0, 2e-3], both) == pytest.approx(0.5)


def test_texts_agree_up_to_the_colon():
    rule = Rule(0.0, 0.0)
    assert _difference("refused: 1 class", "refused: too few", rule) == 0.0
    assert _difference("warned", "refused: too few", rule) == 1.0
    assert np.isnan(_difference(None, "refused", rule))


def test_figures_of_another_shape_disagree():
    for ours in ([1.0], [[1.0, 1.0]], 1.0):
        assert np.isnan(_difference(ours, [1.0, 1.0], Rule(0.0, 0.0)))


def test_priors_and_losses_give_the_figures_of_the_vignette_by_hand():
    """At one split of four rows: Gini's gain, the risk it saves, and no surrogate."""
    table = {
        "file": "four.csv", "sha256": "", "features": ["x"], "target": "y", "factors": [],
        "sample_weight": None,
    }  # fmt: skip
    params = {"ylevels": ["a", "b"], "trees": {"plain": {"minsplit": 2, "minbucket": 1}}}
    entry = dataclasses.replace(PUBLISHED[0], dataset=table, params=params)
    rows = [{"x": str(x), "y": y} for x, y in enumerate("aaab")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.numbers.rpart_trees.read_rows", lambda entry: rows)
        found = vignette(entry)
    assert found["plain n1 x improve"] == pytest.approx(4 * 2 * 0.75 * 0.25)
    assert found["plain CP row 1"] == pytest.approx(1.0)
    assert (found["plain nsplit row 1"], found["plain nsplit row 2"]) == (0, 1)
    assert found["plain rel error row 2"] == pytest.approx(0.0)
    assert found["plain importance x"] == 100


def test_breimans_errors_are_compared_by_their_standard_error(monkeypatch):
    entry = load(FROZEN, "breiman")[0]
    sample = np.tile([20.0, 22.0], 10)
    monkeypatch.setattr(breiman, "RUNS", 20)
    monkeypatch.setattr(breiman, "runs", lambda entry: dict.fromkeys(breiman.COMPARED, sample))
    selection, single = breiman.compare_breiman(entry)
    error = sample.std(ddof=1) * np.sqrt(1 / 20 + 1 / 100)
    assert selection.difference == pytest.approx(abs(21 - 20.6) / error)
    assert single.difference == pytest.approx(abs(21 - 21.2) / error)
    assert agrees([selection, single])
    far = dict.fromkeys(breiman.COMPARED, sample + 3)
    monkeypatch.setattr(breiman, "runs", lambda entry: far)
    assert not any(c.agrees for c in breiman.compare_breiman(entry))

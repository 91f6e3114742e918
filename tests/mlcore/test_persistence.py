"""Saved models come back bit for bit; whatever else is given as a model is refused."""

import importlib
import inspect
import io
import json
import pathlib
import pkgutil
import warnings
import zipfile

import numpy as np
import pandas
import pytest

import mlcore
from mlcore import (
    CalibratedClassifierCV,
    DecisionTreeClassifier,
    LogisticRegression,
    ModelFileError,
    RandomForestClassifier,
    StratifiedKFold,
    load,
    save,
)
from mlcore.compose import ColumnTransformer
from mlcore.estimator import Estimator
from mlcore.files import write_whole
from mlcore.metrics import roc_auc_score
from mlcore.persistence import read_array
from mlcore.pipeline import make_pipeline
from mlcore.preprocessing import MinMaxScaler, OneHotEncoder, SimpleImputer, StandardScaler
from mlcore.registry import CLASSES, find_class

RNG = np.random.default_rng(0)
X = RNG.normal(size=(120, 4))
Y = np.array(["no", "perhaps", "yes"])[(X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)]


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(0.1, class_weight={"no": 2.0}),
        DecisionTreeClassifier(max_depth=3),
        RandomForestClassifier(7, random_state=0, oob_score=True),
        RandomForestClassifier(1, random_state=0),
    ],
)
def test_round_trip(model, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        model.fit(X, Y)
    save(model, tmp_path / "m.zip")
    again = load(tmp_path / "m.zip")
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.predict(X).tolist() == model.predict(X).tolist()
    assert repr(again) == repr(model)
    assert vars(again).keys() == vars(model).keys()


def test_column_names_are_kept(tmp_path):
    frame = pandas.DataFrame(X, columns=list("abcd"))
    save(LogisticRegression().fit(frame, Y == "no"), tmp_path / "m.zip")
    with pytest.raises(ValueError, match="in the same order"):
        load(tmp_path / "m.zip").predict(frame[list("badc")])


def rewrite(path, change):
    """Pass the JSON of a model file through change and write it back."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(parts["model.json"])
    change(document)
    parts["model.json"] = json.dumps(document).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "m.zip"
    save(DecisionTreeClassifier(max_depth=2).fit(X, Y), path)
    return path


def test_a_newer_format_is_refused(saved):
    rewrite(saved, lambda d: d.update(version=99))
    with pytest.raises(ModelFileError, match="version 99"):
        load(saved)


def test_an_unknown_class_is_refused_and_never_made(saved):
    rewrite(saved, lambda d: d["model"].update({"class": "subprocess.Popen"}))
    with pytest.raises(ModelFileError, match=r"subprocess\.Popen"):
        load(saved)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 nearly"])
def test_what_is_no_model_file_is_refused(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"x\.zip is not a model file"):
        load(path)


def test_a_truncated_or_damaged_file_is_refused(saved):
    whole = saved.read_bytes()
    for cut in range(0, len(whole), 97):
        saved.write_bytes(whole[:cut])
        with pytest.raises(ModelFileError):
            load(saved)
    saved.write_bytes(whole[:200] + bytes([whole[200] ^ 255]) + whole[201:])
    with pytest.raises(ModelFileError):
        load(saved)


def test_pickled_arrays_are_refused(saved):
    buffer = io.BytesIO()
    np.save(buffer, np.array([print], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(saved, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("0.npy", buffer.getvalue())
    with pytest.raises(ModelFileError):
        load(saved)


def test_a_tree_that_would_never_end_is_refused(saved):
    model = load(saved)
    model.tree_.children_left[1] = 0
    model.tree_.children_right[1] = 1
    save(model, saved)
    with pytest.raises(ModelFileError):
        load(saved)


def test_a_tree_whose_branches_grow_together_is_refused(saved):
    """Its rows would find a leaf, but the ways from the root to the last node are 2^m."""
    model = load(saved)
    left = np.append(np.arange(1, 99), [-1, -1])
    columns = {name: np.zeros(100) for name in ("threshold", "impurity", "weighted_n_node_samples")}
    columns |= {name: np.zeros(100, dtype=int) for name in ("feature", "n_node_samples")}
    columns |= {"children_left": left, "children_right": np.where(left < 0, -1, left + 1)}
    vars(model.tree_).update(columns, value=np.full((100, 3), 1 / 3))
    save(model, saved)
    with pytest.raises(ModelFileError):
        load(saved)


@pytest.mark.parametrize("feature", [-50, 50])
def test_a_tree_that_asks_for_features_that_are_not_there_is_refused(saved, feature):
    model = load(saved)
    model.tree_.feature[0] = feature
    save(model, saved)
    with pytest.raises(ModelFileError):
        load(saved)


def test_a_model_without_one_of_its_parameters_is_refused(saved):
    rewrite(saved, lambda d: d["model"]["state"].pop("max_depth"))
    with pytest.raises(ModelFileError, match=r"lacks \['max_depth'\]"):
        load(saved)


def test_a_place_that_cannot_be_written_to_is_named_as_given(tmp_path):
    model = DecisionTreeClassifier().fit(X, Y)
    with pytest.raises(OSError) as caught:
        save(model, tmp_path / "none" / "m.zip")
    assert caught.value.filename == str(tmp_path / "none" / "m.zip")


def test_what_cannot_be_saved_is_said_and_nothing_is_written(tmp_path):
    model = DecisionTreeClassifier(random_state=np.random.default_rng(0)).fit(X, Y)
    with pytest.raises(TypeError, match="whole number as random_state"):
        save(model, tmp_path / "m.zip")
    assert list(tmp_path.iterdir()) == []


def test_writing_is_whole_or_not_at_all(tmp_path):
    path = tmp_path / "out.txt"
    path.write_bytes(b"before")
    with pytest.raises(RuntimeError), write_whole(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]


def test_only_ordinary_files_are_replaced(tmp_path):
    import os

    if not hasattr(os, "mkfifo"):
        return
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not an ordinary file"), write_whole(tmp_path / "pipe"):
        pass
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with write_whole(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        save(RandomForestClassifier(3, random_state=0).fit(X, Y), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def public_classes():
    """Return the estimators and splitters that some module of mlcore lists in __all__."""
    found = set()
    for module in pkgutil.walk_packages(mlcore.__path__, "mlcore."):
        if module.name.startswith("mlcore.plot"):
            continue
        listed = importlib.import_module(module.name)
        for name in getattr(listed, "__all__", []):
            thing = getattr(listed, name)
            if inspect.isclass(thing) and (issubclass(thing, Estimator) or hasattr(thing, "split")):
                found.add(thing)
    return found | {
        m for m in vars(mlcore).values() if inspect.isclass(m) and issubclass(m, Estimator)
    }


def test_every_public_model_is_in_the_registry_and_every_line_is_right():
    public = public_classes()
    assert {LogisticRegression, StandardScaler, StratifiedKFold} <= public
    assert {m.__name__ for m in public} - set(CLASSES) == set()
    for name in CLASSES:
        assert find_class(name).__name__ == name
    assert all(find_class(m.__name__) is m for m in public)


def table(n=40):
    rng = np.random.default_rng(1)
    X = np.empty((n, 3), dtype=object)
    X[:, 0] = rng.normal(size=n)
    X[:, 1] = rng.choice(np.array(["a", "b", None, np.nan], dtype=object), n)
    X[:, 2] = rng.integers(0, 3, n)
    X[::7, 0] = None
    return X, np.array(["no", "yes"])[rng.integers(0, 2, n)]


def whole():
    number = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), MinMaxScaler())
    return make_pipeline(
        ColumnTransformer(
            [("number", number, slice(0, 1)), ("word", OneHotEncoder(drop="first"), [1])],
            remainder="passthrough",
        ),
        LogisticRegression(np.float32(0.5), class_weight={np.str_("no"): 2.0}),
    )


def test_a_pipeline_with_words_comes_back_bit_for_bit(tmp_path):
    X, y = table()
    model = whole().fit(X, y)
    save(model, tmp_path / "m.zip")
    again = load(tmp_path / "m.zip")
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.classes_.dtype == model.classes_.dtype
    assert repr(again) == repr(model)
    assert again[0].get_feature_names_out().tolist() == model[0].get_feature_names_out().tolist()
    assert np.array_equal(again.fit(X, y).predict_proba(X), model.predict_proba(X))


VALUES = [
    np.float32(0.1), np.int8(-3), np.bool_(True), np.str_("é"), np.uint64(2**63), np.float64("nan"),
    np.array([None, np.nan, "a", 1, (1, 2)], dtype=object),
    np.array([["a", None], [1, 2.5]], dtype=object),
    np.array(["a", "bc"]), np.array([b"x"]), np.array([True]), np.arange(6, dtype=">i2").reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.zeros((0, 3)), np.array(5.0),
    np.array(["2020-01-01"], dtype="M8[D]"), np.array([1 + 2j]),
    np.ma.MaskedArray([1.0, 2.0], [True, False]),
    np.ma.MaskedArray(np.array([None, "x"], dtype=object), [True, False]),
    {1: "a", "b": (1, [2, {}]), (1, 2): None, np.int64(4): -0.0}, slice(None, 3), slice("a", "c", 1),
    float("inf"), roc_auc_score, StratifiedKFold(3), 2**70, [], "", {"float": "x"},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda v: f"{type(v).__name__}")
def test_every_kind_of_value_keeps_its_type_and_its_bits(value, tmp_path):
    save(StandardScaler(with_mean=value), tmp_path / "m.zip")
    again = load(tmp_path / "m.zip").with_mean
    assert type(again) is type(value)
    assert repr(again) == repr(value) or type(value) is StratifiedKFold
    if isinstance(value, (np.ndarray, np.generic)):
        assert again.dtype == value.dtype
        assert again.shape == value.shape
    if isinstance(value, dict):
        assert [type(key) for key in again] == [type(key) for key in value]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (lambda x: x, "function"),
        (print, "builtin_function_or_method"),
        (StandardScaler, "type"),
        ({1, 2}, "set"),
        (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "array"),
        (pathlib.Path("x"), "PosixPath|WindowsPath"),
        (np.array([print], dtype=object), "builtin_function_or_method"),
    ],
)
def test_what_cannot_be_saved_is_named(value, kind, tmp_path):
    model = make_pipeline(StandardScaler(with_mean=[0, value]))
    with pytest.raises(TypeError, match=rf"({kind}).* Pipeline\.steps\[0\]\[1\]\.with_mean\[1\]"):
        save(model, tmp_path / "m.zip")
    assert list(tmp_path.iterdir()) == []


OLD = pathlib.Path(__file__).parent / "model_of_version_1.zip"


def test_a_file_written_by_an_earlier_mlcore_still_loads(tmp_path):
    """Its three models were fitted on six rows; these are the probabilities they gave then."""
    rows = [[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0], [4.0, 3.0], [5.0, 0.0]]
    logistic, forest, tree = load(OLD)
    assert logistic.feature_names_in_.tolist() == ["a", "b"]
    np.testing.assert_allclose(
        logistic.predict_proba(rows)[:, 1],
        [0.0541743140288, 0.0614916810238, 0.3890593026527, 0.4214542163036, 0.8762420986424,
         0.6604581759917],
    )  # fmt: skip
    assert forest.predict_proba(rows)[:, 1].tolist() == [0, 0, 0.5, 0, 1, 1]
    assert tree.predict_proba(rows)[:, 1].tolist() == [0, 0, 1, 0, 1, 1]


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, parts, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["../evil.npy", "/tmp/evil.npy", "extra.txt", "007.npy", "100.npy", "model.json/"]
)
def test_entries_that_save_never_writes_are_refused(saved, name):
    write(saved, entries(saved) | {name: b"x"})
    with pytest.raises(ModelFileError, match="other entries"):
        load(saved)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(saved):
    write(saved, entries(saved) | {"0.npy": bytes(70 * 2**20)})
    assert saved.stat().st_size < 2**20
    with pytest.raises(ModelFileError, match="claims to unpack"):
        load(saved)
    parts = entries(OLD)
    write(saved, parts, zipfile.ZIP_BZIP2)
    with pytest.raises(ModelFileError, match="packed in a way"):
        load(saved)


@pytest.mark.parametrize(
    "content",
    [
        npy(np.array([print], dtype=object)),
        npy(np.zeros(3, dtype=[("a", int)])),
        npy(np.arange(3))[:-1],
        npy(np.arange(3)) + b"x",
        npy(np.arange(3)).replace(b"(3,)", b"(9,)"),
        npy(np.arange(3)).replace(b"(3,), ", b"(-3,),"),
        npy(np.arange(3)).replace(b"'<i8'", b"'|O' "),
        npy(np.arange(3)).replace(b"'<i8'", b"'<U0'"),
        npy(np.full(2, 255, dtype=np.uint8)).replace(b"|u1", b"|b1"),
        npy(np.full(2, 2**31, dtype=np.uint32)).replace(b"<u4", b"<U1"),
        b"\x93NUMPY\x09\x00",
        b"",
    ],
)
def test_arrays_that_are_not_what_they_say_are_refused(saved, content):
    write(saved, entries(saved) | {"0.npy": content})
    with pytest.raises(ModelFileError):
        load(saved)
    with pytest.raises(ValueError):
        read_array(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["model"]["state"].update(classes_={"array": 99}),
        lambda d: d["model"]["state"].update(classes_={"array": 1}),
        lambda d: d["model"]["state"].update(predict=1),
        lambda d: d["model"]["state"].update({"__class__": "x"}),
        lambda d: d["model"]["state"].update({"a b": 1}),
        lambda d: d["model"]["state"].update(criterion={"metric": "system"}),
        lambda d: d["model"]["state"].update(criterion={"metric": "os"}),
        lambda d: d["model"]["state"].update(criterion={"scalar": "O", "value": 1}),
        lambda d: d["model"]["state"].update(criterion={"_make": 1}),
        lambda d: d["model"]["state"].update(criterion={"float": "1"}),
        lambda d: d["model"]["state"].update(criterion=[1]),
        lambda d: d["model"]["state"].update(criterion={"objects": [1], "shape": [2]}),
        lambda d: d["model"]["state"].update(
            criterion={"masked": [{"objects": []}, {"objects": []}]}
        ),
        lambda d: d["model"]["state"].update(criterion={"scalar": "<U9", "value": 1}),
        lambda d: d["model"]["state"].update(criterion=10**1000),
        lambda d: d["model"]["state"].update(n_features_in_=0),
        lambda d: d["model"]["state"].update(n_features_in_="4"),
        lambda d: d["model"].update({"class": ["Tree"]}),
        lambda d: d["model"]["state"].pop("classes_"),
        lambda d: d.update(format="other"),
        lambda d: d.pop("model"),
    ],
)
def test_values_that_save_never_writes_are_refused(saved, change):
    rewrite(saved, change)
    with pytest.raises(ModelFileError):
        load(saved)


def test_json_with_a_name_twice_or_too_deep_is_refused(saved):
    parts = entries(saved)
    for text in (
        parts["model.json"].replace(b'"version": 1', b'"version": 1, "version": 1'),
        parts["model.json"].replace(b'"max_depth": 2', b'"max_depth": NaN'),
        b"[" * 100_000,
        b'{"list": [' * 3000 + b"]}" * 3000,
    ):
        assert text != parts["model.json"]
        write(saved, parts | {"model.json": text})
        with pytest.raises(ModelFileError):
            load(saved)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("feature", np.zeros(3)),
        ("threshold", np.zeros((3, 1))),
        ("value", np.zeros(3)),
        ("impurity", np.array(["a", "b", "c"])),
        ("children_left", [1, -1, -1]),
    ],
)
def test_a_tree_of_the_wrong_arrays_is_refused(tmp_path, name, value):
    model = DecisionTreeClassifier(max_depth=1).fit(X, Y)
    setattr(model.tree_, name, value)
    save(model, tmp_path / "m.zip")
    with pytest.raises(ModelFileError):
        load(tmp_path / "m.zip")


@pytest.mark.parametrize("value", [np.zeros(3), np.zeros((4, 2)), np.array(1.0)])
def test_arrays_that_do_not_fit_the_columns_are_refused(tmp_path, value):
    model = StandardScaler().fit(X)
    model.mean_ = value
    save(model, tmp_path / "m.zip")
    with pytest.raises(
        ModelFileError, match="mean_ of the StandardScaler in it does not fit its 4"
    ):
        load(tmp_path / "m.zip")


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (DecisionTreeClassifier(max_depth=2), "classes_", np.array(["a", "b"])),
        (DecisionTreeClassifier(max_depth=2), "classes_", np.array([["a"], ["b"], ["c"]])),
        (RandomForestClassifier(3, random_state=0), "classes_", np.array(list("abcd"))),
        (LogisticRegression(0.1), "classes_", np.array(list("abcd"))),
        (LogisticRegression(0.1), "intercept_", np.zeros(1)),
        (CalibratedClassifierCV(DecisionTreeClassifier()), "classes_", np.array(["a", "b"])),
    ],
)
def test_classes_that_do_not_fit_the_rest_are_refused(model, name, value, tmp_path):
    setattr(model.fit(X, Y), name, value)
    save(model, tmp_path / "m.zip")
    with pytest.raises(ModelFileError, match="classes_ of the"):
        load(tmp_path / "m.zip")


def test_trees_in_a_tuple_are_checked_as_well(tmp_path):
    model = RandomForestClassifier(3, random_state=0).fit(X, Y)
    model.trees_ = tuple(model.trees_)
    model.trees_[1].feature[0] = 4
    save(model, tmp_path / "m.zip")
    with pytest.raises(ModelFileError, match="more than its 4 features"):
        load(tmp_path / "m.zip")


def test_small_files_that_would_take_ages_are_refused(saved):
    """A dict whose keys all collide took n² steps, and a text as long as it says 1 MB each."""
    parts = entries(saved)
    same_hash = [[i * (2**61 - 1), 0] for i in range(100, 300)]
    rewrite(saved, lambda d: d["model"]["state"].update(criterion={"dict": same_hash}))
    with pytest.raises(ModelFileError, match="numbers that no model has"):
        load(saved)
    write(saved, parts | {"model.json": b"[" + b"0," * 2**22 + b"0]"})
    with pytest.raises(ModelFileError, match=r"model\.json claims to unpack"):
        load(saved)
    write(saved, parts)
    long = {"scalar": "<U250000", "value": "short"}
    rewrite(saved, lambda d: d["model"]["state"].update(criterion=long))
    assert load(saved).criterion.dtype == "<U5"


def test_damage_at_random_is_refused_or_does_no_harm(tmp_path):
    """A byte changed, left out or cut off: the file is refused, or the model is the same."""
    X, y = table()
    model = whole().fit(X, y)
    path, rng = tmp_path / "m.zip", np.random.default_rng(0)
    save(model, path)
    intact, expected, refused = path.read_bytes(), model.predict_proba(X), 0
    for trial in range(300):
        damaged, at = bytearray(intact), int(rng.integers(len(intact)))
        if trial % 3 == 0:
            damaged[at] ^= int(rng.integers(1, 256))
        elif trial % 3 == 1:
            del damaged[at : at + int(rng.integers(1, 9))]
        else:
            damaged = damaged[:at]
        path.write_bytes(bytes(damaged))
        try:
            again = load(path)
        except ModelFileError:
            refused += 1
            continue
        assert np.array_equal(again.predict_proba(X), expected)
    assert refused > 250

"""Saved models come back bit for bit; whatever else is given as a model is refused."""

import io
import json
import warnings
import zipfile

import numpy as np
import pytest

from mlcore import (
    DecisionTreeClassifier,
    LogisticRegression,
    ModelFileError,
    RandomForestClassifier,
    load,
    save,
)
from mlcore.files import write_whole

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
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcd"))
    save(LogisticRegression().fit(frame, Y == "no"), tmp_path / "m.zip")
    with pytest.raises(ValueError, match="another order"):
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

"""Models as files that cannot execute code: one zip of JSON and plain arrays, never a pickle.

``model.json`` holds the format's version and a tree of values; each array stands beside it as a
``.npy`` file. Only classes on a list are ever made, and making one runs no code of the file's.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from mlcore.files import write_whole
from mlcore.forest import RandomForestClassifier, RandomForestRegressor
from mlcore.linear import LogisticRegression, LogisticRegressionCV
from mlcore.tree import DecisionTreeClassifier, DecisionTreeRegressor, Tree
from mlcore.tree.routes import Routes

FORMAT, VERSION = "mlcore model", 1
CLASSES: tuple[type, ...] = (
    LogisticRegression,
    LogisticRegressionCV,
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    Tree,
    Routes,
)
PLAIN = [f.name for f in fields(Tree) if f.name != "routes"]  # the arrays every tree has


class ModelFileError(ValueError):
    """A model file that is damaged, foreign, too new, or names what we do not know."""


def save(model: Any, path: str | os.PathLike[str], *, classes: Sequence[type] = ()) -> None:
    """Write a model to path, replacing what is there; TypeError if it holds what cannot be saved.

    ``classes`` are further classes that the model is made of; ``load`` needs them too.

    >>> import tempfile, pathlib
    >>> model = DecisionTreeClassifier().fit([[0.0], [1.0]], ["no", "yes"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model, pathlib.Path(folder) / "tree.zip")
    ...     print(load(pathlib.Path(folder) / "tree.zip").predict([[1.0]]))
    ['yes']
    """
    arrays: list[np.ndarray] = []
    document = {
        "format": FORMAT,
        "version": VERSION,
        "model": _encode(model, arrays, {c.__name__: c for c in (*CLASSES, *classes)}),
    }
    with write_whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {"model.json": json.dumps(document, indent=1, allow_nan=False).encode()}
        for i, array in enumerate(arrays):
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            parts[f"{i}.npy"] = buffer.getvalue()
        for name, content in parts.items():
            # Without the clock's time: the same model gives the same bytes.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def load(path: str | os.PathLike[str], *, classes: Sequence[type] = ()) -> Any:
    """Return the model saved at path; ModelFileError says why it cannot be read."""
    known = {c.__name__: c for c in (*CLASSES, *classes)}
    try:
        with open(path, "rb") as file, zipfile.ZipFile(file) as archive:
            document = json.loads(archive.read("model.json"))
            if not isinstance(document, dict) or document.get("format") != FORMAT:
                raise ModelFileError("this is not a model file. Give one that save() wrote.")
            if document.get("version") != VERSION:
                raise ModelFileError(
                    f"the file is of format version {document.get('version')!r}, but this mlcore "
                    f"reads version {VERSION}. Install the mlcore that wrote it, or fit anew."
                )
            return _decode(document["model"], archive, known)
    except ModelFileError as error:
        raise ModelFileError(f"{path}: {error}") from None
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except Exception as error:  # whatever a damaged or hostile file can provoke is refused alike
        raise ModelFileError(
            f"{path} is not a model file, or it is damaged ({type(error).__name__}). "
            "Save the model again."
        ) from None


def _encode(value: Any, arrays: list[np.ndarray], known: dict[str, type]) -> Any:
    """Return value as JSON, its arrays moved to the list and replaced by their numbers."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else {"float": repr(value)}
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            return {"objects": [_encode(v, arrays, known) for v in value.tolist()]}
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, list) and len(value) > 1 and all(map(_is_plain_tree, value)):
        return _encode_trees(value, arrays, known)
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_encode(v, arrays, known) for v in value]}
    if isinstance(value, dict):
        return {"dict": [[_encode(v, arrays, known) for v in pair] for pair in value.items()]}
    if known.get(type(value).__name__) is type(value):
        state = {name: _encode(v, arrays, known) for name, v in vars(value).items()}
        return {"class": type(value).__name__, "state": state}
    raise TypeError(
        f"A {type(value).__name__} cannot be saved. Use plain values and arrays in the model's "
        "parameters (a whole number as random_state, for example), and list further classes in "
        "classes=."
    )


def _is_plain_tree(value: Any) -> bool:
    return isinstance(value, Tree) and value.routes is None


def _encode_trees(trees: list[Tree], arrays: list[np.ndarray], known: dict[str, type]) -> Any:
    """A forest's trees end to end, so that a thousand trees are still a handful of arrays."""
    joined = {name: np.concatenate([getattr(tree, name) for tree in trees]) for name in PLAIN}
    sizes = np.array([tree.node_count for tree in trees])
    return {"trees": _encode({"sizes": sizes, **joined}, arrays, known)}


def _decode(node: Any, archive: zipfile.ZipFile, known: dict[str, type]) -> Any:
    """Return the value that _encode made node of."""
    if not isinstance(node, dict):
        return node
    (kind, content), *more = node.items()
    if kind == "float":
        return float(content)
    if kind == "array":
        return np.load(io.BytesIO(archive.read(f"{int(content)}.npy")), allow_pickle=False)
    if kind == "objects":
        return np.array([_decode(v, archive, known) for v in content], dtype=object)
    if kind in ("list", "tuple"):
        items = [_decode(v, archive, known) for v in content]
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return {_decode(k, archive, known): _decode(v, archive, known) for k, v in content}
    if kind == "trees":
        return _decode_trees(_decode(content, archive, known))
    if kind != "class" or content not in known:
        raise ModelFileError(
            f"the file names {content!r}, which this version does not know. "
            "It is foreign or newer: load it with the program that wrote it."
        )
    state = {name: _decode(v, archive, known) for name, v in dict(more)["state"].items()}
    return _make(known[content], state)


def _make(cls: Any, state: dict[str, Any]) -> Any:
    """Return an object of a known class; a dataclass checks its own fields, no other code runs."""
    if hasattr(cls, "__dataclass_fields__"):
        return cls(**state)
    absent = [name for name in cls._parameter_names() if name not in state]
    if absent:
        raise ModelFileError(f"the {cls.__name__} in it lacks {absent}. Save the model again.")
    width = state.get("n_features_in_", np.inf)
    for value in state.values():
        trees = value if isinstance(value, list) else [value]
        if any(isinstance(t, Tree) and _most_feature(t) >= width for t in trees):
            raise ModelFileError(f"a tree in it asks for more than its {width} features.")
    model = cls.__new__(cls)
    vars(model).update(state)
    return model


def _most_feature(tree: Tree) -> int:
    """Return the highest feature number a tree asks for, surrogates included."""
    asked = [tree.feature, *([] if tree.routes is None else [tree.routes.surrogate_feature])]
    return max(int(features.max(initial=0)) for features in asked)


def _decode_trees(joined: dict[str, np.ndarray]) -> list[Tree]:
    ends = np.cumsum(joined.pop("sizes"))[:-1]
    parts = {name: np.split(array, ends) for name, array in joined.items()}
    return [Tree(*arrays) for arrays in zip(*(parts[name] for name in PLAIN), strict=True)]

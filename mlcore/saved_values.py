"""Values of models as JSON and plain arrays, and back: what may be saved, and what may be made.

JSON's own values stand for themselves; all else is an object whose first key says what it is:
{"array": 3} is array number 3, {"class": "Tree", "state": {...}} an object of a known class. Making
an object runs no code of the file's: attributes are set, and a dataclass checks its own fields.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.registry import find_class, find_metric
from mlcore.tree.structure import Tree

PLAIN = [f.name for f in fields(Tree) if f.name != "routes"]  # the arrays every tree has
KINDS = {"IntArray": "i", "FloatArray": "f", "BoolArray": "b", "NDArray[np.int8]": "i"}
# Arrays with one entry, along their last axis, for each column of X.
PER_COLUMN = ("coef_", "feature_names_in_", "mean_", "var_", "scale_", "min_", "statistics_")


class ModelFileError(ValueError):
    """A model file that is damaged, foreign, too new, or names what we do not know."""


class Encoder:
    """Turns values into JSON, collecting the arrays; ``where`` is the way to a value from above."""

    def __init__(self, classes: Sequence[type]) -> None:
        self.classes, self.arrays = classes, list[NDArray[Any]]()

    def encode(self, value: Any, where: str) -> Any:
        """Return value as JSON; TypeError names the attribute that cannot be saved."""
        if isinstance(value, np.generic):
            return self._scalar(value, where)
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return value if np.isfinite(value) else {"float": repr(value)}
        if isinstance(value, np.ndarray):
            return self._array(value, where)
        if isinstance(value, list) and len(value) > 1 and all(map(_is_plain_tree, value)):
            return {"trees": self.encode(joined(value), where)}
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
            inner = [self.encode(v, f"{where}[{i}]") for i, v in enumerate(value)]
            return {type(value).__name__: inner}
        if isinstance(value, slice):
            ends = (value.start, value.stop, value.step)
            return {"slice": [self.encode(v, where) for v in ends]}
        if isinstance(value, dict):
            pairs = [
                [self.encode(key, f"a key of {where}"), self.encode(v, f"{where}[{key!r}]")]
                for key, v in value.items()
            ]
            return {"dict": pairs}
        if isinstance(value, types.FunctionType) and find_metric(value.__name__) is value:
            return {"metric": value.__name__}
        name = type(value).__name__
        if find_class(name, self.classes) is type(value):
            state = {key: self.encode(v, f"{where}.{key}") for key, v in vars(value).items()}
            return {"class": name, "state": state}
        raise TypeError(
            f"A {name} cannot be saved, but {where} is one. Use plain values and arrays in the "
            "model's parameters (a whole number as random_state, for example), and list further "
            "classes in classes=."
        )

    def _scalar(self, value: np.generic, where: str) -> Any:
        if value.dtype.kind not in "biufU" or (
            value.dtype.itemsize > 8 and value.dtype.kind == "f"
        ):
            raise TypeError(f"A {value.dtype} cannot be saved, but {where} is one. Convert it.")
        return {"scalar": value.dtype.str, "value": self.encode(value.item(), where)}

    def _array(self, value: NDArray[Any], where: str) -> Any:
        if isinstance(value, np.ma.MaskedArray):
            parts = [np.asarray(value.data), np.ma.getmaskarray(value)]
            return {"masked": [self.encode(part, where) for part in parts]}
        if value.dtype.hasobject and value.dtype.names is None:
            flat = [self.encode(v, f"{where}[{i}]") for i, v in enumerate(value.ravel().tolist())]
            return {"objects": flat} | ({} if value.ndim == 1 else {"shape": list(value.shape)})
        if value.dtype.kind not in "biufcSUmM":
            raise TypeError(
                f"An array of {value.dtype} cannot be saved, but {where} is one. "
                "Use one plain array for each of its fields."
            )
        self.arrays.append(np.asarray(value))
        return {"array": len(self.arrays) - 1}


def _is_plain_tree(value: Any) -> bool:
    return isinstance(value, Tree) and value.routes is None


def joined(trees: list[Tree]) -> dict[str, NDArray[Any]]:
    """Return a forest's trees end to end, so that a thousand are still a handful of arrays."""
    parts = {name: np.concatenate([getattr(tree, name) for tree in trees]) for name in PLAIN}
    return {"sizes": np.array([tree.node_count for tree in trees]), **parts}


class Decoder:
    """Turns JSON back into values; each array can be taken once."""

    def __init__(self, arrays: dict[int, NDArray[Any]], classes: Sequence[type]) -> None:
        self.arrays, self.classes = arrays, classes

    def decode(self, node: Any) -> Any:
        """Return the value that Encoder.encode made node of; ModelFileError for what it never makes."""
        if not isinstance(node, dict):
            if isinstance(node, list):
                raise ModelFileError("a value in it says not what it is. Save the model again.")
            return node
        kind, content = next(iter(node.items()))
        decode = getattr(self, f"_{kind}", None) if kind in DECODED else None
        if decode is None:
            raise ModelFileError(_unknown(kind))
        return decode(content, node)

    def _float(self, content: Any, node: Any) -> float:
        return {"nan": np.nan, "inf": np.inf, "-inf": -np.inf}[content]

    def _scalar(self, content: Any, node: Any) -> Any:
        dtype, value = np.dtype(content), self.decode(node["value"])
        if dtype.kind == "U" and isinstance(value, str):
            return np.str_(value)  # as long as it is, whatever the file says
        if dtype.kind not in "biuf":
            raise ModelFileError(_unknown(content))
        return np.array(value, dtype=dtype)[()]

    def _array(self, content: Any, node: Any) -> NDArray[Any]:
        return self.arrays.pop(content)

    def _objects(self, content: Any, node: Any) -> NDArray[Any]:
        array = np.empty(len(content), dtype=object)
        for i, value in enumerate(content):  # one by one: a tuple must not become a row
            array[i] = self.decode(value)
        return array.reshape(node.get("shape", [len(content)]))

    def _masked(self, content: Any, node: Any) -> NDArray[Any]:
        data, mask = map(self.decode, content)
        if mask.dtype != bool or mask.shape != data.shape:
            raise ModelFileError("a mask in it does not fit its array. Save the model again.")
        return np.ma.MaskedArray(data, mask)

    def _list(self, content: Any, node: Any) -> list[Any]:
        return [self.decode(value) for value in content]

    def _tuple(self, content: Any, node: Any) -> tuple[Any, ...]:
        return tuple(self.decode(value) for value in content)

    def _slice(self, content: Any, node: Any) -> slice:
        start, stop, step = map(self.decode, content)
        return slice(start, stop, step)

    def _dict(self, content: Any, node: Any) -> dict[Any, Any]:
        return {self.decode(key): self.decode(value) for key, value in content}

    def _metric(self, content: Any, node: Any) -> Any:
        found = find_metric(content)
        if found is None:
            raise ModelFileError(_unknown(content))
        return found

    def _trees(self, content: Any, node: Any) -> list[Tree]:
        parts = self.decode(content)
        sizes = parts.pop("sizes")
        if (sizes < 1).any() or any(len(array) != sizes.sum() for array in parts.values()):
            raise ModelFileError("the trees in it do not fit their arrays. Save the model again.")
        split = [np.split(parts[name], np.cumsum(sizes)[:-1]) for name in PLAIN]
        return [
            _make(Tree, dict(zip(PLAIN, arrays, strict=True)))
            for arrays in zip(*split, strict=True)
        ]

    def _class(self, content: Any, node: Any) -> Any:
        cls = find_class(content, self.classes)
        if cls is None:
            raise ModelFileError(_unknown(content))
        return _make(cls, {name: self.decode(value) for name, value in node["state"].items()})


DECODED = {
    "float", "scalar", "array", "objects", "masked", "list", "tuple", "slice", "dict", "metric",
    "trees", "class",
}  # fmt: skip


def _unknown(name: Any) -> str:
    return (
        f"the file names {name!r}, which this version does not know. "
        "It is foreign or newer: load it with the program that wrote it."
    )


def _make(cls: Any, state: dict[str, Any]) -> Any:
    """Return an object of a known class, its state checked; no code of the file's runs."""
    if hasattr(cls, "__dataclass_fields__"):
        _check_kinds(cls, state)
        return cls(**state)
    parameters = [name for name in inspect.signature(cls.__init__).parameters if name != "self"]
    absent = [name for name in parameters if name not in state]
    if absent:
        raise ModelFileError(f"the {cls.__name__} in it lacks {absent}. Save the model again.")
    for name in state:
        if name not in parameters and (hasattr(cls, name) or not name.isidentifier()):
            raise ModelFileError(f"{name!r} is no attribute of a {cls.__name__}. Save it again.")
    trees = [tree for value in state.values() for tree in _trees_in(value)]
    _check_width(cls, state, trees)
    _check_classes(cls, state, trees)
    made = cls.__new__(cls)
    vars(made).update(state)
    return made


def _check_kinds(cls: Any, state: dict[str, Any]) -> None:
    """Refuse arrays of another kind, or of other dimensions, than a dataclass declares."""
    for field in fields(cls):
        kind, value = KINDS.get(str(field.type)), state.get(field.name)
        if kind is None or value is None:
            continue
        ndim = 2 if field.name == "value" else 1
        fits = isinstance(value, np.ndarray) and value.dtype.kind == kind
        if not fits or (cls.__module__.startswith("mlcore.tree") and value.ndim != ndim):
            raise ModelFileError(
                f"{field.name} of the {cls.__name__} in it is no array of the kind it should be. "
                "Save the model again."
            )


def _trees_in(value: Any) -> list[Tree]:
    """Return the trees that an attribute is, or holds."""
    return [v for v in (value if isinstance(value, (list, tuple)) else [value]) if type(v) is Tree]


def _check_width(cls: type, state: dict[str, Any], trees: list[Tree]) -> None:
    """Refuse a model whose arrays or trees are not made for its number of columns."""
    width = state.get("n_features_in_")
    if width is None:
        return
    if not isinstance(width, int) or width < 1:
        raise ModelFileError(f"the {cls.__name__} in it has {width!r} columns. Save it again.")
    for name in PER_COLUMN:
        value = state.get(name)
        if isinstance(value, np.ndarray) and value.shape[-1:] != (width,):
            raise ModelFileError(
                f"{name} of the {cls.__name__} in it does not fit its {width} columns. "
                "Save the model again."
            )
    if any(_most_feature(tree) >= width for tree in trees):
        raise ModelFileError(f"a tree in it asks for more than its {width} features.")


def _check_classes(cls: type, state: dict[str, Any], trees: list[Tree]) -> None:
    """Refuse a model whose trees, coefficients or folds' models are not made for its classes."""
    classes = state.get("classes_")
    if classes is None or not cls.__module__.startswith("mlcore."):
        return
    parts = [state[name] for name in ("coef_", "intercept_") if name in state]
    members = state.get("calibrated_classifiers_", [])
    k = len(classes) if isinstance(classes, np.ndarray) and classes.ndim == 1 else -1
    if (
        k < 0
        or any(tree.value.shape[1] != k for tree in trees)
        or any(len(part) != (1 if k == 2 else k) for part in parts)
        or any(len(member.classes) != k for member in members)
    ):
        raise ModelFileError(
            f"classes_ of the {cls.__name__} in it does not fit the rest of it. "
            "Save the model again."
        )


def _most_feature(tree: Tree) -> int:
    """Return the highest feature number a tree asks for, surrogates included."""
    asked = [tree.feature, *([] if tree.routes is None else [tree.routes.surrogate_feature])]
    return max(int(features.max(initial=0)) for features in asked)

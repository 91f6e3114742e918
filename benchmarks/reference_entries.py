"""Reference entries and their data: what a trusted tool gave for one call on one data set."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.reference_nodes import flat
from benchmarks.reference_samples import means_of
from mlcore.checks import FloatArray

FROZEN = Path(__file__).parent / "references"
# What is compared -> its files in the folder json/ of a collection; NAME.json holds the frozen ones.
SUBJECTS = {
    "logistic": ("logreg_*.json", "published.json"),
    "trees": ("tree_structure.json", "tree_root_split.json", "tree_edge_cases.json"),
    "forests": ("random_forest.json",),
}
# Published tables say nothing of their data: they are of the unpenalised entry named here.
PUBLISHED = {
    "spector_mazzeo": "spector",
    "ucla_admissions": "ucla_admissions",
    "menarche": "menarche_weighted",
    "menarche_grouped_deviance": "menarche_weighted",
}


@dataclass(frozen=True)
class Entry:
    """One reference: ``expected`` holds its figures by name, as deep as they come."""

    topic: str
    id: str
    dataset: dict[str, Any]
    params: dict[str, Any]
    expected: Any
    tolerance: Any
    folder: Path

    @property
    def name(self) -> str:
        """Return topic and id: an id alone may occur twice."""
        return f"{self.topic} {self.id}"


class Table(NamedTuple):
    """X (n, d), y (n,) and sample weights w (n,) or None."""

    X: FloatArray
    y: FloatArray
    w: FloatArray | None


def load(folder: Path = FROZEN, subject: str = "logistic") -> list[Entry]:
    """Return the entries of one of SUBJECTS: of its frozen file, or of json/*.json if there are.

    FileNotFoundError when the folder has neither.
    """
    frozen = folder / f"{subject}.json"
    if frozen.is_file():
        documents = json.loads(frozen.read_text("utf-8"))["topics"]
    else:
        paths = [path for name in SUBJECTS[subject] for path in sorted(folder.glob(f"json/{name}"))]
        documents = [json.loads(path.read_text("utf-8")) for path in paths]
    if not documents:
        raise FileNotFoundError(
            f"{folder} has neither {subject}.json nor json/{SUBJECTS[subject][0]}. Name a folder "
            "of references, or leave --folder out for those that came with the clone."
        )
    return [entry for document in documents for entry in _entries(document, documents, folder)]


def load_all(folder: Path, subjects: list[str]) -> list[Entry]:
    """Return the entries of those subjects of which the folder has any; of none is an error."""
    found: list[Entry] = []
    missing = []
    for subject in subjects:
        try:
            found += load(folder, subject)
        except FileNotFoundError as error:
            missing.append(error)
    if missing and not found:
        raise missing[0]
    return found


def _entries(document: dict[str, Any], documents: list[Any], folder: Path) -> Iterator[Entry]:
    """Yield the entries of one topic; of the published tables, those of logistic regression."""
    fitted = [d for d in documents if d["topic"] != "published"]
    bodies = {body["id"]: body for d in fitted for body in d["entries"]}
    tables = {d["name"]: d for b in bodies.values() if "file" in (d := b.get("dataset", {}))}
    topic = document["topic"].removeprefix("logreg_")
    for body in document["entries"]:
        data = body
        if topic == "published":
            if body["id"] not in PUBLISHED:
                continue
            data = body if "dataset" in body else bodies[PUBLISHED[body["id"]]]
        yield Entry(
            topic,
            body["id"],
            _dataset(data.get("dataset", {}), tables),
            data.get("params", {}),
            body["rows"] if topic == "published" else _expected(topic, body["expected"]),
            _tolerance(topic, body, document),
            folder,
        )


def _dataset(dataset: dict[str, Any], tables: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the dataset of an entry, that of another entry if it has no more than a name."""
    return tables[dataset["name"]] if set(dataset) == {"name"} else dataset


def _tolerance(topic: str, body: dict[str, Any], document: dict[str, Any]) -> Any:
    """Return the tolerance of an entry; of forests, how many means are compared altogether."""
    if topic == "random_forest":
        return {"n_means": sum(len(means_of(other["expected"])) for other in document["entries"])}
    return body.get("tolerance")


def _expected(topic: str, expected: Any) -> Any:
    return flat(expected) if topic.startswith("tree_") else expected


def read_table(entry: Entry) -> Table:
    """Return the rows and columns of an entry; ValueError unless the file is the very one."""
    data = entry.dataset
    if "X" in data:
        X, y = (np.array(data[name], dtype=float) for name in ("X", "y"))
        return Table(X, y, np.array(data["w"], dtype=float) if "w" in data else None)
    rows = _rows(entry.folder / data["file"], data["sha256"])
    y, weight = _target(rows, data["target"]), data.get("sample_weight")
    X = _numbers(rows, data["features"])
    used = ~np.isnan(X).any(axis=1) & np.isin(y, data.get("keep", np.unique(y)))
    X, y = X[used], y[used]
    if data.get("preprocess", "").startswith("standardize"):
        X = standardised(X)
    if "map" in data:
        y = np.array([float(data["map"][f"{label:g}"]) for label in y])
    return Table(X, y, _numbers(rows, [weight])[used, 0] if weight else None)


def standardised(X: FloatArray) -> FloatArray:
    """Return the columns with mean 0 and deviation 1 (ddof 0)."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def _target(rows: list[dict[str, str]], column: str) -> FloatArray:
    """Return a column (n,) of numbers, or the place of each name among the sorted names."""
    try:
        return _numbers(rows, [column])[:, 0]
    except ValueError:
        names = [row[column] for row in rows]
        return np.unique(names, return_inverse=True)[1].astype(np.float64)


def _numbers(rows: list[dict[str, str]], columns: list[str]) -> FloatArray:
    """Return some columns (n, d), nan where a cell is empty."""
    numbers = [float(row[name] or "nan") for row in rows for name in columns]
    return np.reshape(numbers, (len(rows), len(columns)))


@cache
def _rows(path: Path, sha256: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file; ValueError unless it is the very one."""
    content = path.read_bytes().replace(b"\r\n", b"\n")  # as git may have checked it out
    seen = hashlib.sha256(content).hexdigest()
    if seen != sha256:
        raise ValueError(
            f"{path} has the sha256 {seen[:8]}…, but {sha256[:8]}… was expected, so the references "
            "do not apply to it. Restore the file."
        )
    return list(csv.DictReader(content.decode("utf-8").splitlines()))

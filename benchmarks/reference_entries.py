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

from mlcore.checks import FloatArray

FROZEN = Path(__file__).parent / "references"
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


def load(folder: Path = FROZEN) -> list[Entry]:
    """Return the entries of logistic regression: of logistic.json, or of json/*.json if there are.

    FileNotFoundError when the folder has neither.
    """
    frozen = folder / "logistic.json"
    if frozen.is_file():
        documents = json.loads(frozen.read_text("utf-8"))["topics"]
    else:
        paths = [*sorted(folder.glob("json/logreg_*.json")), *folder.glob("json/published.json")]
        documents = [json.loads(path.read_text("utf-8")) for path in paths]
    if not documents:
        raise FileNotFoundError(
            f"{folder} has neither logistic.json nor json/logreg_*.json. Name a folder of "
            "references, or leave --folder out for those that came with the clone."
        )
    return [entry for document in documents for entry in _entries(document, documents, folder)]


def _entries(document: dict[str, Any], documents: list[Any], folder: Path) -> Iterator[Entry]:
    """Yield the entries of one topic; of the published tables, those of logistic regression."""
    fitted = [d for d in documents if d["topic"] != "published"]
    bodies = {body["id"]: body for d in fitted for body in d["entries"]}
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
            data.get("dataset", {}),
            data.get("params", {}),
            body["rows"] if topic == "published" else body["expected"],
            body.get("tolerance"),
            folder,
        )


def read_table(entry: Entry) -> Table:
    """Return the rows and columns of an entry; ValueError unless the file is the very one."""
    data = entry.dataset
    if "X" in data:
        return Table(np.array(data["X"], dtype=float), np.array(data["y"], dtype=float), None)
    rows = _rows(entry.folder / data["file"], data["sha256"])
    y, weight = _numbers(rows, [data["target"]])[:, 0], data.get("sample_weight")
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

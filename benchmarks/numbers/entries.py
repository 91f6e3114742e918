"""Reference entries: what a trusted tool, or a book, gave for one call on one data set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.numbers.nodes import flat, in_columns
from benchmarks.numbers.samples import means_of

FROZEN = Path(__file__).parent.parent / "references"
# What is compared -> its files in the folder json/ of a collection; NAME.json holds the frozen ones.
SUBJECTS = {
    "logistic": ("logreg_*.json",),
    "trees": ("tree_structure.json", "tree_root_split.json", "tree_edge_cases.json"),
    "pruning": ("tree_ccp_path_sklearn.json",),
    "rpart": ("tree_rpart.json",),
    "metrics": ("metrics_*.json",),
    "published": ("published.json",),
    "forests": ("random_forest.json",),
    "breiman": ("published.json",),
}
BREIMAN = "breiman2001"  # published errors that take hundreds of forests: a subject of their own


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
    source: str = ""

    @property
    def name(self) -> str:
        """Return topic and id: an id alone may occur twice."""
        return f"{self.topic} {self.id}"


def load(folder: Path = FROZEN, subject: str = "logistic") -> list[Entry]:
    """Return the entries of one of SUBJECTS: of its frozen file, or of json/*.json if there are.

    FileNotFoundError when the folder has neither.
    """
    frozen = folder / f"{'published' if subject == 'breiman' else subject}.json"
    if frozen.is_file():
        documents = json.loads(frozen.read_text("utf-8"))["topics"]
    else:
        paths = [path for name in SUBJECTS[subject] for path in sorted(folder.glob(f"json/{name}"))]
        documents = [json.loads(path.read_text("utf-8")) for path in paths]
    if not documents:
        raise FileNotFoundError(
            f"{folder} has neither {frozen.name} nor json/{SUBJECTS[subject][0]}. Name a folder "
            "of references, or leave --folder out for those that came with the clone."
        )
    found = [entry for document in documents for entry in _entries(document, documents, folder)]
    if subject in ("published", "breiman"):
        return [e for e in found if e.id.startswith(BREIMAN) == (subject == "breiman")]
    return found


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
    """Yield the entries of one topic."""
    topic = document["topic"].removeprefix("logreg_")
    bodies = document["entries"]
    if topic == "published":
        yield from _published(bodies, folder)
        return
    every = [body.get("dataset", {}) for other in documents for body in other["entries"]]
    tables = {dataset["name"]: dataset for dataset in every if "file" in dataset}
    for body in bodies:
        yield Entry(
            topic,
            body["id"],
            _dataset(body.get("dataset", {}), tables),
            body.get("params", {}),
            _expected(topic, body),
            _tolerance(topic, body, document),
            folder,
            _source(topic, body),
        )


def _published(bodies: list[dict[str, Any]], folder: Path) -> Iterator[Entry]:
    """Yield the published tables; what a collection does not say of their data, ours does."""
    ours = json.loads((FROZEN / "published.json").read_text("utf-8"))["topics"][0]["entries"]
    known = {body["id"]: body for body in ours}
    for body in bodies:
        if body["id"] not in known:
            raise ValueError(
                f"{folder} has the published table {body['id']!r}, of which nothing is known. "
                f"Expected one of {', '.join(known)}: describe its data in published.json."
            )
        about = known[body["id"]]
        topic = "breiman" if body["id"].startswith(BREIMAN) else "published"
        yield Entry(
            topic, body["id"], about["dataset"], about["params"], _rows(body["rows"], about["rows"]),
            None, folder, about["source"],
        )  # fmt: skip


def _rows(theirs: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures of a table by our names, which are unique; without those left out."""
    theirs = [row for row in theirs if row["quantity"] != "one_tree"]  # another protocol
    if len(theirs) != len(ours):
        raise ValueError(f"a table has {len(theirs)} rows, but {len(ours)} were expected.")
    return [
        {"quantity": row["quantity"], "published": str(other["published"])}
        for row, other in zip(ours, theirs, strict=True)
        if "otherwise" not in row
    ]


def _dataset(dataset: dict[str, Any], tables: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the dataset of an entry, that of another entry if it has no more than a name."""
    return tables[dataset["name"]] if set(dataset) == {"name"} else dataset


def _tolerance(topic: str, body: dict[str, Any], document: dict[str, Any]) -> Any:
    """Return the tolerance of an entry; of forests, how many means are compared altogether."""
    if topic == "random_forest":
        return {"n_means": sum(len(means_of(other["expected"])) for other in document["entries"])}
    return body.get("tolerance")


def _expected(topic: str, body: dict[str, Any]) -> Any:
    if topic in ("tree_structure", "tree_root_split", "tree_edge_cases"):
        return flat(body["expected"])
    if topic == "tree_ccp_path_sklearn":
        return in_columns(body["expected"])
    if topic == "tree_rpart":
        return body["expected"] | {"checks": body["checks"]}
    if topic.startswith("metrics_"):
        return _numbers(body["expected"])
    return body["expected"]


def _numbers(figures: Any) -> Any:
    """Return figures with numbers for 'inf' and 'nan', and for None, and for a value with a warning."""
    if isinstance(figures, dict):
        if set(figures) == {"value", "warning"}:
            return _numbers(figures["value"])
        return {name: _numbers(figure) for name, figure in figures.items()}
    if isinstance(figures, list):
        return [_numbers(figure) for figure in figures]
    return float("nan" if figures is None else figures)


def _source(topic: str, body: dict[str, Any]) -> str:
    return f"{topic} {body['call']}" if "call" in body else topic

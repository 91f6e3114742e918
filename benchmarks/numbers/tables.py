"""The data of an entry: its numbers themselves, or a CSV file that must be the very one.

What may not be passed on is read from an installed package instead: see packages.py.
"""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.numbers.entries import Entry
from benchmarks.numbers.packages import SOURCES, as_csv
from mlcore.checks import FloatArray


class Table(NamedTuple):
    """X (n, d), y (n,) and sample weights w (n,) or None."""

    X: FloatArray
    y: FloatArray
    w: FloatArray | None


def read_table(entry: Entry) -> Table:
    """Return the rows and columns of an entry; ValueError unless the file is the very one."""
    data = entry.dataset
    if "X" in data:
        X, y = (np.array(data[name], dtype=float) for name in ("X", "y"))
        return Table(X, y, np.array(data["w"], dtype=float) if "w" in data else None)
    rows = read_rows(entry)
    y, weight = _target(rows, data["target"]), data.get("sample_weight")
    X = numbers(rows, data["features"])
    used = ~np.isnan(X).any(axis=1) & np.isin(y, data.get("keep", np.unique(y)))
    X, y = X[used], y[used]
    if data.get("preprocess", "").startswith("standardize"):
        X = standardised(X)
    if "map" in data:
        y = np.array([float(data["map"][f"{label:g}"]) for label in y])
    return Table(X, y, numbers(rows, [weight])[used, 0] if weight else None)


def read_rows(entry: Entry) -> list[dict[str, str]]:
    """Return the rows of an entry's file, or of the package's table that takes its place.

    ValueError unless it has the very bytes; DataNotAtHand where neither is there but may be missing.
    """
    data = entry.dataset
    return _rows(entry.folder / data["file"], data["sha256"])


def standardised(X: FloatArray) -> FloatArray:
    """Return the columns with mean 0 and deviation 1 (ddof 0)."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def numbers(rows: list[dict[str, str]], columns: list[str]) -> FloatArray:
    """Return some columns (n, d), nan where a cell is empty."""
    cells = [float(row[name] or "nan") for row in rows for name in columns]
    return np.reshape(cells, (len(rows), len(columns)))


def _target(rows: list[dict[str, str]], column: str) -> FloatArray:
    """Return a column (n,) of numbers, or the place of each name among the sorted names."""
    try:
        return numbers(rows, [column])[:, 0]
    except ValueError:
        names = [row[column] for row in rows]
        return np.unique(names, return_inverse=True)[1].astype(np.float64)


@cache
def _rows(path: Path, sha256: str) -> list[dict[str, str]]:
    content = _content(path)
    seen = hashlib.sha256(content).hexdigest()
    if seen != sha256:
        raise ValueError(
            f"{path} has the sha256 {seen[:8]}…, but {sha256[:8]}… was expected, so the references "
            "do not apply to it. Restore the file."
        )
    return list(csv.DictReader(content.decode("utf-8").splitlines()))


def _content(path: Path) -> bytes:
    """Return the bytes of a file, with line ends as git may not have left them."""
    if path.is_file() or path.stem not in SOURCES:
        return path.read_bytes().replace(b"\r\n", b"\n")
    return as_csv(path.stem).encode("utf-8")

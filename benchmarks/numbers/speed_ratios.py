"""A few cells of ``benchmarks speed``, in a process of its own with one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.speed import THREAD_VARIABLES

TABLES = ("logistic", "trees", "forests", "metrics", "shap")
HOW = "python -m benchmarks speed"


class Ratio(NamedTuple):
    """What was timed, on how many rows, and how many times faster ours is."""

    what: str
    n: int
    faster: float


def measured() -> list[Ratio]:
    """Return the ratios of the quick cells, none where scikit-learn is not installed."""
    if find_spec("sklearn") is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speed.json"
        only = [f"--only={name}" for name in TABLES]
        command = [sys.executable, "-m", "benchmarks", "speed", "--quick", f"--json={path}", *only]
        one = dict.fromkeys(THREAD_VARIABLES, "1")
        subprocess.run(command, env=os.environ | one, check=True, stdout=subprocess.DEVNULL)
        return ratios(json.loads(path.read_text("utf-8")))


def ratios(figures: dict[str, Any]) -> list[Ratio]:
    """Return the ratios among the figures of the speed command."""
    found = []
    for name, rows in figures.items():
        if name.startswith("logistic"):
            kind = name.partition(", ")[2] or "make_classification"
            found += [Ratio(f"logistic, {kind}", row["n"], 1 / row["ratio"]) for row in rows]
        elif name == "metrics":
            found += [Ratio(row["what"], row["n"], row["ratio"]) for row in rows]
        elif name == "shap":  # without the package there is no ratio
            found += [
                Ratio(f"TreeSHAP, {row['trees']} trees", row["n"], row["ratio"])
                for row in rows
                if row["ratio"] is not None
            ]
        elif name in TABLES:
            kind = "a tree" if name == "trees" else "a forest"
            found += [Ratio(f"{kind}, {row['what']}", row["n"], row["ratio"]) for row in rows]
    return found


def show(found: list[Ratio]) -> str:
    """Return the ratios as lines, or how to get them."""
    if not found:
        return f'Speed: {HOW} (needs pip install -e ".[bench]").'
    head = "Speed on one thread, times as fast as scikit-learn (TreeSHAP: as the shap package):"
    rows = [f"  {ratio.what:40}{ratio.n:>7} rows{ratio.faster:7.2f}" for ratio in found]
    return "\n".join([head, *rows])

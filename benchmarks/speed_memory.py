"""Peak memory of a fit of ours and of scikit-learn's, each in a fresh process.

How far a fit lifts the process's peak: after the imports, the data and a fit of 200 rows, which
loads what is loaded late. The data come from a file, as making them would lift the peak beforehand.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.speed_data import DATA
from benchmarks.speed_trees import OURS, THEIRS, Cell, make

TARGET = 1.5  # ours may need so many times scikit-learn's
WARM_UP = 200


class MemoryCell(NamedTuple):
    """Kind of data, rows, and trees: 0 for a lone tree."""

    kind: str
    n: int
    trees: int


class MemoryLine(NamedTuple):
    """MB by which a fit lifts the peak."""

    what: str
    n: int
    trees: int
    theirs: float
    ours: float

    @property
    def ratio(self) -> float:
        """Ours as a multiple of theirs."""
        return self.ours / self.theirs if self.theirs else np.inf

    @property
    def reached(self) -> bool:
        """Whether ours is as small as aimed at, as printed."""
        return round(self.ratio, 2) <= TARGET

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        return self._asdict() | {"ratio": self.ratio, "target": TARGET, "reached": self.reached}


def memory_lines(cells: Iterable[MemoryCell]) -> Iterator[MemoryLine]:
    """Yield the line of each cell."""
    for cell in cells:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.npz"
            X, y = DATA[cell.kind](cell.n)
            np.savez(path, X=X, y=y)
            grown = {who: growth_in_fresh_process(who, cell, path) for who in (THEIRS, OURS)}
        yield MemoryLine(cell.kind, cell.n, cell.trees or 1, grown[THEIRS], grown[OURS])


def growth_in_fresh_process(who: str, cell: MemoryCell, path: Path) -> float:
    """Return the MB by which one fit lifts the peak of a process that does nothing else."""
    arguments = [who, cell.kind, str(cell.trees), str(path)]
    command = [sys.executable, "-m", "benchmarks.speed_memory", *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def growth(who: str, kind: str, trees: int, path: Path) -> float:
    """Return the MB by which one fit lifts the peak of this process."""
    with np.load(path) as data:
        X, y = data["X"], data["y"]
    cell = Cell(kind, len(X), trees)
    make(who, cell).fit(X[:WARM_UP], y[:WARM_UP])
    before = peak()
    make(who, cell).fit(X, y)
    return peak() - before


def peak() -> float:
    """Return the most memory that this process has ever held, in MB.

    On Linux getrusage tells of the parent as well, where that held more before it started this
    process, so the kernel's own mark is read there.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        marks = [row.split()[1] for row in status.read_text().splitlines() if row[:6] == "VmHWM:"]
        return int(marks[0]) * 1024 / 1e6
    import resource  # which Windows has not

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def show(lines: list[MemoryLine]) -> str:
    """Return the table."""
    head = (
        "Trees and forests: MB by which a fit lifts the peak memory of a fresh process\n"
        f"{'':20}{'n':>8}{'trees':>7}{'sklearn':>10}{'ours':>9}{'ours / theirs':>15}{'at most':>9}"
    )
    rows = [
        f"{line.what:20}{line.n:8}{line.trees:7}{line.theirs:10.1f}{line.ours:9.1f}"
        f"{line.ratio:15.2f}{TARGET:9g}{'' if line.reached else '  above'}"
        for line in lines
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    print(growth(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])))

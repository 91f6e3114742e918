"""Speed: our fits beside scikit-learn's, in one run and on one thread. No time fails the run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.speed_logistic import (
    Cell,
    Line,
    MemoryLine,
    independent,
    logistic_lines,
    memory_lines,
    show,
    show_memory,
)
from mlcore.files import write_whole
from risk.cli import at_least

CELLS: tuple[Cell, ...] = ((1_000, 20), (10_000, 20), (100_000, 20), (10_000, 100))
MEMORY_CELLS: tuple[Cell, ...] = ((100_000, 20), (10_000, 100))
QUICK_CELLS: tuple[Cell, ...] = ((1_000, 20), (10_000, 20))
QUICK_MEMORY_CELLS: tuple[Cell, ...] = ((10_000, 20),)
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add ``speed`` to the command line."""
    command = commands.add_parser("speed", help="whole fits, timed beside scikit-learn's")
    command.add_argument("--quick", action="store_true", help="the small cells, in fewer rounds")
    command.add_argument(
        "--repeats", type=at_least(1), metavar="N", help="rounds, the best counts (7; quick 3)"
    )
    command.add_argument("--json", metavar="OUT", help="write the figures as JSON as well")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every table; first start anew if this process may use more than one thread."""
    if find_spec("sklearn") is None:
        message = 'scikit-learn is not installed: get it by pip install -e ".[bench]".'
        print(f"benchmarks: {message}", file=sys.stderr)
        return 2
    if any(os.environ.get(variable) != "1" for variable in THREAD_VARIABLES):
        return run_on_one_thread(options)
    repeats = options.repeats or (3 if options.quick else 7)
    print(header(repeats), flush=True)
    cells = QUICK_CELLS if options.quick else CELLS
    logistic = logistic_lines(cells, repeats)
    print("\n" + show(logistic), flush=True)
    easy = logistic_lines(cells, repeats, independent)
    print("\n" + show(easy, "independent columns"), flush=True)
    memory = memory_lines(QUICK_MEMORY_CELLS if options.quick else MEMORY_CELLS)
    print("\n" + show_memory(memory))
    if options.json:
        return write_figures(options.json, repeats, logistic, easy, memory)
    return 0


def run_on_one_thread(options: argparse.Namespace) -> int:
    """Run the same command with one BLAS thread, which only holds if set before NumPy loads."""
    arguments = ["--quick"] if options.quick else []
    if options.repeats:
        arguments.append(f"--repeats={options.repeats}")
    if options.json:
        arguments.append(f"--json={options.json}")
    command = [sys.executable, "-m", "benchmarks", "speed", *arguments]
    one = dict.fromkeys(THREAD_VARIABLES, "1")
    return subprocess.run(command, env=os.environ | one, check=False).returncode


def versions() -> dict[str, str]:
    """Return the versions that the figures depend on."""
    names = {"NumPy": "numpy", "SciPy": "scipy", "scikit-learn": "scikit-learn"}
    found = {label: version(name) for label, name in names.items()}
    return {"Python": platform.python_version(), **found}


def header(repeats: int) -> str:
    """Return what all the tables have in common."""
    names = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"{names}; one thread of {os.cpu_count()} CPUs; best of {repeats} rounds"


def write_figures(
    path: str, repeats: int, logistic: list[Line], easy: list[Line], memory: list[MemoryLine]
) -> int:
    """Write the figures as JSON; return 0, or 2 when path cannot be written."""
    figures = {
        "versions": versions(),
        "cpus": os.cpu_count(),
        "repeats": repeats,
        "logistic": [line._asdict() | {"ratio": line.ratio} for line in logistic],
        "logistic, independent columns": [line._asdict() | {"ratio": line.ratio} for line in easy],
        "memory": [line._asdict() for line in memory],
    }
    try:
        with write_whole(path) as file:
            file.write(json.dumps(figures, indent=2).encode("utf-8"))
    except OSError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0

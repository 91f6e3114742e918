"""Speed: our fits beside scikit-learn's, in one run and on one thread. No time fails the run."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, NamedTuple

from benchmarks import (
    speed_cells,
    speed_logistic,
    speed_memory,
    speed_metrics,
    speed_shap,
    speed_trees,
)
from benchmarks.figures_file import write_json
from benchmarks.speed_logistic import Cell, independent, logistic_lines
from risk.options import at_least

CELLS: tuple[Cell, ...] = ((1_000, 20), (10_000, 20), (100_000, 20), (10_000, 100))
MEMORY_CELLS: tuple[Cell, ...] = ((100_000, 20), (10_000, 100))
QUICK_CELLS: tuple[Cell, ...] = ((1_000, 20), (10_000, 20))
QUICK_MEMORY_CELLS: tuple[Cell, ...] = ((10_000, 20),)
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Table(NamedTuple):
    """A table as printed, and its figures under the name they have in the JSON file."""

    name: str
    text: str
    rows: list[dict[str, Any]]


def logistic(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the tables of logistic regression."""
    cells = QUICK_CELLS if quick else CELLS
    kinds = {"make_classification": None, "independent columns": independent}
    for kind, table in kinds.items():
        lines = logistic_lines(cells, repeats, table)
        rows = [line._asdict() | {"ratio": line.ratio} for line in lines]
        name = "logistic" if table is None else f"logistic, {kind}"
        yield Table(name, speed_logistic.show(lines, kind), rows)
    memory = speed_logistic.memory_lines(QUICK_MEMORY_CELLS if quick else MEMORY_CELLS)
    rows = [line._asdict() for line in memory]
    yield Table("memory", speed_logistic.show_memory(memory), rows)


def trees(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of one tree of two classes."""
    yield fits("One tree", "trees", speed_cells.tree_cells(quick), repeats)


def forests(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of forests of two classes."""
    yield fits("Forests", "forests", speed_cells.forest_cells(quick), repeats)


def others(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of trees and forests for numbers and for five classes."""
    title = "Regression and five classes"
    yield fits(title, "regression and five classes", speed_cells.other_cells(quick), repeats)


def jobs(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of forests grown by two workers."""
    yield fits("Forests, n_jobs=2 of both", "two jobs", speed_cells.job_cells(quick), repeats)


def fits(title: str, name: str, cells: list[speed_trees.Cell], repeats: int) -> Table:
    """Return the table of some whole fits."""
    lines = list(speed_trees.fit_lines(cells, repeats))
    text = speed_trees.show(f"{title}: ms of a whole fit to full depth", lines)
    return Table(name, text, [line.record() for line in lines])


def prediction(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of predictions."""
    grown_on = speed_trees.QUICK_GROWN_ON if quick else speed_trees.GROWN_ON
    sizes = speed_cells.prediction_sizes(quick)
    cells = speed_cells.prediction_cells()
    lines = list(speed_trees.prediction_lines(cells, sizes, grown_on, repeats))
    title = f"Prediction: ms for n new rows, by trees grown on {grown_on} of make_classification"
    yield Table("prediction", speed_trees.show(title, lines), [line.record() for line in lines])


def memory(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of the peak memory of trees and forests."""
    lines = list(speed_memory.memory_lines(speed_cells.memory_cells(quick)))
    rows = [line.record() for line in lines]
    yield Table("memory of trees and forests", speed_memory.show(lines), rows)


def metrics(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of the scores of a ranking."""
    n = speed_metrics.QUICK_N if quick else speed_metrics.N
    lines = list(speed_metrics.metric_lines(n, repeats))
    yield Table("metrics", speed_metrics.show(lines), [line.record() for line in lines])


def shap(quick: bool, repeats: int) -> Iterator[Table]:
    """Yield the table of Shapley values of forests."""
    trees = speed_shap.QUICK_TREES if quick else speed_shap.TREES
    sizes = speed_shap.QUICK_SIZES if quick else speed_shap.SIZES
    grown_on = speed_trees.QUICK_GROWN_ON if quick else speed_trees.GROWN_ON
    lines = list(speed_shap.shap_lines(trees, sizes, grown_on, repeats, speed_shap.explainers()))
    yield Table("shap", speed_shap.show(lines), [line.record() for line in lines])


TABLES: dict[str, Callable[[bool, int], Iterator[Table]]] = {
    "logistic": logistic,
    "trees": trees,
    "forests": forests,
    "others": others,
    "prediction": prediction,
    "jobs": jobs,
    "memory": memory,
    "metrics": metrics,
    "shap": shap,
}


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add ``speed`` to the command line."""
    command = commands.add_parser("speed", help="whole fits, timed beside scikit-learn's")
    command.add_argument("--quick", action="store_true", help="the small cells, in fewer rounds")
    command.add_argument(
        "--repeats", type=at_least(1), metavar="N", help="rounds, the best counts (7; quick 3)"
    )
    command.add_argument(
        "--only", choices=TABLES, metavar="NAME", action="append", help="some of: %(choices)s"
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
    figures: dict[str, Any] = {"versions": versions(), "cpus": os.cpu_count(), "repeats": repeats}
    for name in options.only or TABLES:
        for table in TABLES[name](options.quick, repeats):
            print("\n" + table.text, flush=True)
            figures[table.name] = table.rows
    return write_figures(options.json, figures)


def run_on_one_thread(options: argparse.Namespace) -> int:
    """Run the same command with one BLAS thread, which only holds if set before NumPy loads."""
    arguments = ["--quick"] if options.quick else []
    if options.repeats:
        arguments.append(f"--repeats={options.repeats}")
    arguments += [f"--only={name}" for name in options.only or ()]
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
    return f"{names}; one thread of {os.cpu_count()} CPUs; best of up to {repeats} rounds"


def write_figures(path: str | None, figures: dict[str, Any]) -> int:
    """Write the figures as JSON; return 0, or 2 when path cannot be written."""
    try:
        write_json(path, figures)
    except OSError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    return 0

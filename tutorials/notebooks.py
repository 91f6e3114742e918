"""Notebooks made from the scripts: python -m tutorials notebooks [--check] [--only NN].

Each script is run in a fresh kernel and written with its outputs, so that it reads on a page. The
check compares source and text outputs; pictures need not be the same bytes. Needs the extra
``notebooks`` (jupytext, nbclient).
"""

from __future__ import annotations

import base64
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MOST_BYTES = 400_000
# What may differ from run to run or from one processor to another: addresses in memory, times, and
# numbers so small that they are what rounding left.
VARIES = re.compile(r"0x[0-9a-f]+|\d+(\.\d+)? ?(ms|µs|s)\b|\d+(\.\d+)? times\b|-?\d(\.\d+)?e-\d\d")


def make(only: str | None, check: bool) -> int:
    """Make the notebooks, or compare them; return the exit status."""
    wrong = []
    for script in sorted(HERE.glob("[0-9][0-9]_*.py")):
        if only is not None and int(script.name[:2]) != int(only):
            continue
        target = script.with_suffix(".ipynb")
        new = executed(script)
        if check:
            wrong += [f"{target.name}: {fault}" for fault in faults(target, new)]
            continue
        text = written(new)
        target.write_text(text, "utf-8")
        print(f"{target.name}: {len(text) / 1000:.0f} kB")
    for sentence in wrong:
        print(f"tutorials: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


def executed(script: Path) -> Any:
    """Return the notebook of a script, with its outputs."""
    import jupytext
    from nbclient import NotebookClient

    # A figure is shown where the cell that made it ends, without a call.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    notebook = jupytext.read(script)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    where = {"metadata": {"path": str(HERE)}}
    # Lines printed far apart in time would else be two outputs, on a slow machine only.
    NotebookClient(notebook, timeout=120, resources=where, coalesce_streams=True).execute()
    return tidy(notebook)


def tidy(notebook: Any) -> Any:
    """Return a notebook without what changes at each run: ids, times, counts of execution."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                output.pop("execution_count", None)
                output.get("metadata", {}).clear()
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = fewer_colours(output.data["image/png"])
    return notebook


def fewer_colours(png: str) -> str:
    """Return a picture in 64 colours: a third of the bytes, and no eye can tell."""
    from PIL import Image

    small = io.BytesIO()
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture.quantize(64, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return base64.b64encode(small.getvalue()).decode()


def written(notebook: Any) -> str:
    """Return a notebook as the text of its file."""
    import nbformat

    return str(nbformat.writes(notebook, version=4)) + "\n"


def faults(target: Path, new: Any) -> list[str]:
    """Return in what a notebook file is not what its script makes."""
    import nbformat

    if not target.is_file():
        return ["it is not there; make it with: python -m tutorials notebooks"]
    found = []
    if target.stat().st_size > MOST_BYTES:
        found.append(f"it has {target.stat().st_size} bytes, and {MOST_BYTES} are the most")
    old = nbformat.read(target, as_version=4)
    if "widgets" in old.metadata:
        found.append("it carries the state of widgets")
    if [c.source for c in old.cells] != [c.source for c in new.cells]:
        found.append("its cells are not the script's; make it anew")
    elif [texts(c) for c in old.cells] != [texts(c) for c in new.cells]:
        at = next(
            i
            for i, (a, b) in enumerate(zip(old.cells, new.cells, strict=True))
            if texts(a) != texts(b)
        )
        found.append(f"the output of cell {at} is not what the script prints; make it anew")
    return found


def texts(cell: Any) -> list[str]:
    """Return the text outputs of a cell, without what may vary; a picture counts as a picture."""
    if cell.cell_type != "code":
        return []
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append(VARIES.sub("~", output.text))
        elif output.output_type == "error":
            found.append(output.ename)
        elif "image/png" in output.data or "image/svg+xml" in output.data:
            found.append("(a picture)")
        else:
            found.append(VARIES.sub("~", output.data.get("text/plain", "")))
    return found

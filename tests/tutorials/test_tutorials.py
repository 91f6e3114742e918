"""Tutorials run as plain scripts from any folder, the list knows them, and notebooks are theirs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutorials.__main__ import HERE, main, titles
from tutorials.notebooks import MOST_BYTES, VARIES

SCRIPTS = sorted(HERE.glob("[0-9][0-9]_*.py"))
QUICK = SCRIPTS[:2]  # all of them together take half a minute: .ci/run does that


@pytest.mark.parametrize("script", QUICK, ids=lambda p: p.stem)
def test_script_runs_from_any_folder(script, tmp_path):
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"MPLBACKEND": "agg"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(Path(tmp_path).iterdir()) == []


def test_the_list_names_every_script(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    assert len(SCRIPTS) == len(titles()) >= 1
    assert all(path.name in out for path in SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_the_notebook_has_the_scripts_cells_and_is_small(script):
    target = script.with_suffix(".ipynb")
    assert target.stat().st_size <= MOST_BYTES
    notebook = json.loads(target.read_text("utf-8"))
    assert "widgets" not in notebook["metadata"]
    written = "".join("".join(cell["source"]) for cell in notebook["cells"])
    code = [line for line in script.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(line in written for line in code if line.strip())
    code_cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert any(cell["outputs"] for cell in code_cells)
    assert not any(o["output_type"] == "error" for cell in code_cells for o in cell["outputs"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_every_exercise_is_named_by_a_tutorial_that_shows_the_library_itself(script):
    text = script.read_text("utf-8")
    if script.name[:2] not in ("00", "11"):
        assert "inspect.getsource" in text and "python -m tutorials check" in text
    assert "## Where to read on" in text


def test_what_differs_from_run_to_run_is_no_fault():
    assert VARIES.sub("~", "12.5 ms at 0x7f01, 1.2e-16") == "~ at ~, ~"

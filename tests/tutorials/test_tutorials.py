"""Every tutorial runs as a plain script from any folder, and the list knows it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutorials.__main__ import HERE, main, titles

SCRIPTS = sorted(HERE.glob("[0-9][0-9]_*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
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

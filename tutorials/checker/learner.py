"""The learner's own folder: stubs are put there once, and nothing in it is ever overwritten."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tutorials.checker.stubs import solutions, stub_of
from tutorials.checker.worker import exercise_of

FOLDER = "my_exercises"
SECONDS = 10.0  # that a check may take
PASSED = ".passed.json"  # name -> digest of the file that passed
ROOT = Path(__file__).parent.parent.parent


def start(folder: Path) -> list[Path]:
    """Put the stubs that are not there yet into a folder, and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    new = []
    for solution in solutions():
        target = folder / solution.name
        if not target.exists():
            with open(target, "x", encoding="utf-8") as file:
                file.write(stub_of(solution.read_text("utf-8")))
            new.append(target)
    return new


def check(name: str, file: Path) -> dict[str, Any]:
    """Return the verdict on a learner's file, from a process of its own."""
    if not file.is_file():
        return {"state": "failed", "sentence": f"{file} is not there: python -m tutorials start"}
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    worker = [sys.executable, "-m", "tutorials.checker.worker"]
    command = [*worker, name, str(file.resolve()), str(SECONDS)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", env=environment,
            cwd=ROOT, timeout=SECONDS + 10, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    except subprocess.TimeoutExpired:
        return {"state": "failed", "sentence": "it did not end, and had to be stopped"}
    except ValueError:
        return {
            "state": "failed",
            "sentence": "it ended the whole program: is there an exit in it?",
        }


def hint_of(name: str) -> str:
    """Return an exercise's hint."""
    return exercise_of(name).hint


def passed(folder: Path) -> dict[str, str]:
    """Return which files passed, by their digest."""
    try:
        known = json.loads((folder / PASSED).read_text("utf-8"))
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError):
        return {}


def remember(folder: Path, name: str, file: Path) -> None:
    """Note that a file passed as it is now."""
    known = passed(folder) | {name: digest(file)}
    (folder / PASSED).write_text(json.dumps(known, indent=1), "utf-8")


def is_passed(folder: Path, name: str) -> bool:
    """Return whether the file has passed and not been changed since."""
    file = folder / f"{name}.py"
    return file.is_file() and passed(folder).get(name) == digest(file)


def digest(file: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()

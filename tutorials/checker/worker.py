"""Check one file in a process of its own: python -m tutorials.checker.worker NAME FILE SECONDS.

Writes the verdict as JSON to standard output, whatever the learner's code does: what it prints is
caught, and a watchdog stops it when it runs too long and says in which line it was.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from tutorials.checker.exercise import Exercise
from tutorials.checker.judge import NO_ERROR, Failure, Raised, argument_names, judge, raised
from tutorials.checker.messages import shown
from tutorials.checker.stubs import EXERCISES


def load(path: Path, name: str) -> Any:
    """Return the module in a file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def exercise_of(name: str) -> Exercise:
    """Return the exercise of a file name such as 01_sigmoid."""
    exercise = load(EXERCISES / "checks" / f"{name}.py", f"check_{name}").EXERCISE
    assert isinstance(exercise, Exercise)
    return exercise


def verdict(name: str, file: Path) -> dict[str, Any]:
    """Return what was found: {"state": "passed" or "failed" or "untouched", ...}."""
    exercise = exercise_of(name)
    text = file.read_text("utf-8")
    try:
        compile(text, str(file), "exec")
    except SyntaxError as error:
        return {"state": "failed", "sentence": f"line {error.lineno} cannot be read: {error.msg}"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            function = getattr(load(file, f"learner_{name}"), exercise.name)
        except AttributeError:
            return {"state": "failed", "sentence": f"there is no function {exercise.name} in it"}
        except Exception as error:
            return {"state": "failed", "sentence": f"reading it {words(raised(error, str(file)))}"}
        failure = judge(exercise, function, str(file))
        used = ""
        if failure is None and exercise.use is not None:
            try:
                used = exercise.use(function)
            except Exception as error:
                failure = Failure("in use", (), NO_ERROR, raised(error, str(file)), "", "")
    found = {"printed": printed.getvalue()[:200], "title": exercise.title}
    if failure is None:
        return found | {"state": "passed", "used": used}
    if isinstance(failure.got, Raised) and failure.got.error.startswith("NotImplementedError"):
        return found | {"state": "untouched"}
    return found | {"state": "failed"} | told(failure, function)


def told(failure: Failure, function: Any) -> dict[str, Any]:
    """Return a failure in words."""
    names = argument_names(function, len(failure.args))
    of_error = isinstance(failure.got, Raised)  # then the value got says it all
    return {
        "check": failure.check,
        "args": [f"{name} = {shown(v)}" for name, v in zip(names, failure.args, strict=True)],
        "expected": NO_ERROR if failure.expected is NO_ERROR else shown(failure.expected),
        "got": words(failure.got) if of_error else shown(failure.got),
        "sentence": "" if of_error else failure.sentence,
        "diagnosis": failure.diagnosis,
    }


def words(error: Raised) -> str:
    """Return an error in words."""
    return f"raised {error.error}" + (f" in line {error.line}" if error.line else "")


def watch(file: Path, seconds: float, out: Any) -> None:
    """Write a verdict and stop the process: it has run too long."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    line = None
    while frame is not None:
        if frame.f_code.co_filename == str(file):
            line = frame.f_lineno
            break
        frame = frame.f_back
    where = f", in line {line}" if line else ""
    out.write(json.dumps({"state": "failed", "sentence": TOO_LONG.format(seconds, where)}))
    out.flush()
    os._exit(0)


TOO_LONG = (
    "it was still running after {:g} seconds{}. Does the loop end? If so it is far too slow: let NumPy "
    "work on whole arrays"
)


def main() -> None:
    """Check the file that was named."""
    name, file, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    np.seterr(all="ignore")
    timer = threading.Timer(seconds, watch, (file, seconds, out))
    timer.daemon = True
    timer.start()
    sys.setrecursionlimit(2000)
    found = verdict(name, file)
    timer.cancel()
    out.write(json.dumps(found))
    out.flush()
    os._exit(0)  # also where the learner's code left threads behind


if __name__ == "__main__":
    main()

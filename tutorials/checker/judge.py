"""Run the checks of one exercise on one function, and say what the first failure is."""

from __future__ import annotations

import copy
import inspect
import re
import traceback
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from tutorials.checker.exercise import Exercise, Function, Mistake

SEED = 20


class Failure(NamedTuple):
    """The first check that failed."""

    check: str  # which, in words
    args: tuple[Any, ...]
    expected: Any
    got: Any
    sentence: str  # what is wrong with what was got, or ""
    diagnosis: str  # the known mistake it is, or ""


class Raised(NamedTuple):
    """What a function raised instead of returning, and the line of its own that did."""

    error: str
    line: int | None


def judge(exercise: Exercise, function: Function, file: str = "") -> Failure | None:
    """Return the first failure, or None when every check passes. ``file`` is the learner's."""
    with np.errstate(all="ignore"):  # a wrong value is shown; no warning need come before it
        for place, (check, args, expected, got) in enumerate(attempts(exercise, function, file)):
            if isinstance(got, Changed):
                changed = CHANGED.format(argument_names(function, len(args))[got.which])
                return Failure(check, args, expected, got.result, changed, "")
            sentence = difference(got, expected, exercise.tolerance)
            if sentence is not None:
                if check.startswith("property"):  # got is made of answers, and is not one
                    known = diagnosis_of_claim(exercise, place, got)
                else:
                    known = diagnosis(exercise, args, got)
                    known = known or by_chance(exercise, function, args, got)
                return Failure(check, args, expected, got, sentence, known)
    return None


CHANGED = "the function changed its argument {}; work on a copy of it"


def argument_names(function: Function, count: int) -> list[str]:
    """Return what the function calls its first arguments, or their numbers where it does not say."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    return (names + [str(i + 1) for i in range(len(names), count)])[:count]


class Changed(NamedTuple):
    """A function that returned a result but changed an argument."""

    result: Any
    which: int


def attempts(
    exercise: Exercise, function: Function, file: str
) -> Iterator[tuple[str, tuple[Any, ...], Any, Any]]:
    """Yield each check: its name, the arguments, what was expected and what was got."""
    for case in exercise.by_hand:
        why = f" ({case.why})" if case.why else ""
        yield f"by hand{why}", case.args, case.expected, call(function, case.args, file)
    rng = np.random.default_rng(SEED)
    for name, claims in exercise.properties:
        last: list[tuple[Any, ...]] = [()]  # what the function was called with when it failed

        def watched(*args: Any, last: list[tuple[Any, ...]] = last) -> Any:
            last[0] = copy.deepcopy(args)
            return function(*args)

        try:
            yield from (("property: " + name, *claim) for claim in claims(watched, rng))
        except Exception as error:
            yield "property: " + name, last[0], NO_ERROR, raised(error, file)
    for _ in range(exercise.tries):
        args = exercise.inputs(rng)
        expected = exercise.slow(*copy.deepcopy(args))
        yield "agreement with the slow version", args, expected, call(function, args, file)


NO_ERROR = "no error"


def call(function: Function, args: tuple[Any, ...], file: str = "") -> Any:
    """Return what a function returns, or Raised, or Changed."""
    given = copy.deepcopy(args)
    try:
        result = function(*given)
    except Exception as error:
        return raised(error, file)
    for which, (before, after) in enumerate(zip(args, given, strict=True)):
        if difference(after, before, 0.0) is not None:
            return Changed(result, which)
    return result


def raised(error: BaseException, file: str) -> Raised:
    """Return the error in words, and the last line of the learner's file it came through."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return Raised(f"{type(error).__name__}: {error}", lines[-1] if lines else None)


def difference(got: Any, expected: Any, tolerance: float) -> str | None:
    """Return in words how two values differ, or None where they do not.

    >>> difference(0.5, 0.5 + 1e-12, 1e-9), difference(np.zeros(2), np.zeros(3), 1e-9)
    (None, 'the shape is (2,), but (3,) was expected')
    """
    if isinstance(got, Raised):
        where = f" in line {got.line}" if got.line else ""
        return f"it raised {got.error}{where}"
    if callable(expected) and not isinstance(expected, type):
        return None  # a function among the arguments cannot be changed
    if got is None and expected is not None:
        return "it returned None: is a return missing?"
    if isinstance(expected, dict):
        return of_dicts(got, expected, tolerance)
    if isinstance(expected, list | tuple) and not _numeric(expected):
        return of_sequences(got, expected, tolerance)
    return of_arrays(got, expected, tolerance)


def _numeric(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except ValueError:
        return False


def of_dicts(got: Any, expected: dict[Any, Any], tolerance: float) -> str | None:
    """Compare two dictionaries, key by key."""
    if not isinstance(got, dict):
        return f"a dict was expected, not {type(got).__name__}"
    if set(got) != set(expected):
        return (
            f"the keys are {sorted(map(str, got))}, but {sorted(map(str, expected))} were expected"
        )
    for key in expected:
        found = difference(got[key], expected[key], tolerance)
        if found is not None:
            return f"at {key!r}: {found}"
    return None


def of_sequences(got: Any, expected: Any, tolerance: float) -> str | None:
    """Compare two sequences, place by place."""
    if not isinstance(got, list | tuple | np.ndarray):
        return f"{len(expected)} values were expected, not {type(got).__name__}"
    if len(got) != len(expected):
        return f"there are {len(got)} values, but {len(expected)} were expected"
    for i, (one, other) in enumerate(zip(got, expected, strict=True)):
        found = difference(one, other, tolerance)
        if found is not None:
            return f"in place {i}: {found}"
    return None


def of_arrays(got: Any, expected: Any, tolerance: float) -> str | None:
    """Compare two values as arrays."""
    try:
        ours, theirs = np.asarray(got), np.asarray(expected)
    except ValueError:
        return f"its parts differ in shape: an array of shape {np.shape(expected)} was expected"
    if ours.shape != theirs.shape:
        if theirs.ndim == 0:
            return f"it is an array of shape {ours.shape}, but a single number was expected"
        if ours.ndim == 0 and ours.dtype.kind in "biuf":
            return f"it is a single number, but an array of shape {theirs.shape} was expected"
        return f"the shape is {ours.shape}, but {theirs.shape} was expected"
    if theirs.dtype.kind not in "biuf" or ours.dtype.kind not in "biuf":
        return None if (ours == theirs).all() else "the values differ"
    ours, theirs = ours.astype(np.float64), theirs.astype(np.float64)
    if np.allclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True):
        if isinstance(expected, np.ndarray) and isinstance(got, list | tuple):
            return f"the values are right, but in a {type(got).__name__}: np.array(...) makes an array of it"
        return None
    if ours.size > 1:
        close = np.isclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True)
        return f"{int((~close).sum())} of {ours.size} values differ"
    return "the values differ"


def diagnosis(exercise: Exercise, args: tuple[Any, ...], got: Any) -> str:
    """Return what the known mistake is whose answer was got, or ""."""
    for mistake in exercise.mistakes:
        if is_it(mistake, args, got, exercise.tolerance):
            return mistake.diagnosis
    if isinstance(got, Raised):
        return next((meaning for words, meaning in MEANINGS.items() if words in got.error), "")
    return ""


MEANINGS = {  # of errors that beginners meet, by their words
    "truth value of an array": "`if`, `and`, `or` and `while` take one truth value, not an array of them: "
    "np.where chooses entry by entry, & and | combine, .any() and .all() sum up",
    "could not be broadcast": "the two shapes do not fit: a (n,) meets the columns of a table; "
    "v[:, None] makes it a column (n, 1), which meets the rows",
    "mismatch in its core dimension": "for A @ B the columns of A must be as many as the rows of B; A.T "
    "turns a table round",
    "only 0-dimensional": "the functions of math take one number; np.exp and its like take arrays",
    "Cannot cast ufunc": "the array holds whole numbers and cannot take others; make a new array",
    "RecursionError": "the function calls itself and does not stop: say first when it is done",
}


def by_chance(exercise: Exercise, function: Function, args: tuple[Any, ...], got: Any) -> str:
    """Return that a function does not answer alike twice, or ""."""
    again = call(function, args)
    if not _numeric(got) or difference(again, got, exercise.tolerance) is None:
        return ""
    return (
        "called again with the same arguments it gave another answer: use what you are given, "
        "draw nothing"
    )


def diagnosis_of_claim(exercise: Exercise, place: int, got: Any) -> str:
    """Return the known mistake whose first failure is the same claim, in the same way, or ""."""
    for mistake in exercise.mistakes:
        for number, (_, _, expected, found) in enumerate(attempts(exercise, mistake.function, "")):
            answer = found.result if isinstance(found, Changed) else found
            if difference(answer, expected, exercise.tolerance) is not None:
                if number == place and alike(got, answer, exercise.tolerance):
                    return mistake.diagnosis
                break
    return ""


def is_it(mistake: Mistake, args: tuple[Any, ...], got: Any, tolerance: float) -> bool:
    """Return whether a wrong function gives the answer that was got."""
    wrong = call(mistake.function, args)
    if isinstance(wrong, Changed):
        wrong = wrong.result
    return alike(got, wrong, tolerance)


def alike(got: Any, wrong: Any, tolerance: float) -> bool:
    """Return whether two answers are the same, or the same error."""
    if isinstance(wrong, Raised) or isinstance(got, Raised):
        same_kind = isinstance(wrong, Raised) and isinstance(got, Raised)
        return same_kind and without_numbers(wrong.error) == without_numbers(got.error)
    return difference(got, wrong, tolerance) is None


def without_numbers(error: str) -> str:
    """Return an error's words without its numbers, such as sizes."""
    return re.sub(r"\d+", "", error)

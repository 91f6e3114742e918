"""Every solution passes, every untouched stub fails, every known mistake gets its own diagnosis."""

import importlib.util
import sys

import pytest

from tutorials.checker.judge import SEED, call, judge
from tutorials.checker.stubs import EXERCISES, readable, solutions, stub_of
from tutorials.checker.worker import exercise_of

NAMES = [path.stem for path in solutions()]
FEWEST = 24


def function_of(text, exercise):
    space = {}
    exec(compile(text, exercise.name, "exec"), space)
    return space[exercise.name]


@pytest.fixture(scope="module")
def exercises():
    return {name: exercise_of(name) for name in NAMES}


def test_there_are_enough_and_each_has_its_checks():
    assert len(NAMES) >= FEWEST
    assert [path.stem for path in sorted((EXERCISES / "checks").glob("[0-9]*.py"))] == NAMES
    assert [int(name[:2]) for name in NAMES] == list(range(1, len(NAMES) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes_and_the_stub_does_not(name, exercises):
    exercise = exercises[name]
    text = (EXERCISES / "solutions" / f"{name}.py").read_text("utf-8")
    assert judge(exercise, function_of(text, exercise)) is None
    failure = judge(exercise, function_of(stub_of(text), exercise))
    assert failure is not None and "NotImplementedError" in failure.got.error
    assert "# your turn" not in readable(text)
    if exercise.use is not None:
        assert len(exercise.use(function_of(text, exercise))) > 20


@pytest.mark.parametrize("name", NAMES)
def test_each_known_mistake_fails_with_its_own_diagnosis(name, exercises):
    exercise = exercises[name]
    assert exercise.mistakes
    for mistake in exercise.mistakes:
        failure = judge(exercise, mistake.function)
        assert failure is not None, mistake.diagnosis
        assert failure.diagnosis == mistake.diagnosis


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_hint_and_a_task(name, exercises):
    exercise = exercises[name]
    assert len(exercise.hint) > 20 and exercise.title and exercise.by_hand and exercise.properties
    assert 0 <= exercise.tutorial <= 11
    spec = importlib.util.spec_from_file_location("x", EXERCISES / "solutions" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["x"] = module
    spec.loader.exec_module(module)
    assert len(module.__doc__) > 80 and getattr(module, exercise.name).__doc__


def test_the_slow_version_is_right_by_hand(exercises):
    for exercise in exercises.values():
        for case in exercise.by_hand:
            got = call(exercise.slow, case.args)
            assert judge_value(got, case.expected, exercise.tolerance), exercise.name
    assert SEED == 20


def judge_value(got, expected, tolerance):
    from tutorials.checker.judge import difference

    return difference(got, expected, tolerance) is None

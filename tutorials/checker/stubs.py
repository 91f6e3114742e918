"""A learner's stub: the solution without what stands between its marks."""

from __future__ import annotations

from pathlib import Path

START, END = "# your turn", "# until here"
EXERCISES = Path(__file__).parent.parent / "exercises"


def solutions() -> list[Path]:
    """Return the files of the solutions, in order."""
    return sorted((EXERCISES / "solutions").glob("[0-9][0-9]_*.py"))


def stub_of(solution: str) -> str:
    """Return the text of a stub; ValueError unless every mark has its partner.

    >>> print(stub_of("def f(x):\\n    # your turn\\n    return 2 * x\\n    # until here\\n"), end="")
    def f(x):
        raise NotImplementedError("your turn")
    """
    lines: list[str] = []
    inside = False
    for line in solution.splitlines():
        mark = line.strip()
        if mark in (START, END):
            if inside == (mark == START):
                raise ValueError(f"{mark!r} stands where its partner was expected")
            inside = mark == START
            if inside:
                indent = line[: len(line) - len(line.lstrip())]
                lines.append(f'{indent}raise NotImplementedError("your turn")')
        elif not inside:
            lines.append(line)
    if inside or START not in solution:
        raise ValueError(f"a solution needs {START!r} and, after it, {END!r}")
    return "\n".join(lines) + "\n"


def readable(solution: str) -> str:
    """Return the text of a solution without the marks."""
    kept = [line for line in solution.splitlines() if line.strip() not in (START, END)]
    return "\n".join(kept) + "\n"

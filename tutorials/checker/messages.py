"""What a learner reads: values in a few characters, and a verdict in a few lines."""

from __future__ import annotations

from typing import Any

import numpy as np

MOST = 300  # characters of a value


def shown(value: Any) -> str:
    """Return a value as a learner would write it, shortened.

    >>> shown(np.array([1.0, 0.5])), shown(0.1 + 0.2), shown((1, "a"))
    ('array([1. , 0.5])', '0.3', "(1, 'a')")
    """
    if isinstance(value, float | np.floating):
        text = f"{float(value):.10g}"
    elif isinstance(value, tuple):
        inside = ", ".join(shown(part) for part in value)
        text = f"({inside},)" if len(value) == 1 else f"({inside})"
    elif isinstance(value, list):
        text = "[" + ", ".join(shown(part) for part in value) + "]"
    elif isinstance(value, np.ndarray):
        with np.printoptions(precision=6, suppress=True, threshold=30, edgeitems=4):
            text = repr(value)
    elif callable(value):
        text = getattr(value, "__name__", "a function")
    else:
        text = repr(value)
    return text if len(text) <= MOST else text[: MOST - 4] + " ..."


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop, where it begins with a word and has no end.

    >>> sentence("is a return missing?"), sentence("n u is rounded"), sentence("np.median is NaN")
    ('Is a return missing?', 'n u is rounded.', 'np.median is NaN.')
    """
    first = text.split(" ", 1)[0]
    word = first == "a" or (len(first) > 1 and first.isalpha())
    start = text[0].upper() if word else text[0]
    return start + text[1:] + ("" if text[-1] in ".?!" else ".")


def report(name: str, file: str, found: dict[str, Any], hint: str | None = None) -> str:
    """Return the lines of a verdict."""
    title = found.get("title", name)
    if found["state"] == "passed":
        lines = [f"{name}: passed. {title}"]
        if found.get("used"):
            lines.append(f"  In use: {found['used']}")
    elif found["state"] == "untouched":
        lines = [f"{name}: {title}", f"  Write it in {file}, where it says 'your turn'."]
    else:
        lines = [f"{name}: not yet. {title}", f"  File      {file}"]
        if "check" in found:
            lines += [
                f"  Check     {found['check']}",
                f"  Input     {', '.join(found['args'])}",
                f"  Expected  {found['expected']}",
                f"  Got       {found['got']}",
            ]
        for text in (found.get("sentence"), found.get("diagnosis")):
            if text:
                lines.append("  " + sentence(text))
    if found.get("printed"):
        lines.append("  Your function printed something; a function should return its answer.")
    if hint is not None:
        lines.append(f"  Hint      {hint}")
    return "\n".join(lines)

"""What a learner reads: values in a few characters, and a verdict in a few lines."""

from __future__ import annotations

import re
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


def as_sentence(text: str) -> str:
    """Return words with a capital and a full stop; code at the beginning stays as it is.

    >>> as_sentence("the sign is wrong"), as_sentence("exp(z) is large"), as_sentence("why?")
    ('The sign is wrong.', 'exp(z) is large.', 'Why?')
    """
    is_a_word = re.match(r"(a(?= [a-z])|(?!nan )[a-z]{2,})(?=[ ,:;?]|$)", text)
    end = "" if text[-1] in "?.!" else "."
    return (text[0].upper() if is_a_word else text[0]) + text[1:] + end


def report(name: str, file: str, found: dict[str, Any], hint: str | None = None) -> str:
    """Return the lines of a verdict."""
    title = found.get("title", "")
    if found["state"] == "passed":
        lines = [f"{name}: passed. {title}"]
        if found.get("used"):
            lines.append(f"  In use: {found['used']}")
    elif found["state"] == "untouched":
        lines = [f"{name}: {title}", f"  Write it in {file}, where it says 'your turn'."]
    else:
        lines = [f"{name}: not yet. {title}".rstrip(), f"  File      {file}"]
        if "check" in found:
            lines += [
                f"  Check     {found['check']}",
                f"  Input     {', '.join(found['args'])}",
                f"  Expected  {found['expected']}",
                f"  Got       {found['got']}",
            ]
        for text in (found.get("sentence"), found.get("diagnosis")):
            if text:
                lines.append(f"  {as_sentence(text)}")
    if found.get("printed"):
        lines.append("  Your function printed something; a function should return its answer.")
    if hint is None and "check" in found and not found.get("diagnosis"):
        lines.append(f"  For a hint: python -m tutorials check {name[:2]} --hint")
    if hint is not None:
        lines.append(f"  Hint      {hint}")
    return "\n".join(lines)

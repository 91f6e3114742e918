"""Our figures beside the frozen references, worked out once for all tests that look at them."""

from benchmarks.numbers.checks import check

FOUND = {}


def checked(entry):
    """Return the comparisons of a frozen entry with our figures as they are."""
    if entry.name not in FOUND:
        FOUND[entry.name] = check(entry)
    return FOUND[entry.name]

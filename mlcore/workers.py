"""Doing the same with many things in threads; NumPy lets go of the interpreter while it computes."""

from __future__ import annotations

import numbers
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def count_workers(n_jobs: int | None) -> int:
    """Return the number of threads: 1 for None, all processors for -1."""
    if n_jobs is None:
        return 1
    whole = isinstance(n_jobs, numbers.Integral) and not isinstance(n_jobs, bool)
    if not whole or (n_jobs < 1 and n_jobs != -1):
        raise ValueError(
            f"n_jobs is {n_jobs!r}, but None for one thread, a whole number of at least 1 or -1 for "
            "all processors was expected. Try n_jobs=2."
        )
    return (os.cpu_count() or 1) if n_jobs == -1 else int(n_jobs)


def in_threads(function: Callable[[Any], T], tasks: Iterable[Any], n_jobs: int | None) -> list[T]:
    """Return function(task) of each task, in order, from n_jobs threads (None: one, -1: all).

    >>> in_threads(abs, [-1, 2], 2)
    [1, 2]
    """
    workers = count_workers(n_jobs)
    if workers == 1:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, tasks))

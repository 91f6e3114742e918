"""Doing the same with many things in threads; NumPy lets go of the interpreter while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from mlcore.checks import check_integer

T = TypeVar("T")


def in_threads(function: Callable[[Any], T], tasks: Iterable[Any], n_jobs: int | None) -> list[T]:
    """Return function(task) of each task, in order, from n_jobs threads (None: one, -1: all).

    >>> in_threads(abs, [-1, 2], 2)
    [1, 2]
    """
    if n_jobs == -1:
        n_jobs = os.cpu_count() or 1
    check_integer("n_jobs", n_jobs, 1, none=True)
    if n_jobs is None or n_jobs == 1:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(n_jobs) as pool:
        return list(pool.map(function, tasks))

"""Time and peak memory of simulating a school, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.speed_memory import peak
from risk.school import simulate_school

PUPILS, WEEKS = 10_000, 18
SECONDS, MEGABYTES = 5.0, 1000.0  # aimed at: for each year, and in all


class Cost(NamedTuple):
    """What a school of some years took."""

    years: int
    seconds: float
    megabytes: float  # the most the process held, with what it imports

    @property
    def reached(self) -> bool:
        """Whether it is as quick and small as aimed at, as printed."""
        quick = round(self.seconds, 1) <= SECONDS * self.years
        return quick and round(self.megabytes) <= MEGABYTES


def costs(years: Iterable[int]) -> list[Cost]:
    """Return the cost of each number of years."""
    lines = []
    for number in years:
        command = [sys.executable, "-m", "benchmarks.school_cost", str(number)]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, megabytes = map(float, out.split())
        lines.append(Cost(number, seconds, megabytes))
    return lines


def measure(years: int, pupils: int = PUPILS, weeks: int = WEEKS) -> tuple[float, float]:
    """Return the seconds a simulation takes, and the most MB that this process has held."""
    start = time.perf_counter()
    simulate_school(pupils, weeks, n_years=years)
    return time.perf_counter() - start, peak()


def show(lines: list[Cost]) -> str:
    """Return the table."""
    head = (
        f"Simulating {PUPILS:,} pupils a year for {WEEKS} weeks, true risks and all, in a fresh process\n"
        f"{'years':>6}{'seconds':>10}{'at most':>9}{'MB':>8}{'at most':>9}"
    )
    rows = [
        f"{line.years:6}{line.seconds:10.1f}{SECONDS * line.years:9g}{line.megabytes:8.0f}"
        f"{MEGABYTES:9g}" + ("" if line.reached else "  above")
        for line in lines
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    print(*measure(int(sys.argv[1])))

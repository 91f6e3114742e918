"""``python -m benchmarks``: every number beside its reference; with NAME, one comparison in full."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks import scaling, school, speed, students
from benchmarks.numbers import command, page


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 when a number disagrees with its reference, else 0."""
    root = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    page.add_arguments(root)
    root.set_defaults(run=page.run)
    commands = root.add_subparsers(metavar="NAME")
    students.add_command(commands)
    command.add_command(commands)
    speed.add_command(commands)
    scaling.add_command(commands)
    school.add_command(commands)
    options = root.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())

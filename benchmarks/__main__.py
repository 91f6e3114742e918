"""``python -m benchmarks NAME``: run one comparison; without a name, list them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks import scaling, speed, students
from benchmarks.numbers import command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 when a number disagrees with its reference, else 0."""
    root = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = root.add_subparsers(metavar="NAME")
    students.add_command(commands)
    command.add_command(commands)
    speed.add_command(commands)
    scaling.add_command(commands)
    options = root.parse_args(arguments)
    if not hasattr(options, "run"):
        root.print_help()
        return 0
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())

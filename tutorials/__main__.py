"""``python -m tutorials``: list the tutorials and how to run them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def titles() -> dict[str, str]:
    """Return each tutorial's file name and the title in its first heading, in order."""
    found = {}
    for path in sorted(FOLDER.glob("[0-9][0-9]_*.py")):
        heading = re.search(r"^# # (.+)$", path.read_text("utf-8"), re.MULTILINE)
        found[path.name] = heading[1] if heading else path.stem
    return found


def main() -> int:
    """Print the list."""
    print("Tutorials, each a script that runs alone and a notebook in editors that know '# %%':\n")
    for name, title in titles().items():
        print(f"  python tutorials/{name:28} {title}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Figures for other programs to read."""

from __future__ import annotations

import json
from typing import Any

from mlcore.files import write_whole


def write_json(path: str | None, figures: Any) -> None:
    """Write figures as JSON, whole or not at all; nothing without a path."""
    if path:
        with write_whole(path) as file:
            file.write(json.dumps(figures, indent=2).encode("utf-8"))

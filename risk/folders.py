"""Where results go: into a folder of their own, whole or not at all, never mixed with others."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from risk.reading import DataError

DEFAULT_OUT = "risk-results"


@contextmanager
def results_folder(out: str | None, overwrite: bool) -> Iterator[tuple[Path, Path]]:
    """Give a hidden folder to write into, and the place it will be moved to when all is done."""
    final = free_folder() if out is None and not overwrite else Path(out or DEFAULT_OUT)
    replaced = final.exists() and not (final.is_dir() and not any(final.iterdir()))
    if replaced and not overwrite:
        raise DataError(f"{final} exists. Choose another --out, or add --overwrite to replace it.")
    if replaced and not is_results(final):
        raise DataError(f"{final} was not written by risk, so --overwrite does not remove it.")
    if not final.parent.is_dir():
        raise DataError(f"The folder {final.parent} for --out does not exist. Make it first.")
    partial = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{final.name}.", suffix=".part"))
    try:
        partial.chmod(0o755)
        yield partial, final
        if replaced:
            shutil.rmtree(final)
        elif final.exists():
            final.rmdir()
        partial.rename(final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def free_folder() -> Path:
    """Return the first default folder that does not exist yet."""
    number = 1
    while (path := Path(DEFAULT_OUT if number == 1 else f"{DEFAULT_OUT}-{number}")).exists():
        number += 1
    return path


def is_results(folder: Path) -> bool:
    """Return whether a folder holds results of this program."""
    try:
        return json.loads((folder / "metrics.json").read_text("utf-8"))["made_by"] == "risk"
    except (OSError, ValueError, KeyError, TypeError):
        return False


def model_path(path: Path) -> Path:
    """Return the model file: the path itself, or the chosen model of a results folder."""
    if not path.is_dir():
        return path
    try:
        chosen = json.loads((path / "metrics.json").read_text("utf-8"))["chosen_model"]
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(f"{path} is not a results folder of risk train or risk demo.") from None
    return path / "models" / f"{chosen}.zip"

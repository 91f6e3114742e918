"""Where results go: into a folder of their own, whole or not at all, never mixed with others."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from risk.data.reading import DataError

DEFAULT_OUT = "risk-results"
CLUTTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what file managers leave everywhere


@contextmanager
def results_folder(out: str | None, overwrite: bool) -> Iterator[tuple[Path, Path]]:
    """Give a hidden folder to write into, and the place it is moved to when all is done.

    An earlier results folder is moved aside first and removed last, so that at every moment the
    old results or the new ones are there in full.
    """
    shown = free_folder() if out is None and not overwrite else Path(out or DEFAULT_OUT)
    check_place(shown, overwrite)
    with hidden_folder(shown) as new:
        yield new, shown


@contextmanager
def new_folder(shown: Path) -> Iterator[Path]:
    """Give a hidden folder to write into, which is moved to where nothing is yet when all is done."""
    if not shown.resolve().parent.is_dir():
        raise DataError(f"The folder {shown.parent} for --out does not exist. Make it first.")
    refuse_what_is_there(shown)
    with hidden_folder(shown) as new:
        yield new
        refuse_what_is_there(shown)  # somebody may have put it there meanwhile


def refuse_what_is_there(shown: Path) -> None:
    """Raise DataError unless nothing is there, or an empty folder."""
    if shown.exists() and not (shown.is_dir() and not any(shown.iterdir())):
        raise DataError(f"{shown} exists. Choose another --out.")


@contextmanager
def hidden_folder(shown: Path) -> Iterator[Path]:
    """Give a folder beside a place, which is moved there at the end, or removed if all was in vain."""
    final = shown.resolve()
    new = beside(final, "part")
    try:
        new.mkdir()
    except OSError as error:
        raise DataError(
            f"Nothing can be written beside {shown}: {error.strerror}. Choose another --out."
        ) from None
    try:
        yield new
        put_in_place(new, final)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def check_place(shown: Path, overwrite: bool) -> None:
    """Raise DataError unless results may be put there."""
    if not shown.resolve().parent.is_dir():
        raise DataError(f"The folder {shown.parent} for --out does not exist. Make it first.")
    if not shown.exists() or (shown.is_dir() and not any(shown.iterdir())):
        return
    if not overwrite:
        raise DataError(f"{shown} exists. Choose another --out, or add --overwrite to replace it.")
    if not is_results(shown):
        raise DataError(f"{shown} was not written by risk, so --overwrite does not remove it.")
    written = json.loads((shown / "metrics.json").read_text("utf-8")).get("files", {})
    for name, digest in contents(shown).items():
        if written.get(name) != digest:
            raise DataError(
                f"{shown / name} is not as risk wrote it, and --overwrite would remove it. "
                "Move it elsewhere, or choose another --out."
            )


def contents(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file in a folder but metrics.json, by its name from there."""
    files = [path for path in sorted(folder.rglob("*")) if not path.is_dir()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path != folder / "metrics.json" and path.name not in CLUTTER
    }


def put_in_place(new: Path, final: Path) -> None:
    """Move a finished folder to where it belongs, replacing what check_place allowed."""
    if final.is_dir() and not any(final.iterdir()):
        for path in sorted(new.iterdir()):  # an empty folder, perhaps the one we stand in
            path.rename(final / path.name)
        return
    if not final.exists():
        new.rename(final)
        return
    old = beside(final, "old")
    final.rename(old)
    try:
        new.rename(final)
    except OSError:
        old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def beside(final: Path, kind: str) -> Path:
    """Return a hidden name beside a folder that nobody else has.

    The folder is made by mkdir, not by tempfile, so that it gets the permissions of any other.
    """
    return final.parent / f".{final.name}.{secrets.token_hex(4)}.{kind}"


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


def check_output(out: Path, overwrite: bool, inputs: list[Path]) -> None:
    """Raise DataError unless a file may be written to out, which must be none of the inputs."""
    if any(out.exists() and path.exists() and out.samefile(path) for path in inputs):
        raise DataError(f"{out} is what was given to read, so it is not written over.")
    if out.is_dir():
        raise DataError(f"{out} is a folder, but --out needs the name of a file.")
    if out.exists() and not out.is_file():
        raise DataError(f"{out} is not an ordinary file, so it is not written over.")
    if is_results(out.parent) or is_results(out.parent.parent):
        raise DataError(f"{out} lies in a results folder, which is kept as it is. Choose another.")
    if out.exists() and not overwrite:
        raise DataError(f"{out} exists. Choose another --out, or add --overwrite to replace it.")
    if not out.parent.is_dir():
        raise DataError(f"The folder {out.parent} for --out does not exist. Make it first.")

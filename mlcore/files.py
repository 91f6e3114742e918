"""Writing files whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Give a binary file that appears at path only when everything was written, or not at all.

    An OSError names path, not the hidden file beside it that is written first.
    """
    target = Path(os.path.realpath(path))
    partial: Path | None = None
    try:
        if target.exists() and not target.is_file():
            raise OSError(errno.EINVAL, "not an ordinary file")
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part"
        )
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        partial.chmod(0o666 & ~_umask())
        os.replace(partial, target)
    except BaseException as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise type(error)(error.errno, error.strerror, str(path)) from None
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

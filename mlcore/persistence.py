"""Models as files that cannot execute code: one zip of JSON and plain arrays, never a pickle.

``model.json`` holds the format's version and a tree of values; array i stands beside it as
``i.npy``. What the values are is said in mlcore.saved_values, and which classes a file may name in
mlcore.registry.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mlcore.files import write_whole
from mlcore.saved_values import Decoder, Encoder, ModelFileError

FORMAT, VERSION = "mlcore model", 1
MODEL = "model.json"
ROOMY = 64 * 2**20  # bytes that any file may unpack to
PACKED = 100  # times its own size that a larger one may unpack to; real models need 3 to 20
ROOMY_TEXT = 4 * 2**20  # the same for model.json, which takes 40 times its size when it is read
LARGE_NUMBERS = 100  # whole numbers of more than 64 bits that model.json may hold


def save(model: Any, path: str | os.PathLike[str], *, classes: Sequence[type] = ()) -> None:
    """Write a model to path, whole or not at all, replacing what is there.

    TypeError names the attribute that cannot be saved: a function, say. ``classes`` are further
    classes that the model is made of; ``load`` needs them too. The same model gives the same bytes.

    >>> import tempfile, pathlib
    >>> from mlcore import DecisionTreeClassifier
    >>> model = DecisionTreeClassifier().fit([[0.0], [1.0]], ["no", "yes"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model, pathlib.Path(folder) / "tree.zip")
    ...     print(load(pathlib.Path(folder) / "tree.zip").predict([[1.0]]))
    ['yes']
    """
    encoder = Encoder(classes)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "model": encoder.encode(model, type(model).__name__),
    }
    with write_whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {MODEL: json.dumps(document, indent=1, allow_nan=False).encode()}
        for i, array in enumerate(encoder.arrays):
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            parts[f"{i}.npy"] = buffer.getvalue()
        for name, content in parts.items():
            # Without the clock's time: the same model gives the same bytes.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def load(path: str | os.PathLike[str], *, classes: Sequence[type] = ()) -> Any:
    """Return the model saved at path; ModelFileError says why it cannot be read."""
    try:
        with open(path, "rb") as file:
            return _read(file, classes)
    except ModelFileError as error:
        raise ModelFileError(f"{path}: {error}") from None
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except Exception as error:  # whatever a damaged or hostile file can provoke is refused alike
        raise ModelFileError(
            f"{path} is not a model file, or it is damaged ({type(error).__name__}). "
            "Save the model again."
        ) from None


def _read(file: BinaryIO, classes: Sequence[type]) -> Any:
    with zipfile.ZipFile(file) as archive:
        _check_entries(archive, os.fstat(file.fileno()).st_size)
        document = json.loads(
            archive.read(MODEL),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_whole_numbers(),
        )
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ModelFileError("this is not a model file. Give one that save() wrote.")
        if document.get("version") != VERSION:
            raise ModelFileError(
                f"the file is of format version {document.get('version')!r}, but this mlcore "
                f"reads version {VERSION}. Install the mlcore that wrote it, or fit anew."
            )
        arrays = {
            i: read_array(archive.read(f"{i}.npy")) for i in range(len(archive.namelist()) - 1)
        }
        model = Decoder(arrays, classes).decode(document["model"])
    if arrays:
        raise ModelFileError("it holds arrays that no model needs. Save the model again.")
    return model


def _check_entries(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse an archive with other entries than save writes, or that unpacks to far too much."""
    entries = archive.infolist()
    expected = {MODEL, *(f"{i}.npy" for i in range(len(entries) - 1))}
    if len(entries) != len(expected) or {entry.filename for entry in entries} != expected:
        raise ModelFileError(
            "this is not a model file: it holds other entries than model.json and its arrays, or "
            "one of them twice. Give one that save() wrote."
        )
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        raise ModelFileError("it is packed in a way that save() never uses. Save the model again.")
    total = sum(entry.file_size for entry in entries)
    if total > max(ROOMY, PACKED * size):
        raise ModelFileError(
            f"it claims to unpack from {size} to {total} bytes, which no model does. "
            "Do not trust where it came from."
        )
    text = next(entry for entry in entries if entry.filename == MODEL)
    if text.file_size > max(ROOMY_TEXT, PACKED * min(text.compress_size, size)):
        raise ModelFileError(
            f"model.json claims to unpack to {text.file_size} bytes, which no model's does. "
            "Do not trust where it came from."
        )


def _whole_numbers() -> Callable[[str], int]:
    """Return a reader of whole numbers that refuses those too long, and too many long ones.

    All multiples of 2**61 - 1 have one hash, so a dict of n of them would take n² steps to make.
    """
    left = LARGE_NUMBERS

    def read(text: str) -> int:
        nonlocal left
        left -= len(text) > 20
        if left < 0 or len(text) > 1000:
            raise ModelFileError("model.json holds numbers that no model has. Save it again.")
        return int(text)

    return read


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ModelFileError("model.json gives a name twice. Save the model again.")
    return dict(pairs)


def _refuse_constant(name: str) -> Any:
    raise ModelFileError(f"model.json holds {name}, which is no JSON. Save the model again.")


def read_array(content: bytes) -> NDArray[Any]:
    """Return the array in a .npy file; ModelFileError unless it is plain and exactly as long as it says.

    >>> buffer = io.BytesIO()
    >>> np.save(buffer, np.array([1.5, 2.5]))
    >>> read_array(buffer.getvalue()).tolist()
    [1.5, 2.5]
    """
    stream = io.BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ModelFileError("an array in it is of a format that save() never writes.")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if (
        dtype.itemsize == 0
        or dtype.kind not in "biufcSUmM"
        or not re.fullmatch(r"[<>|=][a-zA-Z]\d+(\[\w+\])?", dtype.str)
    ):
        raise ModelFileError(f"an array in it holds {dtype}, but plain values were expected.")
    data = memoryview(content)[stream.tell() :]
    if any(length < 0 for length in shape) or math.prod(shape) * dtype.itemsize != len(data):
        raise ModelFileError("an array in it is longer or shorter than it says. Save it again.")
    if not len(data):
        return np.empty(shape, dtype=dtype)
    if dtype.kind == "b" and np.frombuffer(data, np.uint8).max() > 1:
        raise ModelFileError("an array in it holds neither True nor False. Save it again.")
    if dtype.kind == "U" and _no_text(data, dtype):
        raise ModelFileError("an array in it holds numbers that are no letters. Save it again.")
    # A copy: an array over the bytes themselves could not be written to.
    flat = np.frombuffer(data, dtype=dtype).copy()
    return flat.reshape(shape, order="F" if fortran else "C")


def _no_text(data: memoryview, dtype: np.dtype[Any]) -> bool:
    """Return whether some number in a text array is no letter of Unicode's."""
    letters = np.frombuffer(data, dtype=np.dtype(np.uint32).newbyteorder(dtype.byteorder))
    return bool((letters > sys.maxunicode).any())

"""Write a simulated school into a folder piece by piece, so that a million pupils need little memory.

The files are those that risk.data.reading.write_csv makes of the whole school, byte for byte. It
writes every cell anew; here each distinct value of a column is written once, and then repeated, which
takes a third of the time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from risk.data.reading import safe_cell
from risk.school.readme import readme
from risk.school.recording import Biases
from risk.school.simulate import (
    FUTURES,
    NO_BIASES,
    PUPILS_A_PIECE,
    school_pieces,
)
from risk.school.tables import THIS_YEAR, School, Tables, as_of


def write_school(
    folder: str | os.PathLike[str],
    n_pupils: int,
    n_weeks: int,
    seed: int,
    *,
    n_years: int = 3,
    as_of_week: int | None = None,
    n_futures: int = FUTURES,
    biases: Biases = NO_BIASES,
    progress: Callable[[str], None] = lambda step: None,
) -> dict[str, int]:
    """Write simulate_school's tables and truth, and a README.txt; return the rows of each file.

    ``as_of_week`` ends the records of the last year there; the truth knows its whole year. A file
    that is there already raises FileExistsError. ``progress`` is told of each of count_pieces.

    Cost: about 0.1 ms for each pupil and year of 18 weeks, and 0.2 ms for the true risk; memory of
    some thousand pupils.
    """
    folder = Path(folder)
    pieces = school_pieces(
        n_pupils, n_weeks, seed, n_years=n_years, n_futures=n_futures, biases=biases
    )
    counts = write_pieces(folder, pieces, as_of_week, progress)
    wrong = f"{', '.join(biases.on)}; group {biases.group}" if biases.on else "nothing"
    options = [
        ("pupils a year", n_pupils),
        ("years", f"{THIS_YEAR - n_years + 1} to {THIS_YEAR}"),
        ("weeks a year", n_weeks),
        ("last year as of", f"week {n_weeks if as_of_week is None else as_of_week}"),
        ("seed", seed),
        ("futures", n_futures),
        ("wrong in records", wrong),
    ]
    (folder / "README.txt").write_bytes(readme(options, counts).encode())
    return counts


def write_pieces(
    folder: Path, pieces: Iterable[School], as_of_week: int | None, progress: Callable[[str], None]
) -> dict[str, int]:
    """Write each piece at the end of the files; return the rows of each file."""
    (folder / "truth").mkdir()
    counts: dict[str, int] = {}
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for piece in pieces:
            for name, table in by_file(piece, as_of_week).items():
                if name not in files:
                    files[name] = stack.enter_context(open(folder / name, "xb"))
                    files[name].write(header_of(table).encode())
                files[name].write(rows_of(table).encode())
                counts[name] = counts.get(name, 0) + len(table)
            progress(f"writing: {counts['pupils.csv']:,} pupils")
    return counts


def count_pieces(n_pupils: int, n_years: int) -> int:
    """Return in how many pieces a school is written."""
    return n_years * (n_pupils // PUPILS_A_PIECE + 1)


def by_file(piece: School, as_of_week: int | None) -> Tables:
    """Return the tables of a piece, which is of one year, by the names of their files."""
    tables = piece.tables
    if as_of_week is not None and (tables["pupils"]["year"] == THIS_YEAR).any():
        tables = as_of(piece, as_of_week)
    truth = {f"truth/{name}.csv": table for name, table in piece.truth.items()}
    return {f"{name}.csv": table for name, table in tables.items()} | truth


def header_of(table: pd.DataFrame) -> str:
    """Return the first line of a table's file.

    >>> header_of(pd.DataFrame({"pupil": [], "week": []})).strip()
    '"pupil","week"'
    """
    return ",".join(quoted(name) for name in table) + "\n"


def rows_of(table: pd.DataFrame) -> str:
    r"""Return the lines of a table's file after the first.

    >>> rows_of(pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": ["x", "=y"]})).splitlines()
    ['1,0.5,"x"', '2,"","\'=y"']
    """
    lines = map(",".join, zip(*(cells_of(table[name]) for name in table), strict=True))
    return "".join(line + "\n" for line in lines)


def cells_of(column: pd.Series) -> list[str]:
    """Return a column's cells as text; each distinct value is turned into text once."""
    if pd.api.types.is_float_dtype(column.dtype):
        bits = column.to_numpy(dtype=np.float64).view(np.int64)  # which tell -0.0 from 0.0
        place, distinct = pd.factorize(bits)
        values = distinct.view(np.float64).tolist()
    else:
        place, distinct = pd.factorize(column.to_numpy(), use_na_sentinel=False)
        values = distinct.tolist()
    text = [cell(value) for value in values]
    return np.array(text, dtype=object)[place].tolist()


def cell(value: object) -> str:
    """Return a number in as few digits as are exact, or quoted text that is no formula.

    >>> cell(0.1), cell("+1 more"), cell(float("nan"))
    ('0.1', '"\\'+1 more"', '""')
    """
    if value is None or value != value:  # NaN
        return '""'
    return quoted(value) if isinstance(value, str) else repr(value)


def quoted(text: str) -> str:
    """Return text in quotes, made safe for spreadsheets.

    >>> quoted('the "A" class')
    '"the ""A"" class"'
    """
    return '"' + str(safe_cell(text)).replace('"', '""') + '"'

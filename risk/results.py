"""What the road leaves behind: the predictions, the fitted models, and every figure as JSON."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd

from mlcore.files import write_whole
from risk.data.reading import write_csv
from risk.evaluation.week_tables import week_figures
from risk.fairness import Calibration, Group
from risk.folders import contents
from risk.models.risk_model import TrainedModel, save_model
from risk.pipeline import Result


def write_metrics(result: Result, folder: Path) -> None:
    """Write metrics.json, last of all: it also says which files are in the folder."""
    told = figures(result) | {"files": contents(folder)}
    with write_whole(folder / "metrics.json") as file:
        file.write(json.dumps(told, indent=2, allow_nan=False).encode("utf-8"))


def write_results(result: Result, folder: Path) -> None:
    """Write predictions and the fitted models into a folder."""
    table = result.table
    write_csv(result.predictions, folder / "predictions.csv")
    known = table.features[table.at_risk.notna()]
    (folder / "models").mkdir()
    for name, model in result.models.items():
        # New pupils are compared with pupils scored out of fold; where the final model is coarser
        # than the folds' (a tree), with the highest risk it gives, so that it can mark somebody.
        threshold = min(result.evaluations[name].threshold, float(model.risk(known).max()))
        trained = TrainedModel(
            model, threshold, result.base_rate, result.typical, table.id_name, table.meaning
        )
        save_model(trained, folder / "models" / f"{name}.zip")


def figures(result: Result) -> dict[str, Any]:
    """Return the contents of metrics.json."""
    y, table = result.at_risk, result.table
    return {
        "made_by": "risk",
        "source": table.source,
        "at_risk_means": table.meaning,
        "pupils_with_known_outcome": len(y),
        "pupils_listed": len(result.predictions),
        "base_rate": result.base_rate,
        "majority_accuracy": max(result.base_rate, 1 - result.base_rate),
        "capacity": result.settings.capacity,
        "chosen_model": result.chosen,
        "why_chosen": result.why_chosen,
        "caution": result.best.caution,
        "threshold_on_list": result.threshold,
        "tested": {
            "how": result.split.sentence,
            "kind": result.split.kind,
            "optimistic": result.split.optimistic,
            "tests": len(result.split.learn),
        },
        "models": {name: e.figures() for name, e in result.evaluations.items()},
        "settings_chosen": {name: model.settings for name, model in result.models.items()},
        "baselines": {name: e.figures() for name, e in result.baselines.items()},
        "oracle": result.oracle.figures() if result.oracle else None,
        "differences": [asdict(d) | {"differs": d.differs} for d in result.differences],
        "mistakes": result.mistakes.figures() if result.mistakes else None,
        "tiers": result.tier_meanings,
        "weeks": week_figures(result.weekly) if result.weekly else None,
        "columns": [
            {"name": c.name, "kind": c.kind, "missing": int(table.features[c.name].isna().sum())}
            for c in table.schema
        ],
        "groups": [group_figures(group) for group in result.groups],
        "notes": [*table.notes, *result.notes],
        "settings": vars(result.settings),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "matplotlib": matplotlib.__version__,
        },
    }


def group_figures(group: Group) -> dict[str, Any]:
    """Return what the audit may show of a group."""
    shares = group.shares or {}
    return {
        "column": group.column,
        "group": group.group,
        "pupils": group.pupils if group.shares else "not shown",
        "shares": {
            name: {"part": s.part, "of": s.whole, "differs": s.differs}
            | ({"stated": s.stated} if isinstance(s, Calibration) else {})
            for name, s in shares.items()
        },
    }

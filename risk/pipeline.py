"""The road itself: from a table of pupils to who needs help first, and how far to trust it."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from mlcore.files import write_whole
from risk.comparison import Difference
from risk.data import PupilTable
from risk.evaluation import (
    Evaluation,
    assign_folds,
    capacity_count,
    choose,
    evaluate,
    out_of_fold,
    threshold_for,
)
from risk.explanation import MOST_REASONS, effects, reasons, typical_values
from risk.fairness import Group, audit
from risk.folders import contents
from risk.mistakes import Mistakes, find_mistakes
from risk.models import RiskModel, TrainedModel, save_model, three_models
from risk.reading import write_csv
from risk.splits import Split
from risk.weeks import Weekly

FIRST, WATCH, ON_TRACK = "see first", "watch", "on track"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """What the user may choose about the road."""

    capacity: str = "10%"
    folds: int = 5
    trees: int = 300
    seed: int = 0
    jobs: int = 1
    model: str = "auto"
    cost: str | None = None
    split: str = "auto"


@dataclass
class Result:
    """All that the road found, ready to be written and reported."""

    table: PupilTable
    settings: Settings
    base_rate: float
    at_risk: FloatArray  # (n,) of the pupils with a known outcome
    evaluations: dict[str, Evaluation]
    models: dict[str, RiskModel]
    chosen: str
    why_chosen: str
    typical: dict[str, Any]  # column -> its typical value
    threshold: float  # on the list
    predictions: pd.DataFrame
    groups: list[Group]
    weights: dict[str, float]  # column -> mean size of its effect on the listed pupils' risk
    split: Split
    baselines: dict[str, Evaluation] = field(default_factory=dict)
    oracle: Evaluation | None = None
    differences: list[Difference] = field(default_factory=list)
    weekly: Weekly | None = None
    mistakes: Mistakes | None = None
    tier_meanings: list[str] = field(default_factory=list)

    @property
    def best(self) -> Evaluation:
        """The evaluation of the chosen model."""
        return self.evaluations[self.chosen]


def steps_of(settings: Settings) -> int:
    """Return how many steps the road reports: a fold of each model, and the final fits."""
    return 3 * settings.folds + 3 + 2


def travel(table: PupilTable, settings: Settings, progress: Progress = lambda step: None) -> Result:
    """Compare the models, choose one and a threshold, and say who needs help first and why."""
    known = table.at_risk.notna().to_numpy()
    frame, y = table.features[known], table.at_risk[known].to_numpy()
    listed = table.listed.to_numpy()
    count = capacity_count(settings.capacity, int(listed.sum()))

    fold = assign_folds(y, settings.folds, settings.seed)
    models = three_models(
        table.schema, n_trees=settings.trees, seed=settings.seed, n_jobs=settings.jobs
    )
    evaluations, tested = {}, {}
    for name, model in models.items():
        out, tested[name] = out_of_fold(model, frame, y, fold, progress)
        evaluations[name] = evaluate(model.title, y, out, fold, count / int(listed.sum()))
        model.fit(frame, y)
        progress(f"learning: {model.title.lower()}")
    chosen, why = choose(evaluations)
    if settings.model != "auto":
        chosen, why = settings.model, "it was asked for"

    typical = typical_values(frame, table.schema)
    risk = models[chosen].risk(table.features)
    risk[known] = evaluations[chosen].risk
    added, moved = effects_unseen(table, models[chosen], tested[chosen], fold, typical)
    progress("explaining")

    threshold = threshold_for(risk[listed], count)
    told = reasons(added[listed], table.features[listed], table.schema, typical)
    predictions = predict_table(table.ids[listed], risk[listed], told, threshold, float(y.mean()))
    predictions["basis"] = np.where(known[listed], "out of fold", "forecast")[predictions.index]
    flagged = evaluations[chosen].risk >= evaluations[chosen].threshold
    sizes = np.abs(moved[listed]).mean(axis=0)
    progress("writing")
    return Result(
        table=table,
        settings=settings,
        base_rate=float(y.mean()),
        at_risk=y,
        evaluations=evaluations,
        models=models,
        chosen=chosen,
        why_chosen=why,
        typical=typical,
        threshold=threshold,
        predictions=predictions.reset_index(drop=True),
        groups=audit(table.protected[known].reset_index(drop=True), y, flagged),
        weights={c.name: float(s) for c, s in zip(table.schema, sizes, strict=True)},
        split=Split(
            "random",
            f"each of {settings.folds} tests on pupils the model had not seen: optimistic, since "
            "pupils of one class are alike",
            True,
            fold,
            fold != np.arange(settings.folds)[:, None],
        ),
        mistakes=find_mistakes(
            frame.reset_index(drop=True),
            table.schema,
            table.protected[known].reset_index(drop=True),
            y,
            evaluations[chosen].risk,
            flagged,
            settings.seed,
        ),
    )


def effects_unseen(
    table: PupilTable,
    final: RiskModel,
    tested: list[RiskModel],
    fold: np.ndarray,
    typical: dict[str, Any],
) -> tuple[FloatArray, FloatArray]:
    """Return the effects of the columns on each pupil, by a model that never saw the pupil.

    That is the final model where the outcome is not known, and the fold's where it is: the final
    model knows those pupils by heart, and its reasons would give their outcomes away.
    """
    added, moved = effects(final, table.features, typical)
    known = np.flatnonzero(table.at_risk.notna())
    for k, model in enumerate(tested):
        rows = known[fold == k]
        added[rows], moved[rows] = effects(model, table.features.iloc[rows], typical)
    return added, moved


def predict_table(
    ids: pd.Series, risk: FloatArray, told: list[list[str]], threshold: float, base_rate: float
) -> pd.DataFrame:
    """Return pupil, risk, tier and reasons, highest risk first; the index is the row's place."""
    columns: dict[str, Any] = {
        "pupil": ids.to_numpy(),
        "risk": np.round(risk, 4),
        "tier": tiers(risk, threshold, base_rate),
    }
    for j in range(MOST_REASONS):
        columns[f"reason_{j + 1}"] = [why[j] if j < len(why) else "" for why in told]
    return pd.DataFrame(columns).iloc[np.argsort(-risk, kind="stable")]


def tiers(risk: FloatArray, threshold: float, base_rate: float) -> np.ndarray:
    """Return each pupil's tier: at the threshold or above, at the base rate or above, or below."""
    return np.select([risk >= threshold, risk >= base_rate], [FIRST, WATCH], ON_TRACK)


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
        "models": {name: e.figures() for name, e in result.evaluations.items()},
        "columns": [
            {"name": c.name, "kind": c.kind, "missing": int(table.features[c.name].isna().sum())}
            for c in table.schema
        ],
        "groups": [
            {
                "column": g.column,
                "group": g.group,
                "pupils": g.pupils if g.shares else "not shown",
                "shares": {
                    name: {"part": s.part, "of": s.whole, "differs": s.differs}
                    for name, s in (g.shares or {}).items()
                },
            }
            for g in result.groups
        ],
        "notes": table.notes,
        "settings": vars(result.settings),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "matplotlib": matplotlib.__version__,
        },
    }

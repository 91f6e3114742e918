"""The road itself: from a table of pupils to who needs help first, and how far to trust it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray, IntArray
from risk.data.records import Records
from risk.data.table import PupilTable
from risk.evaluation.baselines import baseline_frame, baselines
from risk.evaluation.comparison import Difference, choose, compare
from risk.evaluation.figures import Evaluation, evaluate
from risk.evaluation.splits import Split, choose_split
from risk.evaluation.thresholds import Rule, capacity_count, read_rule
from risk.evaluation.unseen import out_of_fold
from risk.evaluation.weeks import Weekly, by_week
from risk.explanation import effects, reasons, typical_values
from risk.fairness import Group, audit
from risk.features.known import school_table
from risk.lists import keep_stable, predict_table, tier_meaning
from risk.mistakes import Mistakes, find_mistakes
from risk.models.risk_model import RiskModel, three_models

WEEKS_COMPARED = 9  # about as many weeks of a school year are compared, and the first
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """What the user may choose about the road."""

    capacity: str = "10%"
    cost: str | None = None
    split: str = "auto"
    folds: int = 5
    trees: int = 300
    seed: int = 0
    jobs: int = 1
    model: str = "auto"


@dataclass
class Result:
    """All that the road found, ready to be written and reported."""

    table: PupilTable
    settings: Settings
    split: Split
    base_rate: float
    at_risk: FloatArray  # (n,) of the pupils with a known outcome
    evaluations: dict[str, Evaluation]  # of the three models
    baselines: dict[str, Evaluation]
    differences: list[Difference]  # from the chosen model
    models: dict[str, RiskModel]
    chosen: str
    why_chosen: str
    typical: dict[str, Any]  # column -> its typical value
    threshold: float  # on the list
    predictions: pd.DataFrame
    tier_meanings: list[str]
    groups: list[Group]
    mistakes: Mistakes | None
    weights: dict[str, float]  # column -> mean size of its effect on the listed pupils' risk
    week: int | None = None  # the week that the records end with, of a school's
    weekly: Weekly | None = None
    oracle: Evaluation | None = None  # of a simulation, set by whoever knows the truth
    notes: list[str] = field(default_factory=list)  # on the list

    @property
    def best(self) -> Evaluation:
        """The evaluation of the chosen model."""
        return self.evaluations[self.chosen]


def steps_of(table: PupilTable, settings: Settings, weeks: Sequence[int] = ()) -> int:
    """Return how many steps the road reports: each test of each model, and the final fits."""
    tests = len(choose_split(table, settings.split, settings.folds, settings.seed).learn)
    compared = 3 + len(baselines(table))
    return compared * tests * (1 + len(weeks)) + 3 + 2


def travel_school(
    records: Records,
    week: int,
    settings: Settings,
    previous: Collection[str] = (),
    progress: Progress = lambda step: None,
) -> Result:
    """Take the road on a school's tables as of a week, and compare what other weeks would give."""
    result = travel(school_table(records, week), settings, previous, progress)
    listed = int(result.table.listed.sum())
    result.week = week
    result.weekly = by_week(
        records,
        weeks_to_compare(records, week),
        share=capacity_count(settings.capacity, listed) / listed,
        wanted=settings.split,
        n_folds=settings.folds,
        trees=settings.trees,
        seed=settings.seed,
        jobs=settings.jobs,
        progress=progress,
    )
    return result


def weeks_to_compare(records: Records, week: int) -> list[int]:
    """Return week 0, the last week recorded, weeks evenly between, and the week asked for."""
    last = int(records.tables["attendance"]["week"].max())
    return sorted({round(last * i / WEEKS_COMPARED) for i in range(WEEKS_COMPARED + 1)} | {week})


def travel(
    table: PupilTable,
    settings: Settings,
    previous: Collection[str] = (),
    progress: Progress = lambda step: None,
) -> Result:
    """Compare the models, choose one and a threshold, and say who needs help first and why.

    ``previous`` are the pupils of an earlier list, who keep their place while their risk is near it.
    """
    known = table.at_risk.notna().to_numpy()
    y, cluster = table.at_risk[known].to_numpy(), rows_of(table.alike, known)
    split = choose_split(table, settings.split, settings.folds, settings.seed)
    rule = read_rule(settings.capacity, settings.cost, int(table.listed.sum()))

    models, evaluations, unseen = models_tested(table, split, rule, settings, progress)
    rivals = baselines_tested(table, split, rule, progress)
    chosen, why = choose(evaluations, y, cluster)
    if settings.model != "auto":
        chosen, why = settings.model, "it was asked for"
    best, base_rate = evaluations[chosen], float(y.mean())
    progress("explaining")

    typical = typical_values(table.features[known], table.schema)
    judge = judges(known, split)
    risk, added, moved = by_judge(table.features, judge, models[chosen], unseen[chosen], typical)
    predictions, threshold, notes = make_list(
        table, risk, added, judge >= 0, typical, rule, base_rate, previous
    )
    progress("looking for mistakes")
    sizes = np.abs(moved[table.listed]).mean(axis=0)
    return Result(
        table=table,
        settings=settings,
        split=split,
        base_rate=base_rate,
        at_risk=y,
        evaluations=evaluations,
        baselines=rivals,
        differences=compare(y, {**evaluations, **rivals}, chosen, cluster),
        models=models,
        chosen=chosen,
        why_chosen=why,
        typical=typical,
        threshold=threshold,
        predictions=predictions,
        weights={c.name: float(s) for c, s in zip(table.schema, sizes, strict=True)},
        notes=notes,
        **tested_closely(table, known, y, best, base_rate, settings.seed),
    )


def rows_of(values: pd.Series | None, rows: BoolArray) -> pd.Series | None:
    """Return some rows of a column that there may not be."""
    return None if values is None else values[rows]


def models_tested(
    table: PupilTable, split: Split, rule: Rule, settings: Settings, progress: Progress
) -> tuple[dict[str, RiskModel], dict[str, Evaluation], dict[str, list[RiskModel]]]:
    """Return the three models, fitted on all known outcomes; how they did; and those of the tests."""
    known = table.at_risk.notna().to_numpy()
    frame, y = table.features[known], table.at_risk[known].to_numpy()
    group, cluster = rows_of(table.group, known), rows_of(table.alike, known)
    models = three_models(
        table.schema, n_trees=settings.trees, seed=settings.seed, n_jobs=settings.jobs
    )
    evaluations, unseen = {}, {}
    for name, model in models.items():
        risk, unseen[name] = out_of_fold(model, frame, y, split, progress, group)
        evaluations[name] = evaluate(model.title, y, risk, rule, "model", cluster)
        model.fit(frame, y, group)
        progress(f"learning: {model.title.lower()}")
    return models, evaluations, unseen


def baselines_tested(
    table: PupilTable, split: Split, rule: Rule, progress: Progress
) -> dict[str, Evaluation]:
    """Return how the guesses did that every model must beat."""
    known = table.at_risk.notna().to_numpy()
    frame, y = baseline_frame(table)[known], table.at_risk[known].to_numpy()
    rivals = {}
    for name, baseline in baselines(table).items():
        risk, _ = out_of_fold(baseline, frame, y, split, progress)
        rivals[name] = evaluate(
            baseline.title, y, risk, rule, "baseline", rows_of(table.alike, known)
        )
    return rivals


def tested_closely(
    table: PupilTable,
    known: BoolArray,
    y: FloatArray,
    best: Evaluation,
    base_rate: float,
    seed: int,
) -> dict[str, Any]:
    """Return what the tested pupils tell of the tiers, the groups, and the chosen model's mistakes."""
    tested = best.tested
    y, risk = y[tested], best.risk[tested]
    flagged = risk >= best.threshold
    protected = table.protected[known][tested].reset_index(drop=True)
    frame = table.features[known][tested].reset_index(drop=True)
    cluster = rows_of(rows_of(table.alike, known), tested)
    meanings = tier_meaning(y, risk, best.threshold, base_rate, best.rule, cluster)
    return {
        "tier_meanings": [str(tier) for tier in meanings],
        "groups": audit(protected, y, flagged, risk, not_recorded(table)[known][tested]),
        "mistakes": find_mistakes(frame, table.schema, protected, y, risk, flagged, seed),
    }


def not_recorded(table: PupilTable) -> BoolArray:
    """Return the pupils of whom something was not recorded, (n,)."""
    if table.not_recorded is None:
        return table.features.isna().any(axis=1).to_numpy()
    return table.not_recorded.to_numpy()


def judges(known: BoolArray, split: Split) -> IntArray:
    """Return for each row of the table the test whose model never saw it, (n,), or -1: the final one.

    A row whose outcome is known must not be judged by the final model, which knows it by heart: its
    risk and reasons would give the outcome away.
    """
    unseen = ~split.learn  # (tests, known rows)
    first = np.where(unseen.any(axis=0), unseen.argmax(axis=0), -1)
    judge = np.full(len(known), -1)
    judge[known] = np.where(split.tested, split.fold, first)
    return judge


def by_judge(
    features: pd.DataFrame,
    judge: IntArray,
    final: RiskModel,
    unseen: list[RiskModel],
    typical: dict[str, Any],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return each pupil's risk (n,) and the columns' effects on its log-odds and on it, (n, columns)."""
    risk = final.risk(features)
    added, moved = effects(final, features, typical)
    for k, model in enumerate(unseen):
        rows = np.flatnonzero(judge == k)
        if len(rows):
            risk[rows] = model.risk(features.iloc[rows])
            added[rows], moved[rows] = effects(model, features.iloc[rows], typical)
    return risk, added, moved


def make_list(
    table: PupilTable,
    risk: FloatArray,
    added: FloatArray,
    judged: BoolArray,
    typical: dict[str, Any],
    rule: Rule,
    base_rate: float,
    previous: Collection[str],
) -> tuple[pd.DataFrame, float, list[str]]:
    """Return the predictions of the listed pupils, highest risk first, the threshold, and notes."""
    listed = table.listed.to_numpy()
    threshold = rule.threshold(risk[listed])
    told = reasons(added[listed], table.features[listed], table.schema, typical)
    predictions = predict_table(table.ids[listed], risk[listed], told, threshold, base_rate)
    basis = np.where(judged[listed], "out of fold", "forecast")
    predictions["basis"] = basis[predictions.index]
    predictions = predictions.reset_index(drop=True)
    if not previous:
        return predictions, threshold, []
    places = int((risk[listed] >= threshold).sum())
    predictions, note = keep_stable(predictions, previous, places)
    return predictions, threshold, [note]

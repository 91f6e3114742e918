"""How early is it good enough? The same comparison at the end of each week.

For each week the features are those known by then; everything learns from earlier cohorts and is
tested on a later one. The tested pupils are the same in every week: those with a known outcome who
are there in all of the weeks. So a curve over the weeks shows what is known growing, never the
pupils changing. (Who leaves has no outcome, and so cannot be tested in the weeks before either.)

Notation: n pupils tested · y (n,) 1 at risk, 0 not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlcore.checks import FloatArray
from risk.data.records import Records
from risk.data.table import PupilTable
from risk.evaluation.baselines import baseline_frame, baselines
from risk.evaluation.comparison import Difference, compare
from risk.evaluation.figures import Evaluation, evaluate
from risk.evaluation.splits import Split, choose_split
from risk.evaluation.unseen import out_of_fold
from risk.features.known import school_table
from risk.features.register import register_of
from risk.models.risk_model import three_models
from risk.significance import LEVEL, holm

ORACLE = "oracle"


@dataclass(frozen=True)
class WeekRow:
    """One line of the table: what one model, baseline or the oracle reaches at the end of a week."""

    week: int
    name: str  # "random_forest", "prior_score", "oracle", ...
    evaluation: Evaluation


@dataclass(frozen=True)
class Weekly:
    """The comparison at the end of each week, for the same pupils."""

    split: Split
    share: float  # of the pupils that can be seen
    pupils: pd.Index  # (n,) tested
    at_risk: FloatArray  # (n,) y
    cluster: pd.Series | None  # (n,) each pupil's class or school, whose pupils are alike
    rows: list[WeekRow]

    @property
    def weeks(self) -> list[int]:
        """The weeks compared, in order."""
        return sorted({row.week for row in self.rows})

    @property
    def titles(self) -> dict[str, str]:
        """The title of each name, in the order of the rows."""
        return {row.name: row.evaluation.title for row in self.rows}

    def row(self, week: int, name: str, title: str, kind: str, risk: FloatArray) -> WeekRow:
        """Return the row of new risks (n,) of the tested pupils."""
        found = evaluate(title, self.at_risk, risk, self.share, kind=kind, cluster=self.cluster)
        return WeekRow(week, name, found)

    def of(self, name: str) -> dict[int, Evaluation]:
        """Return one name's evaluation by week, in the order of the weeks."""
        mine = {row.week: row.evaluation for row in self.rows if row.name == name}
        return dict(sorted(mine.items()))

    def names(self, kind: str) -> list[str]:
        """Return the names of a kind: "model", "baseline" or "oracle"."""
        return list(dict.fromkeys(r.name for r in self.rows if r.evaluation.kind == kind))

    def risks(self, name: str) -> pd.DataFrame:
        """Return one name's risks, a row a pupil and a column a week."""
        risks = {week: e.risk for week, e in self.of(name).items()}
        return pd.DataFrame(risks, index=self.pupils)


def by_week(
    records: Records,
    weeks: Sequence[int],
    *,
    share: float = 0.1,
    wanted: str = "auto",
    n_folds: int = 5,
    trees: int = 100,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda step: None,
) -> Weekly:
    """Return models and baselines at the end of each week, tested on the same pupils.

    ``share`` of the pupils can be seen; ``wanted`` is the kind of split; ``progress`` is told each
    model's test in each week.
    """
    register = register_of(records.tables)
    tables = {week: school_table(records, week, register) for week in sorted(set(weeks))}
    pupils = pupils_in_all(list(tables.values()))
    last = restricted(tables[max(tables)], pupils)
    split = choose_split(last, wanted, n_folds, seed)
    tested, y = split.tested, last.at_risk.to_numpy()
    weekly = Weekly(
        split=split,
        share=share,
        pupils=pupils[tested],
        at_risk=y[tested],
        cluster=None if last.alike is None else last.alike[tested],
        rows=[],
    )
    for week, table in tables.items():
        table = restricted(table, pupils)
        models = three_models(table.schema, n_trees=trees, seed=seed, n_jobs=jobs)
        for kind, frame, named in (
            ("model", table.features, models),
            ("baseline", baseline_frame(table), baselines(table)),
        ):
            for name, model in named.items():
                risk, _ = out_of_fold(model, frame, y, split, progress)
                weekly.rows.append(weekly.row(week, name, model.title, kind, risk[tested]))
    return weekly


def pupils_in_all(tables: list[PupilTable]) -> pd.Index:
    """Return the pupils with a known outcome who are in every one of the tables."""
    pupils = pd.Index(tables[-1].ids[tables[-1].at_risk.notna()])
    for table in tables:
        pupils = pupils[pupils.isin(table.ids)]
    return pupils


def restricted(table: PupilTable, pupils: pd.Index) -> PupilTable:
    """Return a table of just these pupils, in this order."""
    rows = pd.Index(table.ids).get_indexer(pupils)
    taken = {
        name: value.iloc[rows].reset_index(drop=True)
        for name, value in vars(table).items()
        if isinstance(value, pd.Series | pd.DataFrame)
    }
    return replace(table, **taken)


def with_oracle(weekly: Weekly, true_risk: pd.DataFrame) -> Weekly:
    """Return the comparison with the oracle's rows first: what nobody could do better than.

    ``true_risk`` has the columns pupil, week and true_risk: a simulation's, never a school's.
    KeyError for a pupil and week that it lacks.
    """
    truth = true_risk.set_index(["pupil", "week"])["true_risk"]
    rows = []
    for week in weekly.weeks:
        risk = truth.loc[[(pupil, week) for pupil in weekly.pupils]].to_numpy(dtype=np.float64)
        rows.append(weekly.row(week, ORACLE, "Oracle", ORACLE, risk))
    return replace(weekly, rows=[*rows, *weekly.rows])


def first_good_week(weekly: Weekly, name: str, need: float) -> int | None:
    """Return the first week from which on the lower end of the AUC's interval is at least need.

    None if it is not, or not in the last week.
    """
    return from_then_on({week: e.auc_interval[0] >= need for week, e in weekly.of(name).items()})


def ahead_from(weekly: Weekly, name: str) -> dict[str, int | None]:
    """Return for each baseline the first week from which on name's AUC is surely above its own.

    Surely: by the paired test, corrected by Holm's method over all weeks and baselines. Weeks in
    which the baseline cannot be had, such as a rule on absences before there are any, are passed
    over.
    """
    known = weekly.names("baseline")
    found: dict[tuple[str, int], Difference] = {}
    for week, mine in weekly.of(name).items():
        here = {b: weekly.of(b)[week] for b in known if week in weekly.of(b)}
        for d in compare(weekly.at_risk, {name: mine, **here}, name, cluster=weekly.cluster):
            if d.figure == "auc":
                found[d.name, week] = d
    corrected = holm([d.p for d in found.values()])
    won: dict[str, dict[int, bool]] = {baseline: {} for baseline in known}
    for ((baseline, week), d), p in zip(found.items(), corrected, strict=True):
        won[baseline][week] = d.value < 0 and p <= LEVEL
    return {baseline: from_then_on(weeks) for baseline, weeks in won.items()}


def from_then_on(holds: dict[int, bool]) -> int | None:
    """Return the first week from which on it holds in all; None if it does not in the last.

    >>> from_then_on({0: True, 2: False, 4: True, 6: True}), from_then_on({0: True, 2: False})
    (4, None)
    """
    first = None
    for week in sorted(holds, reverse=True):
        if not holds[week]:
            break
        first = week
    return first

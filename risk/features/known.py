"""What is known about each pupil at the end of week k, and nothing later.

The tables are first cut to what week k knows (``Register.as_of``), and everything is computed from
the cut, so that later rows cannot leak in. Each feature has a name a teacher understands, a unit,
and says which rows it was computed from.

Notation: n pupils · k weeks so far · known: the tables as of week k, arrays (n, k) · features (n,).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mlcore.checks import BoolArray, FloatArray
from risk.data.columns import Column, Condition
from risk.data.reading import DataError
from risk.data.records import Records
from risk.data.table import PupilTable, check_enough
from risk.features.catalogue import FEATURES, LATELY, RECENT, START
from risk.features.measures import count, in_row, last, mean, quotient, share, slope, swing, total
from risk.features.register import Register, register_of
from risk.features.trends import weekly_trends
from risk.skills.graph import SKILLS

OFTEN_AWAY = 10.0  # % of days: missing more is called chronic absence
FULL = 90.0  # % of a week's practice that counts as all of it
MASTERED = 80.0  # % of the latest answers in a skill
FEW_ANSWERS = 10  # a skill with fewer answers is not yet called weak

PROTECTED = ("gender", "ethnicity_group", "lunch_status")

# Balfanz, Herzog & Mac Iver (2007): attendance, behaviour, course performance. Schools of theirs
# counted unsatisfactory behaviour marks; work that is not handed in stands for them here.
DISTRICTS_RULE = (
    Condition("absent_share", ">=", OFTEN_AWAY),
    Condition("completed_share", "<", 50),
    Condition("quiz_mean", "<", 60),
)


def build_features(tables: dict[str, pd.DataFrame], week: int) -> pd.DataFrame:
    """Return the features (m pupils still there) as of the end of a week; week 0 is the start.

    The index is the pupils', in their order. Who has left by then is not in it. For several weeks
    of the same tables, ``features_of(register_of(tables).as_of(week))`` reads them only once.
    """
    return features_of(register_of(tables).as_of(week))


def features_of(known: Register) -> pd.DataFrame:
    """Return the same of tables that are already arrays, cut to what is known."""
    columns = {
        "prior_score": known.prior,
        **attendance_features(known),
        **practice_features(known),
        **skill_features(known),
        **quiz_features(known),
    }
    frame = pd.DataFrame({f.name: columns[f.name] for f in FEATURES}, index=known.pupils)
    return frame[known.here]


def attendance_features(known: Register) -> dict[str, FloatArray]:
    """Return how often each pupil was away, in all and lately; weeks not recorded do not count."""
    days, school_days = known.absent, np.where(np.isnan(known.absent), np.nan, 5.0)
    lately, _ = parts(known.week)
    absent_share = share(days, school_days)
    return {
        "absent_share": absent_share,
        # A tree finds the 10 % in the share; a line can only bend there if it is given the bend.
        "absent_beyond": np.maximum(absent_share - OFTEN_AWAY, 0.0),
        "absent_recent": total(days[:, lately]),
        "absent_in_row": in_row(-days, below=0.0),
    }


def practice_features(known: Register) -> dict[str, FloatArray]:
    """Return how much each pupil practised, how well, how steadily, and which way it is going."""
    done = 100 * quotient(known.completed, known.assigned)
    lately, earlier = parts(known.week)
    return {
        "completed_share": share(known.completed, known.assigned),
        "completed_change": share_change(known.completed, known.assigned, known.week),
        "completed_swing": swing(done),
        "weeks_little": count(done, below=50.0),
        "little_in_row": in_row(done, below=50.0),
        "weeks_none": total(np.where(np.isnan(done), np.nan, done == 0)),
        "since_full": in_row(done, below=FULL),
        "minutes_a_week": mean(known.minutes),
        "minutes_change": mean(known.minutes[:, lately]) - mean(known.minutes[:, earlier]),
        "correct_share": share(known.correct, known.answered),
        "correct_change": share_change(known.correct, known.answered, known.week),
    }


def parts(week: int) -> tuple[slice, slice]:
    """Return the columns of the recent weeks, and of those before.

    >>> parts(5)
    (slice(2, None, None), slice(None, 2, None))
    """
    start = max(week - RECENT, 0)
    return slice(start, None), slice(start)


def share_change(part: FloatArray, whole: FloatArray, week: int) -> FloatArray:
    """Return the share in the recent weeks less the share before, in percentage points.

    >>> share_change(np.array([[8.0, 8.0, 2.0, 2.0, 2.0]]), np.full((1, 5), 10.0), 5).tolist()
    [-60.0]
    """
    lately, earlier = parts(week)
    return share(part[:, lately], whole[:, lately]) - share(part[:, earlier], whole[:, earlier])


def skill_features(known: Register) -> dict[str, FloatArray]:
    """Return how far each pupil masters the skills practised so far.

    The latest answers in a skill are those of the last week in which it was practised.
    """
    given, n = known.answers, len(known.pupils)
    p = len(given.pupil)
    answered = np.bincount(given.pair, given.answered, p)  # (p,) a pair of a pupil and a skill
    correct = np.bincount(given.pair, given.correct, p)
    latest = np.full(p, np.nan)
    latest[given.pair] = 100 * given.correct / given.answered  # the last row of a pair stays
    met, mastered = answered > 0, latest >= MASTERED
    number = np.bincount(given.pupil[met], minlength=n).astype(np.float64)
    good = np.bincount(given.pupil[mastered], minlength=n).astype(np.float64)

    weakest = np.full(n, np.inf)
    enough = answered >= FEW_ANSWERS
    np.minimum.at(weakest, given.pupil[enough], 100 * correct[enough] / answered[enough])
    return {
        "skills_mastered": 100 * quotient(good, number),
        "weakest_skill": np.where(np.isinf(weakest), np.nan, weakest)
        - share(known.correct, known.answered),
        "skill_gaps": np.where(number > 0, count_gaps(known, met, mastered), np.nan),
    }


def count_gaps(known: Register, met: BoolArray, mastered: BoolArray) -> FloatArray:
    """Return how many skills each pupil has met, not mastered, and needs for another skill met.

    ``met`` and ``mastered`` (p,) are of the pairs. What a skill needs is said in risk.skills.graph;
    skills with names of a school's own need none.
    """
    given, place = known.answers, {skill.name: s for s, skill in enumerate(SKILLS)}
    needs = np.zeros((len(SKILLS), len(SKILLS)))
    for s, skill in enumerate(SKILLS):
        needs[s, [place[name] for name in skill.needs]] = 1.0
    column = np.array([place.get(name, -1) for name in given.names], dtype=np.int64)[given.skill]
    has_met = np.zeros((len(known.pupils), len(SKILLS)), dtype=bool)
    lacks = np.zeros_like(has_met)
    ours = met & (column >= 0)
    has_met[given.pupil[ours], column[ours]] = True
    ours &= ~mastered
    lacks[given.pupil[ours], column[ours]] = True
    return (lacks & (has_met @ needs > 0)).sum(axis=1).astype(np.float64)


def quiz_features(known: Register) -> dict[str, FloatArray]:
    """Return how each pupil did in the quizzes, which way it is going, and how many were missed."""
    scores = quotient(known.points, known.taken)
    return {
        "quiz_mean": quotient(total(known.points), total(known.taken)),
        "quiz_last": last(scores),
        "quiz_slope": slope(scores),
        "quiz_swing": swing(scores),
        "quizzes_missed": total(known.missed),
        "missed_in_row": in_row(known.taken, below=1.0),
    }


def rows_behind(
    tables: dict[str, pd.DataFrame], feature: str, pupil: str, week: int
) -> pd.DataFrame:
    """Return the rows of the tables that a pupil's feature as of a week was computed from.

    No other row can change it. DataError for a feature or pupil that is not there.
    """
    source = {f.name: f for f in FEATURES}.get(feature)
    if source is None:
        names = ", ".join(f.name for f in FEATURES)
        raise DataError(f"No feature is called {feature!r}. Give one of: {names}.")
    if not (tables["pupils"]["pupil"] == pupil).any():
        raise DataError(f"No pupil is called {pupil!r}. Give an id of the pupils' table.")
    table = tables[source.table]
    theirs = table["pupil"] == pupil
    if source.span != START:
        first = week - RECENT + 1 if source.span == LATELY else 1
        theirs &= table["week"].between(first, week)
    return table[theirs]


def school_table(records: Records, week: int, register: Register | None = None) -> PupilTable:
    """Return the school's pupils as one table: features as of a week, and the outcome if known.

    Pupils who have left by then are not in it. ``register``, if given, is register_of(records.tables):
    to make the tables of many weeks it is made once.
    """
    register = register_of(records.tables) if register is None else register
    if not 0 <= week <= register.week:
        raise DataError(
            f"Week {week} was asked for, but the records hold weeks 0 to {register.week}."
        )
    known = register.as_of(week)
    frame = features = features_of(known).reset_index(drop=True)
    pupils = records.tables["pupils"][known.here].reset_index(drop=True)
    ended = outcomes(records, known.pupils)
    at_risk = pd.Series(ended[known.here], name="at_risk")
    check_enough(at_risk, "outcomes.csv")
    learnt = frame[at_risk.notna()]
    frame = frame[[name for name in frame if learnt[name].nunique() > 1]]  # at week 0, one or none
    if frame.shape[1] == 0:
        raise DataError(
            f"Nothing recorded up to week {week} differs between pupils whose outcome is known. "
            "Choose a later week, or add last year's scores to pupils.csv."
        )
    return PupilTable(
        source="the school's records",
        ids=pupils["pupil"],
        features=frame,
        schema=[Column(f.name, "number", f.label, f.unit) for f in FEATURES if f.name in frame],
        at_risk=at_risk,
        protected=pupils[list(PROTECTED)],
        meaning="the final score falls below the school's cut",
        listed=pupils["year"] == pupils["year"].max(),
        id_name="pupil",
        notes=records.notes,
        trends=weekly_trends(known, ended),
        cohort=pupils["year"],
        group=pupils["school"],
        # Its schools stay the same from year to year, and are tested on again; its classes do not.
        cluster=pupils["year"].astype(str) + " " + pupils["class"].astype(str),
        prior="prior_score" if "prior_score" in frame else None,
        rule=tuple(condition for condition in DISTRICTS_RULE if condition.column in frame),
        not_recorded=frame.isna().any(axis=1) | (features["quizzes_missed"] > 0),
    )


def outcomes(records: Records, pupils: pd.Index) -> FloatArray:
    """Return 1 for the pupils who ended at risk, 0 for the others, NaN where it is not known, (n,)."""
    outcome = records.tables["outcomes"].set_index("pupil")["at_risk"].reindex(pupils)
    return outcome.map({"yes": 1.0, "no": 0.0}).to_numpy(dtype=np.float64)

"""The features by name: what a teacher calls each, its unit, and the rows it is computed from."""

from __future__ import annotations

from typing import NamedTuple

RECENT = 3  # weeks that count as recent

START, SO_FAR, LATELY = "before the first week", "all weeks so far", f"the last {RECENT} weeks"


class Feature(NamedTuple):
    """One feature: its column, what a teacher calls it, its unit, and the rows it comes from."""

    name: str
    label: str
    unit: str
    table: str
    span: str = SO_FAR


FEATURES = (
    Feature("prior_score", "last year's score", "points", "pupils", START),
    Feature("absent_share", "days absent", "%", "attendance"),
    Feature("absent_beyond", "days absent beyond 10 %", "percentage points", "attendance"),
    Feature("absent_recent", "days absent in the last 3 weeks", "days", "attendance", LATELY),
    Feature("absent_in_row", "weeks in a row with a day absent", "weeks", "attendance"),
    Feature("completed_share", "practice completed", "%", "practice"),
    Feature("completed_change", "practice completed, last 3 weeks against before", "percentage points",
            "practice"),
    Feature("completed_swing", "change of the practice completed from week to week", "percentage points",
            "practice"),
    Feature("weeks_little", "weeks with less than half the practice", "weeks", "practice"),
    Feature("little_in_row", "weeks in a row with less than half the practice", "weeks", "practice"),
    Feature("weeks_none", "weeks without any practice", "weeks", "practice"),
    Feature("since_full", "weeks since one with nearly all the practice", "weeks", "practice"),
    Feature("minutes_a_week", "time on practice", "minutes a week", "practice"),
    Feature("minutes_change", "time on practice, last 3 weeks against before", "minutes a week",
            "practice"),
    Feature("correct_share", "practice answers correct", "%", "practice"),
    Feature("correct_change", "answers correct, last 3 weeks against before", "percentage points",
            "practice"),
    Feature("skills_mastered", "skills mastered of those practised", "%", "practice"),
    Feature("weakest_skill", "answers correct, weakest skill against all", "percentage points",
            "practice"),
    Feature("skill_gaps", "skills not mastered that later ones need", "skills", "practice"),
    Feature("quiz_mean", "mean quiz score", "points", "quizzes"),
    Feature("quiz_last", "latest quiz score", "points", "quizzes"),
    Feature("quiz_slope", "trend of the quiz scores", "points a week", "quizzes"),
    Feature("quiz_swing", "change of the score from quiz to quiz", "points", "quizzes"),
    Feature("quizzes_missed", "quizzes missed", "quizzes", "quizzes"),
    Feature("missed_in_row", "quizzes missed in a row", "quizzes", "quizzes"),
)  # fmt: skip

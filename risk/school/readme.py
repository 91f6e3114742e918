"""The README.txt of a simulated school's folder: what each file and column is, and its unit."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from risk.school.learning import FINAL_CUT, FINAL_MEAN, FINAL_SCALE, ITEMS_A_WEEK

FILES: dict[str, tuple[str, dict[str, str]]] = {
    "pupils.csv": (
        "One row for each pupil.",
        {
            "pupil": "the pupil's name in all files: the year and a number",
            "year": "the school year",
            "school": "the school",
            "class": "the class: the school's number, then grade and letter",
            "grade": "the grade: 6, 7 or 8",
            "gender": "female or male",
            "ethnicity_group": "a letter; the groups stand for no real ones",
            "lunch_status": "full or reduced price",
            "parents_education": "the parents' highest",
            "prior_score": "last year's final score, points of 100; blank for pupils new here",
            "left_week": "the last week the pupil was there; blank for all who stay",
        },
    ),
    "attendance.csv": (
        "One row for each pupil and week.",
        {
            "pupil": "as in pupils.csv",
            "week": "the week of the school year, from 1",
            "days_absent": "days of the week's five",
        },
    ),
    "practice.csv": (
        "One row for each pupil and week.",
        {
            "pupil": "as in pupils.csv",
            "week": "the week of the school year, from 1",
            "skill": "the skill that is practised",
            "assigned": f"items set, always {ITEMS_A_WEEK}",
            "completed": "items done",
            "correct": "items of those done that are right",
            "minutes": "minutes of practice in the week; blank where not recorded",
        },
    ),
    "quizzes.csv": (
        "One row for each pupil and quiz, one in every second week.",
        {
            "pupil": "as in pupils.csv",
            "week": "the week of the school year, from 1",
            "skill": "the skill that is asked",
            "score": "points of 100; blank where there is none; 999 is a slip of the keyboard",
        },
    ),
    "outcomes.csv": (
        "One row for each pupil who stayed to the end of a year that is over.",
        {
            "pupil": "as in pupils.csv",
            "final_score": "points of 100 in the final test",
            "at_risk": f"yes where the final score is below {FINAL_CUT:g}, else no",
        },
    ),
    "truth/pupils.csv": (
        "One row for each pupil, of the last year too.",
        {
            "pupil": "as in pupils.csv",
            "final_score": "points of 100 that the pupil reaches, whatever was recorded",
            "at_risk": f"yes where that is below {FINAL_CUT:g}, else no",
            "ability": "in standard deviations, about; 0 is average",
            "status": "the family's, in standard deviations, about; 0 is average",
            "diligence": "the mean of the pupil's engagement, on its scale",
            "prior_missing": "why prior_score is missing, or blank",
        },
    ),
    "truth/weeks.csv": (
        "One row for each pupil and week, from week 0, before the year begins.",
        {
            "pupil": "as in pupils.csv",
            "week": "the end of this week",
            "knowledge": f"final score to expect from it: {FINAL_MEAN:g} + {FINAL_SCALE:g} x knowledge",
            "engagement": "in standard deviations, about, less the strain of blows",
            "true_risk": "the probability, 0 to 1, of ending at risk, given all that is hidden; "
            "blank where it was not asked for",
            "minutes_missing": "why the week's minutes are missing, or blank",
            "score_missing": "why the week's quiz score is missing, or blank",
        },
    ),
}


def readme(options: Sequence[tuple[str, object]], counts: dict[str, int]) -> str:
    """Return the text of README.txt, given the options and the rows of each file.

    >>> print(readme([("seed", 0)], {"attendance.csv": 2}).split("\\n\\n")[-1], end="")
    attendance.csv (2 rows)
    One row for each pupil and week.
      pupil              as in pupils.csv
      week               the week of the school year, from 1
      days_absent        days of the week's five
    """
    warning = (
        "No pupil in here exists: all of it was simulated. What is found in it says how a program "
        "works, and nothing of any real school. Nothing may be learnt from the folder truth: it "
        "holds what no school knows, and is there to judge answers by."
    )
    parts = [
        "A simulated school\n\n" + fill(warning, 79),
        "Simulated with\n" + "\n".join(f"  {name:<18} {value}" for name, value in options),
    ]
    for name, rows in counts.items():
        what, columns = FILES[name]
        parts.append(
            f"{name} ({rows:,} rows)\n{what}\n"
            + "\n".join(
                fill(meaning, 79, initial_indent=f"  {column:<18} ", subsequent_indent=" " * 21)
                for column, meaning in columns.items()
            )
        )
    return "\n\n".join(parts) + "\n"

"""What pupils of grades 6 to 8 learn in a half-year of mathematics, and what builds on what.

Twenty-one skills, seven a grade in the order they are taught, each with the Common Core standard it
belongs to. A skill needs others: who lacks those learns it more slowly.

Source of the standards: Common Core State Standards for Mathematics (2010), grades 6 to 8; which
skill needs which is our own reading of them.
"""

from __future__ import annotations

from typing import NamedTuple


class Skill(NamedTuple):
    """One skill: its name, the grade that teaches it, its standard, and the skills it needs."""

    name: str
    grade: int
    standard: str
    needs: tuple[str, ...]


SKILLS = (
    Skill("ratios", 6, "6.RP.A.1", ()),
    Skill("unit rates", 6, "6.RP.A.2", ("ratios",)),
    Skill("dividing fractions", 6, "6.NS.A.1", ()),
    Skill("negative numbers", 6, "6.NS.C.5", ()),
    Skill("expressions with letters", 6, "6.EE.A.2", ()),
    Skill("one-step equations", 6, "6.EE.B.7", ("expressions with letters", "dividing fractions")),
    Skill("area of polygons", 6, "6.G.A.1", ("expressions with letters",)),
    Skill("proportional relationships", 7, "7.RP.A.2", ("unit rates", "one-step equations")),
    Skill("percent problems", 7, "7.RP.A.3", ("proportional relationships",)),
    Skill("adding with negatives", 7, "7.NS.A.1", ("negative numbers", "dividing fractions")),
    Skill("multiplying with negatives", 7, "7.NS.A.2", ("adding with negatives",)),
    Skill("factoring", 7, "7.EE.A.1", ("expressions with letters", "multiplying with negatives")),
    Skill("two-step equations", 7, "7.EE.B.4", ("one-step equations", "factoring")),
    Skill("area of circles", 7, "7.G.B.4", ("area of polygons", "two-step equations")),
    Skill("irrational numbers", 8, "8.NS.A.1", ("multiplying with negatives",)),
    Skill("powers", 8, "8.EE.A.1", ("multiplying with negatives",)),
    Skill("slope", 8, "8.EE.B.5", ("proportional relationships", "two-step equations")),
    Skill("linear equations", 8, "8.EE.C.7", ("two-step equations", "factoring")),
    Skill("pairs of equations", 8, "8.EE.C.8", ("linear equations", "slope")),
    Skill("functions", 8, "8.F.A.1", ("slope",)),
    Skill("Pythagorean theorem", 8, "8.G.B.7", ("irrational numbers", "area of circles")),
)  # fmt: skip
GRADES = (6, 7, 8)


def taught_in(grade: int) -> tuple[Skill, ...]:
    """Return a grade's skills in the order they are taught.

    >>> [skill.standard for skill in taught_in(6)][:2]
    ['6.RP.A.1', '6.RP.A.2']
    """
    return tuple(skill for skill in SKILLS if skill.grade == grade)


def curriculum(grade: int, n_weeks: int) -> list[Skill]:
    """Return the skill taught in each of n weeks: a grade's skills in order, about evenly.

    >>> [skill.name for skill in curriculum(6, 3)]
    ['ratios', 'dividing fractions', 'expressions with letters']
    """
    skills = taught_in(grade)
    return [skills[week * len(skills) // n_weeks] for week in range(n_weeks)]

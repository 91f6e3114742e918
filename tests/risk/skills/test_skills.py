"""The skills, what they need, and a map of them that can be read."""

import re
from collections import Counter
from itertools import combinations, pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from risk.data.reading import DataError
from risk.skills.graph import GRADES, SKILLS, Skill, curriculum, taught_in
from risk.skills.layout import Place, arrows_of, columns_of, crossings, few_crossings, lay_out
from risk.skills.map import SIZE, draw_skills, skills_table, write_skills


def test_a_skill_needs_only_what_was_taught_before():
    taught: list[str] = []  # so that every name exists, and nothing needs itself in a circle
    for skill in SKILLS:
        assert set(skill.needs) <= set(taught), skill.name
        assert len(set(skill.needs)) == len(skill.needs)
        taught.append(skill.name)
    assert len(set(taught)) == 21
    assert [skill.grade for skill in SKILLS] == sorted(skill.grade for skill in SKILLS)


def test_seven_skills_a_grade_each_with_a_standard_of_its_own():
    assert Counter(skill.grade for skill in SKILLS) == dict.fromkeys(GRADES, 7)
    assert len({skill.standard for skill in SKILLS}) == 21
    for skill in SKILLS:
        domain = "RP|NS|EE|G" if skill.grade < 8 else "NS|EE|F|G"
        assert re.fullmatch(rf"{skill.grade}\.({domain})\.[A-C]\.[1-9]", skill.standard)


@pytest.mark.parametrize("grade", GRADES)
def test_a_curriculum_teaches_a_grades_skills_in_order_for_about_as_long(grade):
    weeks = curriculum(grade, 18)
    assert list(dict.fromkeys(weeks)) == list(taught_in(grade))
    assert set(Counter(weeks).values()) == {2, 3}


def test_few_crossings_of_a_tangle_that_needs_none():
    left, right = [Place(0, n) for n in "abc"], [Place(1, n) for n in "xyz"]
    links = list(zip(left, reversed(right), strict=True))
    assert crossings([left, right], links) == 3
    assert crossings(few_crossings([left, right], links), links) == 0


def test_bends_stand_in_the_columns_an_arrow_passes():
    skills = [Skill("a", 6, "", ()), Skill("b", 6, "", ("a",)), Skill("c", 7, "", ("a", "b"))]
    column = columns_of(skills)
    assert column == {"a": 0, "b": 1, "c": 2}
    assert arrows_of(skills, column) == [
        [Place(0, "a"), Place(1, "b")],
        [Place(0, "a"), Place(1, "a", "c"), Place(2, "c")],
        [Place(1, "b"), Place(2, "c")],
    ]
    y, _ = lay_out(skills)
    assert abs(y[Place(1, "b")] - y[Place(1, "a", "c")]) >= 0.65 - 1e-9


def test_the_map_is_laid_out_left_to_right_with_room_for_each_name():
    y, arrows = lay_out(SKILLS)
    column = columns_of(SKILLS)
    assert len(arrows) == sum(len(skill.needs) for skill in SKILLS)
    for arrow in arrows:
        assert all(b.column == a.column + 1 for a, b in pairwise(arrow))
    for earlier, later in pairwise(GRADES):
        assert max(column[s.name] for s in taught_in(earlier)) < min(
            column[s.name] for s in taught_in(later)
        )
    for a, b in combinations(y, 2):
        if a.column == b.column:
            names = (not a.towards) + (not b.towards)
            assert abs(y[a] - y[b]) >= (0.3, 0.65, 1.0)[names] - 1e-9
    links = [link for arrow in arrows for link in pairwise(arrow)]
    order = [sorted((p for p in y if p.column == c), key=y.__getitem__) for c in range(9)]
    assert crossings(order, links) <= 6


@pytest.mark.parametrize("size", [SIZE, (7.0, 3.0)])
def test_no_text_leaves_its_box_and_no_box_meets_another(size):
    figure = Figure(size)
    FigureCanvasAgg(figure)
    ax = draw_skills(figure.add_axes((0, 0, 1, 1)))
    figure.draw_without_rendering()
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    texts = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) == 21 and len(texts) == 3 + 2 * 21
    arrows = [p for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert len(arrows) == sum(len(skill.needs) for skill in SKILLS)
    for a, b in combinations(boxes, 2):
        assert not a.overlaps(b)
    for a, b in combinations(texts, 2):
        assert not a.overlaps(b)
    for text in texts[3:]:
        inside = [b.x0 <= text.x0 and text.x1 <= b.x1 and b.y0 <= text.y0 and text.y1 <= b.y1
                  for b in boxes]  # fmt: skip
        assert sum(inside) == 1


def test_the_map_is_written_as_picture_or_refused(tmp_path):
    write_skills(tmp_path / "map.svg")
    written = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "8.G.B.7" in written and "Grade 6" in written
    write_skills(tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_text(encoding="utf-8") == written
    write_skills(tmp_path / "map.PNG")
    assert (tmp_path / "map.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(DataError, match=r"map.pdf does not end in .svg or .png"):
        write_skills(tmp_path / "map.pdf")


def test_the_table_has_a_line_a_skill():
    head, *lines = skills_table().splitlines()
    assert head.split() == ["grade", "standard", "skill", "needs"]
    for skill, line in zip(SKILLS, lines, strict=True):
        assert line.startswith(f"{skill.grade} ") and skill.standard in line
        assert line.endswith("  " + (", ".join(skill.needs) or "-"))
    assert len({line.index(s.name) for s, line in zip(SKILLS, lines, strict=True)}) == 1

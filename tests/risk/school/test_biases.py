"""Each switch distorts the records of one group, nothing else, and has its signature in the audit."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.school_audit import RECORDS, TRUTH, figures, hidden_small_group, lived
from risk.school import FINAL_CUT, Biases, simulate_school

WITHOUT = simulate_school(500, 10, seed=4, n_futures=8)
SWITCHES = ("quiz_items", "labels", "absence", "missing")


@cache
def distorted(switch, group="B"):
    biases = Biases(**{switch: True, "group": group})
    assert biases.on == [switch]
    return simulate_school(500, 10, seed=4, n_futures=8, biases=biases)


def in_group(table, group="B"):
    pupils = WITHOUT.tables["pupils"]
    return table["pupil"].isin(set(pupils.loc[pupils["ethnicity_group"] == group, "pupil"]))


@pytest.mark.parametrize("switch", SWITCHES)
def test_the_truth_is_the_same_bit_for_bit(switch):
    school = distorted(switch)
    pd.testing.assert_frame_equal(school.truth["pupils"], WITHOUT.truth["pupils"], check_exact=True)
    weeks, plain = school.truth["weeks"], WITHOUT.truth["weeks"]
    # Why a cell is missing is told of the records, and so changes with them.
    records = ["score_missing"] if switch == "missing" else []
    pd.testing.assert_frame_equal(
        weeks.drop(columns=records), plain.drop(columns=records), check_exact=True
    )
    if records:
        changed = weeks["score_missing"] != plain["score_missing"]
        assert (weeks.loc[changed, "score_missing"] == "at random").all()


@pytest.mark.parametrize(
    ("switch", "changed"),
    [
        ("quiz_items", {"quizzes": {"score"}}),
        ("labels", {"outcomes": {"final_score", "at_risk"}}),
        ("absence", {"attendance": {"days_absent"}}),
        ("missing", {"quizzes": {"score"}}),
    ],
)
@pytest.mark.parametrize("group", ["B", "C"])
def test_only_its_own_columns_change_and_of_one_group_alone(switch, changed, group):
    for name, plain in WITHOUT.tables.items():
        table = distorted(switch, group).tables[name]
        own = in_group(plain, group)
        pd.testing.assert_frame_equal(table[~own], plain[~own], check_exact=True)
        different = {
            c for c in plain if not (table[c].eq(plain[c]) | (table[c].isna() & plain[c].isna())).all()
        }  # fmt: skip
        assert different == changed.get(name, set()), name


def of_group(switch, table, column):
    """The column without the switch and with it, of the affected group."""
    plain = WITHOUT.tables[table]
    own = in_group(plain)
    return plain.loc[own, column], distorted(switch).tables[table].loc[own, column]


def test_biased_quiz_items_lower_the_scores_and_lose_none():
    before, after = of_group("quiz_items", "quizzes", "score")
    assert (before.isna() == after.isna()).all()
    valid = before.between(0, 100)  # slips of the keyboard stay
    assert (after[valid] <= before[valid]).all()
    assert (before - after)[valid].mean() > 10


def test_biased_labels_are_six_points_lower():
    before, after = of_group("labels", "outcomes", "final_score")
    inside = before.between(7, 99)
    np.testing.assert_allclose((before - after)[inside], 6, atol=0.11)
    _, at_risk = of_group("labels", "outcomes", "at_risk")
    assert ((after < FINAL_CUT) == (at_risk == "yes")).all()


def test_nine_in_ten_days_absent_are_not_recorded():
    before, after = of_group("absence", "attendance", "days_absent")
    assert (after <= before).all()
    days = before.sum()
    assert abs(after.sum() / days - 0.1) < 4 * np.sqrt(0.09 / days)


def test_a_quarter_more_of_the_quizzes_are_missing():
    before, after = of_group("missing", "quizzes", "score")
    assert after[before.isna()].isna().all()
    taken = before.notna().sum()
    lost = (before.notna() & after.isna()).sum() / taken
    assert abs(lost - 0.25) < 4 * np.sqrt(0.25 * 0.75 / taken)


def test_a_small_group_is_a_name_in_the_records_alone():
    school = simulate_school(2000, 4, seed=1, n_futures=0, biases=Biases(small_group=True))
    plain = simulate_school(2000, 4, seed=1, n_futures=0)
    small = school.tables["pupils"]["ethnicity_group"] == "E"
    assert 5 < small.sum() < 40
    named = plain.tables["pupils"]
    named["ethnicity_group"] = named["ethnicity_group"].where(~small, "E")
    for one, other in ((school.tables, plain.tables), (school.truth, plain.truth)):
        for name, table in one.items():
            pd.testing.assert_frame_equal(table, other[name], check_exact=True)


def test_the_audit_hides_a_small_group():
    sizes, hidden = hidden_small_group(2000, range(3))
    assert hidden == 3 and max(sizes) < 20


@cache
def audited(switch):
    return lived(3000, 11, switch)


def change(switch, figure, outcomes=RECORDS):
    """How the switch changes the group's difference from all others, in points."""
    off, on = (figures(audited(s), outcomes)[figure] for s in (None, switch))
    return (on[0] - on[1]) - (off[0] - off[1])


def test_signatures_in_the_audit():
    assert change("quiz_items", "false alarms") > 1
    assert change("quiz_items", "calibration") < -1
    assert change("absence", "calibration") > 0.5
    assert change("missing", "not recorded") > 30
    assert abs(change("missing", "calibration")) < 2


def test_no_audit_by_biased_labels_knows_that_they_are():
    assert change("labels", "at risk") > 5
    assert change("labels", "calibration") > 5  # as if the group's risk were understated
    assert change("labels", "found") < -5
    for figure in ("marked", "found", "false alarms", "calibration"):
        # The model hardly changed; of those at risk in the group there are few, so found varies.
        assert abs(change("labels", figure, TRUTH)) < (4 if figure == "found" else 2), figure

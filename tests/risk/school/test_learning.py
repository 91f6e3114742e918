"""One week of three pupils, worked by hand: what moves the hidden state, and which way."""

import numpy as np
import pytest

from risk.school.learning import (
    FINAL_MEAN,
    FINAL_SCALE,
    Plan,
    State,
    days_lost,
    expected_score,
    knowledge,
    live_a_week,
)

SAME = np.ones(3)


def plan():
    """Skill 1 is taught in week 2; it needs skill 0 and one of an earlier grade."""
    base, needed, help_a_week = np.zeros((7, 3)), np.zeros((7, 3)), np.zeros((3, 3))
    base[0], needed[1], help_a_week[1] = -0.3, 0.4, 0.02
    help_a_week[2] = 9.0  # the next week's, which is not yet given
    ability = np.array([-1.0, 0.5, -1.0])  # the second one would not fall behind
    needs = [[], [0], [], [], [], [], []]
    return Plan(
        [0, 1, 2], needs, [0, 2, 0, 0, 0, 0, 0], ability, SAME, 0 * SAME, base, needed, help_a_week
    )


def state():
    learnt = np.zeros((7, 3))
    learnt[0], learnt[1], learnt[2] = 0.5, 0.1, 0.7
    return State(SAME.copy(), SAME.copy(), SAME.copy(), learnt, 0.1 * SAME)


def test_a_week_by_hand():
    after = state()
    luck = [0 * SAME, np.array([2.1, 2.1, -9.0]), -1.5 * SAME, 0.5 * SAME]
    absent, completed = live_a_week(plan(), after, 2, 2.0 * SAME, luck)
    np.testing.assert_allclose(after.engagement, 0.65)  # 1 + 0.35 (0 - 1)
    np.testing.assert_allclose(after.strain, 2.98)  # 0.98 + 2
    # drive 0.65 - 0.35 · 2.98 = -0.393; tendency 2.1 + 0.5 · 0.393 - 0.25 = 2.05, beyond two cuts
    assert absent.tolist() == [2, 2, 0]
    assert after.days_absent.tolist() == [3, 3, 1]
    # effort 1.5 - 0.29475 - 0.5 - 0.9 = -0.195, or 0.305 without the days away
    assert completed.tolist() == [9, 9, 12]
    # gate of skill 1: logistic(1.6 + 1.2 · (0.4 - 0.3 + 0.5) / 2) = 0.877; what was learnt fades
    np.testing.assert_allclose(after.learnt[0], 0.49)
    gained = 0.6 * 0.876533 * np.array([0.45, 0.45, 0.6])
    np.testing.assert_allclose(after.learnt[1], 0.098 + gained, rtol=1e-5)
    np.testing.assert_allclose(after.learnt[2:], [[0.7] * 3] + [[0.0] * 3] * 4)  # not taught yet
    # 0.1 + 0.35 · (3/10 - 0.1) + 0.05 - 0.02 + 0.056 · 2.98 + 0.06 · 0.5; 1/10 is not often away
    np.testing.assert_allclose(after.setback, [0.39688, 0.34688, 0.27688])


def test_practice_of_a_skill_without_needs_has_an_open_gate():
    after = state()
    _, completed = live_a_week(plan(), after, 1, 0 * SAME, [0 * SAME] * 4)
    np.testing.assert_allclose(after.learnt[0], 0.49 + 0.6 * 0.9 * completed / 20)
    np.testing.assert_allclose(after.learnt[1:3], [[0.1] * 3, [0.7] * 3])


def test_days_lost_are_the_cuts_beyond():
    assert days_lost(np.array([1.39, 1.41, 1.9, 2.3, 2.6, 9.0])).tolist() == [0, 1, 2, 3, 4, 5]


def test_knowledge_is_mean_mastery_less_the_setback():
    known = knowledge(plan(), state())
    np.testing.assert_allclose(known, (-0.3 + 0.5 + 0.1 + 0.7) / 7 - 0.1)
    assert expected_score(np.array([0.0, 1.0])).tolist() == pytest.approx(
        [FINAL_MEAN, FINAL_MEAN + FINAL_SCALE]
    )


def test_a_copy_of_a_state_is_its_own_and_a_part_of_one_is_not():
    given = state()
    wide = given.copies((2,), np.float32)
    for name, values in vars(given).items():
        copied = getattr(wide, name)
        assert copied.dtype == np.float32
        np.testing.assert_allclose(copied, np.stack([values] * 2, axis=-2), rtol=1e-6)
    wide.learnt += 1.0
    assert given.learnt[0].tolist() == [0.5] * 3
    part = slice(1, 2)
    assert given.of(part).learnt.shape == (7, 1)
    one, whole = plan().of(part), plan()
    for name in ("ability", "status", "diligence", "base", "needed", "help_a_week"):
        assert np.array_equal(getattr(one, name), getattr(whole, name)[..., part])

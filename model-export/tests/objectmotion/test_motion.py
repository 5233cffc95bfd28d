"""The generator's promises: labels that never lie, nothing about a single frame tells the class."""

import itertools

import numpy as np
import pytest

from gatestream_export.objectmotion import motion
from gatestream_export.objectmotion.motion import LABELS, plan_motion

SLACK = 2 * 3 * motion.JITTER


@pytest.fixture(scope="module")
def plan():
    return plan_motion(40_000, np.random.default_rng(3))


def inner_steps(plan):
    """Index pairs (i, i+1) inside one stretch."""
    later = np.flatnonzero(plan.since_change > 0)
    return later - 1, later


def test_paths_stay_inside_the_walls_and_sizes_in_range(plan):
    low, high = motion.CENTRE_RANGE
    assert plan.x.min() >= low
    assert plan.x.max() <= high
    assert plan.y.min() >= low
    assert plan.y.max() <= high
    assert plan.size.min() >= motion.SIZE_RANGE[0]
    assert plan.size.max() <= motion.SIZE_RANGE[1]


def test_nothing_teleports_inside_a_stretch(plan):
    a, b = inner_steps(plan)
    largest = motion.TURN_RATE[1] * motion.TURN_RADIUS[1]
    assert np.hypot(plan.x[b] - plan.x[a], plan.y[b] - plan.y[a]).max() <= largest + SLACK


def test_only_a_cut_moves_the_thing_at_a_change(plan):
    change = np.flatnonzero(plan.since_change == 0)[1:]
    same = change[plan.thing[change] == plan.thing[change - 1]]
    assert len(same) > 0.6 * len(change)
    far = np.hypot(plan.x[same] - plan.x[same - 1], plan.y[same] - plan.y[same - 1])
    assert far.max() <= motion.TURN_RATE[1] * motion.TURN_RADIUS[1] + SLACK


@pytest.mark.parametrize(
    ("label", "axis", "sign"),
    [("left", "x", -1), ("right", "x", 1), ("up", "y", -1), ("down", "y", 1)],
)
def test_straight_stretches_move_at_least_one_pixel_a_frame(plan, label, axis, sign):
    a, b = inner_steps(plan)
    chosen = plan.label[b] == LABELS.index(label)
    moved = sign * (getattr(plan, axis)[b] - getattr(plan, axis)[a])[chosen]
    assert moved.min() >= motion.STRAIGHT_SPEED[0] - SLACK
    assert moved.max() <= motion.STRAIGHT_SPEED[1] + SLACK


@pytest.mark.parametrize(("label", "sign"), [("approaching", 1), ("receding", -1)])
def test_every_growing_frame_grows_at_the_stated_rate(plan, label, sign):
    a, b = inner_steps(plan)
    chosen = plan.label[b] == LABELS.index(label)
    rate = np.exp(sign * np.log(plan.size[b] / plan.size[a])[chosen]) - 1
    assert rate.min() >= motion.GROWTH[0] - 1e-9
    assert rate.max() <= motion.GROWTH[1] + 1e-9


@pytest.mark.parametrize(("label", "sign"), [("clockwise", 1), ("counter-clockwise", -1)])
def test_circles_turn_the_way_their_name_says_on_a_screen(plan, label, sign):
    starts = np.flatnonzero(plan.since_change == 0)
    for start, end in list(itertools.pairwise(starts))[:1500]:
        if plan.label[start] != LABELS.index(label):
            continue
        dx, dy = np.diff(plan.x[start:end]), np.diff(plan.y[start:end])
        # y points down: a positive cross product of consecutive steps turns clockwise.
        turn = dx[:-1] * dy[1:] - dy[:-1] * dx[1:]
        assert (sign * turn).mean() > 0


def test_other_labels_keep_their_size(plan):
    a, b = inner_steps(plan)
    constant = ~np.isin(plan.label[b], [LABELS.index("approaching"), LABELS.index("receding")])
    assert np.array_equal(plan.size[a][constant], plan.size[b][constant])


def test_stretches_last_one_to_two_seconds_and_change_the_label(plan):
    starts = np.flatnonzero(plan.since_change == 0)
    lengths = np.diff(starts)
    assert lengths.min() >= motion.STRETCH_FRAMES[0]
    assert lengths.max() <= motion.STRETCH_FRAMES[1]
    assert (plan.label[starts[1:]] != plan.label[starts[:-1]]).all()


def test_labels_are_balanced(plan):
    share = np.bincount(plan.label, minlength=len(LABELS)) / len(plan)
    assert share.min() > 0.085
    assert share.max() < 0.14


def test_start_position_and_size_are_alike_across_labels(plan):
    starts = plan.since_change == 0
    for name in LABELS:
        chosen = starts & (plan.label == LABELS.index(name))
        assert plan.size[chosen].mean() == pytest.approx(20.5, rel=0.25), name
        assert plan.x[chosen].mean() == pytest.approx(32, abs=9), name
        assert plan.y[chosen].mean() == pytest.approx(32, abs=9), name


def test_place_and_size_of_one_frame_hardly_tell_the_label(plan):
    from sklearn.neighbors import KNeighborsClassifier

    facts = np.stack([plan.x, plan.y, plan.size], axis=1)
    learner = KNeighborsClassifier(101).fit(facts[:20_000], plan.label[:20_000])
    assert learner.score(facts[30_000::4], plan.label[30_000::4]) < 0.17


def test_the_same_seed_gives_the_same_plan():
    first, second = (plan_motion(500, np.random.default_rng(8)) for _ in range(2))
    other = plan_motion(500, np.random.default_rng(9))
    assert np.array_equal(first.x, second.x)
    assert np.array_equal(first.label, second.label)
    assert not np.array_equal(first.x, other.x)

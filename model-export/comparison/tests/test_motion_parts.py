"""Derived streams: mirrored, irregular, from two cameras, cut into windows, chained to an hour."""

import itertools

import numpy as np
import pytest
import torch

from gatestream_comparison import hours, intervals, parts, scores
from gatestream_comparison.motion_data import MotionSet, mirror
from gatestream_export.data.sequences import IGNORED, stream
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.objectmotion.evaluation import bootstrap
from gatestream_export.objectmotion.motion import LABELS, plan_motion
from gatestream_export.training import evaluation
from gatestream_export.training.networks import Networks


def motion_set(clips: int = 4, frames: int = 100, seed: int = 1, features: int = 5) -> MotionSet:
    rng = np.random.default_rng(seed)
    plans = [plan_motion(frames, rng) for _ in range(clips)]
    return MotionSet(
        features=rng.normal(size=(clips, frames, features)).astype(np.float32),
        label=np.stack([p.label for p in plans]).astype(np.int64),
        since_change=np.stack([p.since_change for p in plans]).astype(np.int64),
        photograph=tuple("ab"[i % 2] for i in range(clips)),
    )


def test_a_mirrored_camera_exchanges_left_and_right_only() -> None:
    frames = np.random.default_rng(1).integers(0, 256, (2, 3, 4, 6, 3))
    turned = mirror(frames)
    assert np.array_equal(turned[..., 0, :], frames[..., -1, :])
    assert np.array_equal(mirror(turned), frames)
    assert np.array_equal(np.sort(turned, axis=3), np.sort(frames, axis=3))


def test_irregular_streams_keep_three_to_ten_frames_a_second() -> None:
    shares = []
    for seed in range(40):
        kept = parts.kept_frames(400, np.random.default_rng(seed))
        assert kept[0] == 0
        assert np.all(np.diff(kept) > 0)
        assert kept[-1] < 400
        shares.append(len(kept) / 400)
    print("shares", np.round(shares, 2))
    assert 0.6 < np.mean(shares) < 0.7
    assert max(shares) > min(shares) + 0.1


def test_irregular_streams_are_the_same_every_time_and_differ_by_clip_and_side() -> None:
    motion = motion_set()
    one, again, other = (parts.irregular(motion, side) for side in (0, 0, 1))
    for a, b in zip(one.streams, again.streams, strict=True):
        assert np.array_equal(a.times, b.times)
    assert any(len(a) != len(b) for a, b in zip(one.streams, other.streams, strict=True))
    assert len({len(s) for s in one.streams}) > 1


def test_an_irregular_stream_keeps_each_frame_with_its_own_label_and_time() -> None:
    motion = motion_set()
    part = parts.irregular(motion, 0)
    for i, (s, settled) in enumerate(zip(part.streams, part.settled, strict=True)):
        at = np.rint(s.times * 10).astype(int)
        assert np.array_equal(s.inputs, motion.features[i][at])
        assert np.array_equal(s.labels, motion.label[i][at])
        assert np.array_equal(settled, motion.since_change[i][at] >= 5)
        assert s.elapsed()[0] == 0
        assert np.allclose(s.elapsed()[1:] * 10, np.diff(at))


def test_two_cameras_share_labels_and_differ_by_the_side_feature() -> None:
    plain, turned = motion_set(seed=1), motion_set(seed=2)
    turned = MotionSet(turned.features, plain.label, plain.since_change, plain.photograph, True)
    part = parts.both_cameras(plain, turned)
    assert len(part.streams) == 8
    for one, two in zip(part.streams[:4], part.streams[4:], strict=True):
        assert np.array_equal(one.labels, two.labels)
        assert one.group == two.group
        assert one.name != two.name
        assert np.all(one.auxiliary == 0)
        assert np.all(two.auxiliary == 1)
        assert not np.array_equal(one.inputs, two.inputs)


def test_scored_labels_are_those_of_settled_frames() -> None:
    part = parts.regular(motion_set())
    for s, original, mask in zip(part.scored().streams, part.streams, part.settled, strict=True):
        assert np.array_equal(s.labels == IGNORED, ~mask)
        assert np.array_equal(s.labels[mask], original.labels[mask])
        assert 0 < mask.mean() < 1


def test_windows_from_zero_cover_each_stream_once() -> None:
    part = parts.regular(motion_set(frames=25))
    cut = scores.windows_from_zero(part, size=10)
    assert [len(s) for s in cut.streams] == [10, 10, 5] * 4
    first = cut.streams[:3]
    assert np.array_equal(np.concatenate([s.inputs for s in first]), part.streams[0].inputs)
    for s, mask, source in zip(
        cut.streams, cut.settled, np.repeat(part.settled, 3, 0), strict=True
    ):
        start = round(s.times[0] * 10)
        assert not mask[:5].any()
        assert np.array_equal(mask[5:], source[start + 5 : start + len(s)])


def test_summary_counts_settled_frames_by_photograph_and_class() -> None:
    motion = motion_set()
    part = parts.regular(motion)
    predicted = [s.labels.copy() for s in part.streams]
    predicted[0][:] = -2
    found = scores.summary(part, predicted)
    settled = motion.settled()
    assert found["settled"] == pytest.approx(settled[1:].sum() / settled.sum())
    assert found["raw"] == pytest.approx(0.75)
    assert found["photographs"]["b"][0] == found["photographs"]["b"][1]
    assert found["photographs"]["a"] == [settled[2].sum(), settled[[0, 2]].sum()]
    assert sum(total for _, total in found["classes"].values()) == settled.sum()
    assert set(found["classes"]) == set(LABELS)


def test_at_every_position_of_the_hour_each_clip_is_played_once() -> None:
    order = hours.orders(28, 18)
    assert order.shape == (28, 18)
    for position in order.T:
        assert sorted(position) == list(range(28))
    for row in order:
        assert len(set(row)) == 18
    neighbours = {(a, b) for row in order for a, b in itertools.pairwise(row)}
    assert len(neighbours) == 28 * 17


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
def test_the_hour_is_one_pass_over_the_chained_clips(cell: str) -> None:
    motion = motion_set(clips=3, frames=120)
    plan = hours.plan(motion, 300)
    torch.manual_seed(3)
    network = Recurrent(RecurrentShape(cell, 5, 9, hidden=6, layers=2)).eval()
    found = scores.hour_labels(network, motion, plan)
    chained = [
        stream(
            str(i),
            np.concatenate([motion.features[c] for c in row])[:300],
            np.concatenate([motion.label[c] for c in row])[:300],
        )
        for i, row in enumerate(plan.order)
    ]
    wanted = evaluation.logits(Networks(None, network), chained)
    assert np.array_equal(found, np.stack([w.argmax(axis=1) for w in wanted]))


def test_hour_counts_hits_by_cell_and_photograph() -> None:
    motion = motion_set(clips=4, frames=200)
    plan = hours.plan(motion, 600)
    label = np.stack([np.concatenate([motion.label[c] for c in row])[:600] for row in plan.order])
    settled = motion.settled()[plan.order].reshape(4, -1)[:, :600]
    predicted = label.copy()
    predicted[:, 100:200] = -2
    found = hours.counts(motion, plan, predicted)
    hits, frames = np.array(found["hits"]), np.array(found["frames"])
    assert hits.shape == frames.shape == (4, 6)
    assert np.array_equal(frames, settled.reshape(4, 6, 100).sum(axis=2))
    assert not hits[:, 1].any()
    assert np.array_equal(np.delete(hits, 1, 1), np.delete(frames, 1, 1))
    names = np.array(found["photographs"])[np.array(found["photograph"])]
    assert np.array_equal(names, np.array(motion.photograph)[np.repeat(plan.order[:, :3], 2, 1)])


def test_bins_of_time_since_reset_grow_and_cover_the_hour() -> None:
    found = hours.bins(36_000)
    assert found[0] == (0, 1)
    assert found[1] == (1, 3)
    assert found[-1] == (180, 360)
    assert [b for _, b in found[:-1]] == [a for a, _ in found[1:]]
    assert hours.bins(450) == [(0, 1), (1, 3), (3, 5)]


def test_bootstrap_holds_the_mean_and_widens_with_unlike_groups() -> None:
    total = np.full(14, 100.0)
    alike = bootstrap(np.full(14, 90.0), total)
    assert alike == (0.9, 0.9)
    low, high = bootstrap(np.array([100.0] * 7 + [80.0] * 7), total)
    assert low < 0.9 < high
    assert 0.83 < low < 0.87


def test_paired_difference_is_exact_where_every_group_changes_alike() -> None:
    right = np.random.default_rng(1).uniform(50, 90, 14)
    total = np.full(14, 100.0)
    low, high = intervals.bootstrap_difference((right, total), (right - 5, total))
    assert low == pytest.approx(-0.05)
    assert high == pytest.approx(-0.05)

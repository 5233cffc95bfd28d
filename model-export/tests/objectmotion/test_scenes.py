"""Rendering: the thing is where the plan says, and video keeps it there."""

import numpy as np
import pytest

from gatestream_export.objectmotion import photographs, scenes
from gatestream_export.objectmotion.lanes import _TABLES
from gatestream_export.objectmotion.motion import LABELS, plan_motion
from gatestream_export.picture import video


def rendered(side, frames=30, seed=4):
    rng = np.random.default_rng(seed)
    quiet = scenes.Style(wide=False, noise=(0.0, 0.0), light=0.0)
    plan = plan_motion(frames, rng)
    scene = np.full((side, side, 3), 120, np.uint8)
    digits = scenes.digit_masks("test")
    return plan, list(scenes.render(plan, scene, digits, quiet, rng))


@pytest.mark.parametrize("side", [128, 256])
def test_the_digit_is_drawn_where_the_plan_says(side):
    plan, frames = rendered(side)
    for i in range(0, len(frames), 5):
        weight = np.abs(frames[i].astype(float) - 120).max(axis=2)
        rows, columns = np.nonzero(weight > 25)
        scale = side / 64
        assert columns.size > 0
        assert (columns.min() + columns.max()) / 2 / scale == pytest.approx(
            plan.x[i], abs=plan.size[i] * 0.3
        )
        assert (rows.min() + rows.max()) / 2 / scale == pytest.approx(
            plan.y[i], abs=plan.size[i] * 0.3
        )
        assert (rows.max() - rows.min()) / scale == pytest.approx(plan.size[i], rel=0.3)


def test_the_digit_stands_out_from_the_background():
    _, frames = rendered(128)
    for frame in frames[::5]:
        assert np.abs(frame.astype(float) - 120).max() >= scenes.CONTRAST * 0.8


def test_clips_of_two_sizes_look_alike_at_the_models_size():
    small = [video.resize(f, 64, 64).astype(float) for f in rendered(128)[1]]
    large = [video.resize(f, 64, 64).astype(float) for f in rendered(256)[1]]
    assert np.mean([np.abs(a - b).mean() for a, b in zip(small, large, strict=True)]) < 2.0


def test_h264_gives_every_frame_back_in_order_within_a_few_levels():
    _, frames = rendered(128, frames=45)
    back = list(video.through_h264(frames, 20))
    assert len(back) == len(frames)
    for before, after in zip(frames, back, strict=True):
        assert np.abs(before.astype(float) - after).mean() < 4


def test_h264_keeps_black_and_white():
    frames = [np.full((64, 64, 3), level, np.uint8) for level in (0, 255, 0, 255)]
    for before, after in zip(frames, video.through_h264(frames, 18), strict=True):
        assert np.abs(before.astype(int) - after).max() <= 5


def test_the_things_of_the_splits_do_not_overlap():
    sides = {s: {m.tobytes() for m in scenes.digit_masks(s)} for s in ("train", "test")}
    assert not sides["train"] & sides["test"]
    assert len(sides["test"]) > 200


def test_photographs_are_on_one_side_only_and_the_test_side_is_large_enough():
    names = [p.name for p in photographs.PHOTOGRAPHS]
    assert len(set(names)) == len(names)
    files = [p.path for p in photographs.PHOTOGRAPHS]
    assert len(set(files)) == len(files)
    test = photographs.of_split("test")
    assert len(test) >= 12
    assert not any(p.illustration for p in test)


def test_missing_photographs_are_named_with_the_command_that_gets_them(tmp_path):
    from gatestream_export.errors import UsageError

    with pytest.raises(UsageError, match="apt-get download lomiri-wallpapers-16.04"):
        photographs.require(photographs.of_split("test"), tmp_path)


@pytest.mark.parametrize(
    ("flip", "before", "after"),
    [
        ("flip_x", "left", "right"),
        ("flip_x", "up", "up"),
        ("flip_y", "down", "up"),
        ("swap", "left", "up"),
        ("swap", "down", "right"),
        ("flip_x", "clockwise", "counter-clockwise"),
        ("flip_y", "counter-clockwise", "clockwise"),
        ("swap", "clockwise", "counter-clockwise"),
        ("swap", "approaching", "approaching"),
    ],
)
def test_flipped_pictures_get_the_flipped_label(flip, before, after):
    assert LABELS[_TABLES[flip][LABELS.index(before)]] == after

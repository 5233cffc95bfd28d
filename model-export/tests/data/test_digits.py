"""The split of the digits and their two forms."""

import numpy as np

from gatestream_export.data import digits


def test_the_parts_are_disjoint_and_hold_every_image():
    split = digits.load(1)
    numbers = [split.training.numbers, split.validation.numbers, split.test.numbers]
    assert [len(n) for n in numbers] == [1077, 360, 360]
    assert sorted(np.concatenate(numbers).tolist()) == list(range(1797))


def test_a_seed_fixes_the_split():
    first, again, other = digits.load(1), digits.load(1), digits.load(2)
    assert np.array_equal(first.test.numbers, again.test.numbers)
    assert np.array_equal(first.training.values, again.training.values)
    assert not np.array_equal(first.test.numbers, other.test.numbers)


def test_every_class_has_the_same_share_in_each_part():
    split = digits.load(1)
    whole = np.bincount(np.concatenate([p.labels for p in vars(split).values()]))
    for part in (split.training, split.validation, split.test):
        expected = whole * len(part) / whole.sum()
        assert np.abs(np.bincount(part.labels) - expected).max() < 1.01


def test_rows_are_the_images_lines_times_15():
    part = digits.load(1).test
    frames = digits.rows(part.values)
    assert frames.shape == (360, 8, 1, 8, 3)
    assert frames.dtype == np.uint8
    assert frames.max() == 240
    for channel in range(3):
        assert np.array_equal(frames[5, :, 0, :, channel], part.values[5] * 15)


def test_pictures_keep_the_place_and_the_brightness():
    values = np.zeros((1, 8, 8), np.uint8)
    values[0, 2, 5] = 16
    picture = digits.pictures(values)
    assert picture.shape == (1, 32, 32, 3)
    assert picture.dtype == np.uint8
    ys, xs = np.nonzero(picture[0, :, :, 0] > 100)
    assert abs(ys.mean() - (2 * 4 + 1.5)) < 0.6
    assert abs(xs.mean() - (5 * 4 + 1.5)) < 0.6
    assert np.array_equal(picture[..., 0], picture[..., 2])

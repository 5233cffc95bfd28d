"""Splits keep groups together, have every class on both sides, and come out the same again."""

import numpy as np
import pytest

from gatestream_export.data.sequences import IGNORED, Sequences, stream
from gatestream_export.data.splits import split
from gatestream_export.errors import CheckFailedError, UsageError


def made(groups: list[tuple[str, list[int]]], labels: int) -> Sequences:
    """One stream of each (group, labels of its frames)."""
    streams = [
        stream(f"{group}-{i}", np.zeros((len(y), 1), np.float32), np.array(y), group=group)
        for i, (group, y) in enumerate(groups)
    ]
    return Sequences(tuple("abcdefgh"[:labels]), tuple(streams), ("a line",))


def groups(part: Sequences) -> set[str]:
    return {s.group for s in part.streams}


def classes(part: Sequences) -> set[int]:
    return {int(v) for s in part.streams for v in s.labels} - {IGNORED}


def test_groups_stay_together_and_each_class_gives_its_share():
    data = made([(f"g{i // 2}", [i // 2 % 3]) for i in range(60)], 3)
    training, validation = split(data, 0.2, 1)
    assert groups(training) | groups(validation) == groups(data)
    assert not groups(training) & groups(validation)
    assert len(training.streams) + len(validation.streams) == 60
    for label in range(3):
        assert len({s.group for s in validation.streams if s.labels[0] == label}) == 2
    assert training.left_out == ("a line",)
    assert validation.left_out == ()


def test_seed_decides():
    data = made([(f"g{i}", [i % 2]) for i in range(40)], 2)
    assert groups(split(data, 0.3, 1)[1]) == groups(split(data, 0.3, 1)[1])
    assert groups(split(data, 0.3, 1)[1]) != groups(split(data, 0.3, 2)[1])


def test_two_clips_of_a_class_are_one_on_each_side_whatever_the_share():
    data = made([("a", [0]), ("b", [0]), ("c", [1]), ("d", [1])], 2)
    for share in (0.01, 0.5, 0.99):
        for part in split(data, share, 3):
            assert classes(part) == {0, 1}


def test_groups_of_many_classes_still_have_each_class_on_both_sides():
    rng = np.random.default_rng(4)
    for trial in range(20):
        kinds = [
            (f"g{i}", [0, *rng.choice(np.arange(1, 5), 2, replace=False).tolist()])
            for i in range(10)
        ]
        kinds += [(f"own{c}{i}", [c]) for c in range(1, 5) for i in range(2)]
        for part in split(made(kinds, 5), 0.25, trial):
            assert classes(part) == {0, 1, 2, 3, 4}


def test_class_with_one_clip_is_named():
    data = made([("a", [0]), ("b", [0]), ("c", [1]), ("c", [1]), ("d", [IGNORED])], 3)
    with pytest.raises(CheckFailedError, match="'b' has one clip only; the class 'c' has no clip"):
        split(data, 0.5, 1)


def test_class_that_cannot_be_on_both_sides_is_said():
    # Every split has x and y together with a third class on one side.
    data = made([("p", [0, 1]), ("q", [1, 2]), ("r", [2, 0])], 3)
    training, validation = split(data, 0.3, 1)
    assert training.streams
    assert validation.streams
    assert len(validation.left_out) == 1
    assert "is in training only" in validation.left_out[0]


def test_share_outside_zero_to_one_is_refused():
    data = made([("a", [0]), ("b", [0])], 1)
    for share in (0.0, 1.0, float("nan")):
        with pytest.raises(UsageError, match="validation share"):
            split(data, share, 1)

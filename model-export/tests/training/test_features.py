"""Cached features: computed once, found again, and computed again where they are damaged."""

import os
import resource
import threading
from pathlib import Path

import numpy as np
import pytest

from gatestream_export.data.sequences import Sequences, stream
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets import encoders
from gatestream_export.training.features import cached

SEED = 23
COUNTS = (70, 3, 0, 5)


class Sums:
    """Channel sums and the number of frames it was asked for."""

    width, height, features = 4, 2, 3
    module = None
    file = None

    def __init__(self, name: str = "sums", fail_after: int | None = None) -> None:
        self.name = name
        self.frames = 0
        self.fail_after = fail_after

    def identity(self) -> str:
        return self.name

    def encode(self, frames: np.ndarray) -> np.ndarray:
        if self.fail_after is not None and self.frames >= self.fail_after:
            raise KeyboardInterrupt
        self.frames += len(frames)
        return frames.sum((1, 2), dtype=np.float32)


def data() -> Sequences:
    rng = np.random.default_rng(SEED)
    streams = []
    for i, count in enumerate(COUNTS):
        inputs = rng.integers(0, 256, (count, 2, 4, 3), dtype=np.uint8)
        streams.append(stream(f"s{i}", inputs, np.arange(count) % 2, auxiliary=np.ones((count, 1))))
    return Sequences(("a", "b"), tuple(streams), ("clip x: does not decode",))


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.npy"))


def test_features_replace_the_frames_and_nothing_else(tmp_path):
    original = data()
    found = cached(original, Sums(), tmp_path, None)
    assert found.labels == original.labels
    assert found.left_out == original.left_out
    for before, after in zip(original.streams, found.streams, strict=True):
        assert after.inputs.dtype == np.float32
        assert np.array_equal(after.inputs, before.inputs.sum((1, 2), dtype=np.float32))
        assert not after.inputs.flags.writeable or not len(after)
        assert np.array_equal(after.labels, before.labels)
        assert np.array_equal(after.auxiliary, before.auxiliary)


def test_a_second_run_computes_nothing(tmp_path):
    cached(data(), Sums(), tmp_path, None)
    again = Sums()
    found = cached(data(), again, tmp_path, None)
    assert again.frames == 0
    assert found.streams[0].inputs.shape == (70, 3)
    other = Sums("other")
    cached(data(), other, tmp_path, None)
    assert other.frames == sum(COUNTS)


def test_one_changed_frame_computes_its_stream_again(tmp_path):
    cached(data(), Sums(), tmp_path, None)
    changed = data()
    changed.streams[1].inputs[2, 0, 0, 0] ^= 1
    again = Sums()
    found = cached(changed, again, tmp_path, None)
    assert again.frames == COUNTS[1]
    assert np.array_equal(found.streams[1].inputs[2], changed.streams[1].inputs[2].sum((0, 1)))


@pytest.mark.parametrize("damage", ["short", "flipped", "header", "empty", "another"])
def test_a_damaged_file_is_computed_again(tmp_path, caplog, damage):
    expected = [s.inputs.copy() for s in cached(data(), Sums(), tmp_path, None).streams]
    file = max(files(tmp_path), key=lambda f: f.stat().st_size)
    content = bytearray(file.read_bytes())
    if damage == "short":
        content = content[:-5]
    elif damage == "flipped":
        content[200] ^= 1
    elif damage == "header":
        content[0] ^= 1
    elif damage == "empty":
        content = bytearray()
    else:
        content = bytearray(min(files(tmp_path), key=lambda f: f.stat().st_size).read_bytes())
    file.write_bytes(content)
    again = Sums()
    found = cached(data(), again, tmp_path, None)
    assert again.frames == COUNTS[0]
    assert f"{file} is damaged" in caplog.text
    for a, b in zip(expected, found.streams, strict=True):
        assert np.array_equal(a, b.inputs)


def test_an_interrupted_run_goes_on_with_the_next_stream(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        cached(data(), Sums(fail_after=73), tmp_path, None)
    assert len(files(tmp_path)) == 3
    assert not list(tmp_path.glob("*/.part*"))
    again = Sums()
    cached(data(), again, tmp_path, None)
    assert again.frames == COUNTS[3]


def test_what_a_killed_process_left_goes_after_a_day(tmp_path):
    place = tmp_path / "sums"
    place.mkdir()
    old, new = place / ".part-old.npy", place / ".part-new.npy"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    cached(data(), Sums(), tmp_path, None)
    assert not old.exists()
    assert new.exists()


def test_two_writers_of_one_folder_agree(tmp_path):
    found = {}

    def work(name: str) -> None:
        found[name] = cached(data(), Sums(), tmp_path, None)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for a, b in zip(found["a"].streams, found["b"].streams, strict=True):
        assert np.array_equal(a.inputs, b.inputs)
    assert len(files(tmp_path)) == len(COUNTS)
    assert not list(tmp_path.glob("*/.part*"))


def test_frames_of_another_size_are_wrong_usage(tmp_path):
    wide = Sequences(("a",), (stream("s", np.zeros((2, 2, 5, 3), np.uint8), [0, 0]),))
    with pytest.raises(UsageError, match=r"stream s: frames are uint8 \[2, 5, 3\]"):
        cached(wide, Sums(), tmp_path, None)


def test_a_feature_that_is_not_finite_names_stream_and_frame(tmp_path):
    class Broken(Sums):
        def encode(self, frames):
            features = super().encode(frames)
            if self.frames > 64:
                features[2, 1] = np.nan
            return features

    with pytest.raises(CheckFailedError, match="stream s0, frame 66"):
        cached(data(), Broken(), tmp_path, None)
    assert not list(tmp_path.glob("*/*"))


def test_a_torch_encoder_is_cached_through_onnx(tmp_path):
    encoder = encoders.build(encoders.THREE, (16, 8), features="pooled", frozen=True)
    inputs = np.random.default_rng(SEED).integers(0, 256, (9, 8, 16, 3), dtype=np.uint8)
    frames = Sequences(("a",), (stream("s", inputs, np.zeros(9)),))
    found = cached(frames, encoder, tmp_path, None).streams[0].inputs
    np.testing.assert_allclose(found, encoder.encode(inputs), rtol=1e-4, atol=1e-5)
    assert len(list((tmp_path / encoder.identity()).iterdir())) == 1


def test_more_streams_than_descriptors_are_mapped(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = 150
    streams = tuple(stream(f"s{i}", np.full((1, 2, 4, 3), i, np.uint8), [0]) for i in range(count))
    resource.setrlimit(resource.RLIMIT_NOFILE, (120, limits[1]))
    try:
        found = cached(Sequences(("a",), streams), Sums(), tmp_path, None)
        assert [s.inputs[0, 0] for s in found.streams] == [8 * i for i in range(count)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)

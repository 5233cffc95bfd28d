"""Class folders become streams; what cannot be used is named."""

import json

import numpy as np
import pytest

from gatestream_export.data import clips, framestore
from gatestream_export.data.decoding import VideoFile
from gatestream_export.data.framestore import FrameRule, FrameStore
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture import still
from gatestream_export.picture.resize import ResizeRule
from gatestream_export.picture.video import write_mp4


def load(folder, rule):
    return clips.load(folder, rule, folder.parent / "cache", progress=False)


@pytest.fixture
def folder(tmp_path, clip):
    for label, shade in (("wave", 100), ("run", 20)):
        for i in range(2):
            clip(tmp_path / "data" / label / f"{i}.mp4", shade=shade + 10 * i)
    return tmp_path / "data"


def test_folders_sorted_are_the_labels_and_frames_come_by_the_rule(folder, rule, clip):
    clip(folder / "wave" / "more" / "2.MOV", frames=3, shade=200)
    (folder / ".cache").mkdir()
    (folder / "run" / ".hidden.mp4").write_text("not read")
    data = load(folder, rule)
    assert data.labels == ("run", "wave")
    assert data.left_out == ()
    names = ["run/0.mp4", "run/1.mp4", "wave/0.mp4", "wave/1.mp4", "wave/more/2.MOV"]
    assert [s.name for s in data.streams] == names
    assert [len(s) for s in data.streams] == [5, 5, 5, 5, 3]
    assert [int(s.labels[0]) for s in data.streams] == [0, 0, 1, 1, 1]
    first = data.streams[2]
    assert first.times.tolist() == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert first.inputs.dtype == np.uint8
    assert first.inputs.shape == (5, 8, 8, 3)
    expected = [rule.resize.apply(p.rgb) for p in VideoFile(folder / "wave" / "0.mp4", 100_000)]
    assert np.array_equal(first.inputs, expected)
    assert len({s.group for s in data.streams}) == 5


def test_clip_that_does_not_decode_is_left_out_with_its_reason(folder, rule):
    (folder / "run" / "broken.mp4").write_text("no video")
    (folder / "run" / "notes.txt").write_text("text")
    data = load(folder, rule)
    assert len(data.streams) == 4
    assert len(data.left_out) == 2
    assert "run: no videos by their names: 1 .txt" in data.left_out[0]
    assert "broken.mp4 does not open" in data.left_out[1]


def test_second_run_decodes_nothing(folder, rule, monkeypatch):
    before = load(folder, rule)
    monkeypatch.setattr(framestore, "VideoFile", None)
    after = load(folder, rule)
    for one, other in zip(before.streams, after.streams, strict=True):
        assert np.array_equal(one.inputs, other.inputs)
        assert np.array_equal(one.times, other.times)
    (folder / "run" / "0.mp4").rename(folder / "run" / "renamed.mp4")
    assert load(folder, rule).frames() == before.frames()


def test_stopped_run_goes_on_behind_the_last_whole_clip(folder, rule, monkeypatch):
    whole = load(folder, rule)
    wanted = [np.array(s.inputs) for s in whole.streams]
    index = FrameStore(folder.parent / "cache", rule).folder / "index.jsonl"
    lines = index.read_text().splitlines(keepends=True)
    index.write_text("".join(lines[:2]) + lines[2][:20])
    decoded = []
    monkeypatch.setattr(
        framestore, "VideoFile", lambda path, *rest: decoded.append(path) or VideoFile(path, *rest)
    )
    again = load(folder, rule)
    assert [np.array_equal(s.inputs, w) for s, w in zip(again.streams, wanted, strict=True)] == (
        [True] * 4
    )
    assert len(decoded) == 2
    assert [json.loads(line)["first"] for line in index.read_text().splitlines()] == [0, 5, 10, 15]


def test_clip_that_breaks_midway_leaves_no_frames_behind(folder, rule):
    data = bytearray((folder / "run" / "1.mp4").read_bytes())
    (folder / "run" / "0.mp4").write_bytes(data[: len(data) - 300])
    found = load(folder, rule)
    assert "0.mp4" in found.left_out[0]
    assert [s.name for s in found.streams] == ["run/1.mp4", "wave/0.mp4", "wave/1.mp4"]
    assert load(folder, rule).frames() == found.frames() == 15


def test_damaged_cache_says_what_to_remove(folder, rule, clip):
    load(folder, rule)
    store = FrameStore(folder.parent / "cache", rule).folder
    (store / "frames.npy").write_bytes(b"")
    clip(folder / "run" / "new.mp4", shade=180)
    with pytest.raises(UsageError, match="remove the folder"):
        load(folder, rule)


def test_rules_do_not_share_a_cache():
    rules = [
        FrameRule(ResizeRule(8, 8)),
        FrameRule(ResizeRule(8, 8), interval=50_000),
        FrameRule(ResizeRule(8, 8), jpeg_quality=None),
        FrameRule(ResizeRule(8, 8, "letterbox")),
        FrameRule(ResizeRule(8, 9)),
        FrameRule(ResizeRule(8, 8, reduced_scale_jpeg=True)),
    ]
    assert len({rule.key() for rule in rules}) == len(rules)


def test_frames_are_decoded_at_the_scale_of_the_rule(folder):
    noise = np.random.default_rng(4).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    write_mp4(folder / "run" / "noise.mp4", noise, 18.0)
    plain = [p.rgb for p in VideoFile(folder / "run" / "noise.mp4", jpeg_quality=None)]
    stored = {}
    for reduced in (False, True):
        rule = FrameRule(ResizeRule(8, 8, reduced_scale_jpeg=reduced))
        stream = next(s for s in load(folder, rule).streams if s.name == "run/noise.mp4")
        small = [still.through_jpeg(p, 85, rule.resize) for p in plain]
        assert {p.shape for p in small} == {(8, 8, 3) if reduced else (32, 32, 3)}
        assert np.array_equal(stream.inputs, [rule.resize.apply(p) for p in small])
        stored[reduced] = stream.inputs
    assert not np.array_equal(stored[False], stored[True])


def test_gap_that_resets_the_application_starts_a_new_stream():
    times = np.array([0, 100_000, 2_100_001, 2_200_000], np.int64)
    pictures = np.zeros((4, 2, 2, 3), np.uint8)
    starts = (0, 2_100_001)
    parts = framestore.streams("a.mp4", "a", pictures, times, np.zeros(4, np.int64), starts)
    assert [(s.name, len(s), s.group) for s in parts] == [("a.mp4", 2, "a"), ("a.mp4#2", 2, "a")]
    assert parts[1].elapsed().tolist() == pytest.approx([0, 0.099999])


def test_long_interval_is_no_gap(folder, clip):
    for label in ("run", "wave"):
        clip(folder / label / "long.mp4", frames=70, shade=40 if label == "run" else 100)
    rule = FrameRule(ResizeRule(8, 8), interval=3_000_000)
    for _ in range(2):
        found = {s.name: s for s in load(folder, rule).streams}
        assert found["run/long.mp4"].times.tolist() == pytest.approx([0, 2.3, 5.3])
        assert found["run/long.mp4"].elapsed().tolist() == pytest.approx([0, 2.3, 3.0])


def test_same_clip_twice_counts_once_and_under_two_labels_not_at_all(folder, rule):
    data = (folder / "run" / "0.mp4").read_bytes()
    (folder / "run" / "copy.mp4").write_bytes(data)
    assert "the same clip as" in load(folder, rule).left_out[0]
    (folder / "wave" / "copy.mp4").write_bytes(data)
    with pytest.raises(CheckFailedError, match="two labels"):
        load(folder, rule)


def test_class_without_a_clip_is_named(folder, rule):
    (folder / "idle").mkdir()
    with pytest.raises(UsageError, match=r"no clip in .*idle: wanted files that end in"):
        load(folder, rule)
    (folder / "idle" / "a.mp4").write_text("no video")
    with pytest.raises(CheckFailedError, match=r"idle: no clip of this class decodes(.|\n)*a\.mp4"):
        load(folder, rule)


def test_folder_that_is_not_there_or_has_one_class_is_refused(tmp_path, rule, clip):
    with pytest.raises(UsageError, match="no such folder of clips"):
        load(tmp_path / "none", rule)
    clip(tmp_path / "data" / "run" / "0.mp4")
    with pytest.raises(UsageError, match="has 1 class folders, wanted 2 or more"):
        load(tmp_path / "data", rule)

"""Videos that do not decode are refused with a reason; others come as the application sees them."""

from fractions import Fraction

import av
import numpy as np
import pytest

from gatestream_export.data.decoding import DecodeError, VideoFile
from gatestream_export.data.timestamps import PresentationTimes, rescale
from gatestream_export.picture.video import write_mp4


def fails(path) -> str:
    with pytest.raises(DecodeError) as caught:
        list(VideoFile(path))
    assert path.name in str(caught.value)
    return str(caught.value)


def textured(path, frames=40, size=96):
    rng = np.random.default_rng(1)
    write_mp4(path, (rng.integers(0, 256, (size, size, 3), np.uint8) for _ in range(frames)), 23.0)
    return path


def test_file_that_is_not_there_or_no_video_does_not_open(tmp_path):
    assert "does not open" in fails(tmp_path / "none.mp4")
    (tmp_path / "empty.mp4").touch()
    assert "does not open" in fails(tmp_path / "empty.mp4")
    (tmp_path / "text.mp4").write_text("no video " * 100)
    assert "does not open" in fails(tmp_path / "text.mp4")


def test_playlist_that_names_another_file_is_not_followed(tmp_path, clip):
    clip(tmp_path / "secret.mp4")
    (tmp_path / "list.ts").write_text("ffconcat version 1.0\nfile secret.mp4\n")
    assert "does not open" in fails(tmp_path / "list.ts")


def test_sound_alone_has_no_video(tmp_path):
    file = tmp_path / "sound.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        samples = np.zeros((1, 4096), np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert "has no video in it" in fails(file)


def test_clip_that_was_cut_off_is_damaged(tmp_path):
    whole = textured(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    assert "damaged or was cut off" in fails(tmp_path / "cut.mp4")


def test_clip_with_damage_in_the_middle_names_the_time(tmp_path):
    file = textured(tmp_path / "bad.mp4")
    data = bytearray(file.read_bytes())
    for i in range(len(data) // 2, len(data) // 2 + 3000):
        data[i] ^= 0x5A
    file.write_bytes(data)
    assert "is damaged after" in fails(file)


def test_frames_that_are_not_due_are_left_out_and_the_end_is_known(tmp_path):
    file = tmp_path / "fast.mp4"
    write_mp4(file, (np.full((32, 32, 3), i, np.uint8) for i in range(30)), 18.0, rate=30)
    video = VideoFile(file, interval=100_000)
    assert [p.micros for p in video] == [i * 100_000 for i in range(10)]
    assert video.end == 1_000_000
    assert len(list(VideoFile(file))) == 30


def test_jpeg_changes_pixels_only_where_it_is_asked_for(tmp_path):
    file = textured(tmp_path / "a.mp4", 2)
    sent = next(iter(VideoFile(file))).rgb.astype(int)
    plain = next(iter(VideoFile(file, jpeg_quality=None))).rgb.astype(int)
    assert 1 < np.abs(sent - plain).mean() < 40


def test_times_are_rounded_as_ffmpeg_does():
    assert [rescale(t, Fraction(1, 30)) for t in (0, 1, 2, -1)] == [0, 33_333, 66_667, -33_333]
    assert rescale(1, Fraction(1, 2_000_000)) == 1


def test_falling_presentation_times_give_way_to_decoding_times():
    class Frame:
        def __init__(self, pts, dts):
            self.pts, self.dts = pts, dts

    times = PresentationTimes()
    given = [(0, 0), (None, 1), (2, None), (1, 3), (0, 4), (None, None)]
    assert [times.of(Frame(*g)) for g in given] == [0, 1, 2, 3, 4, None]

"""Decoded clips against the files that the application's tests check too.

`python tests/data/test_decode_agreement.py` writes the odd clips and the expected pixels anew.
"""

import base64
import json
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
import pytest

from gatestream_export.data.decoding import VideoFile
from gatestream_export.picture.resize import ResizeRule

STREAM_APP = Path(__file__).resolve().parents[3] / "stream-app"
CLIPS = STREAM_APP / "src/test/resources/pictures"
SHARED = CLIPS / "clips.json"
WHOLE = ResizeRule(16, 16)
# Pixels as they are: an average would hide what a filter or the JPEG changes.
PART = ResizeRule(16, 16, interpolation="nearest", region=(0.25, 0.25, 0.0625, 0.0625))
WIDTH, HEIGHT = 64, 48
CASES = (
    # file, rule, frames whose pixels are kept
    ("samples/beach.mp4", WHOLE, (0, 101, 299)),
    ("samples/beach.mp4", PART, (0, 101, 299)),
    ("samples/cat.mp4", WHOLE, (0, 57, 239)),
    ("samples/cat.mp4", PART, (0, 57, 239)),
    ("rotated.mp4", WHOLE, (0, 7)),
    ("upside-down.mp4", WHOLE, (0, 7)),
    ("interlaced.mp4", WHOLE, (0, 5, 9)),
    ("variable.mkv", WHOLE, (0, 4)),
    ("bt601.mp4", WHOLE, (0, 4)),
    ("full-range.mp4", WHOLE, (0, 4)),
    ("no-times.avi", WHOLE, (0, 6)),
    ("ten-bits.mkv", WHOLE, (0, 6)),
    ("odd-size.mkv", WHOLE, (0, 6)),
    ("new-size.h264", WHOLE, (0, 9, 10, 19)),
)


def path(name: str) -> Path:
    return STREAM_APP / name if "/" in name else CLIPS / name


@lru_cache
def decoded_once(name: str, kept: tuple[int, ...]) -> tuple[list[int], dict[int, np.ndarray]]:
    times, pictures = [], {}
    for i, picture in enumerate(VideoFile(path(name))):
        times.append(picture.micros)
        if i in kept:
            pictures[i] = picture.rgb
    return times, pictures


def decoded(name: str, rule: ResizeRule, kept: tuple[int, ...]) -> dict:
    times, pictures = decoded_once(name, kept)
    return {
        "clip": name,
        "input": {"width": rule.width, "height": rule.height, "resize": rule.as_dict()},
        "times": times,
        "frames": {
            str(i): base64.b64encode(rule.apply(pictures[i]).tobytes()).decode() for i in kept
        },
    }


@pytest.mark.parametrize("index", range(len(CASES)), ids=[f"{c[0]}-{c[1].mode}" for c in CASES])
def test_frames_are_those_that_the_application_makes(index):
    assert decoded(*CASES[index]) == json.loads(SHARED.read_text())[index]


def test_rotated_clip_stands_upright():
    pictures = [p.rgb for p in VideoFile(path("rotated.mp4"))]
    assert pictures[0].shape == (WIDTH, HEIGHT, 3)
    lying = np.rot90(scene(0), -1).astype(int)
    assert np.abs(pictures[0].astype(int) - lying).mean() < 6


def test_interlaced_clip_is_deinterlaced():
    video = VideoFile(path("interlaced.mp4"))
    combed = [p.rgb.astype(int) for p in video]
    assert video.interlaced
    # Fields 6 pixels apart would leave every other line torn.
    middle = combed[5]
    assert np.abs(middle[2:-2:2] - (middle[1:-3:2] + middle[3:-1:2]) / 2).mean() < 4


def test_size_that_changes_midway_is_followed():
    shapes = [p.rgb.shape[:2] for p in VideoFile(path("new-size.h264"))]
    assert shapes == [(HEIGHT, WIDTH)] * 10 + [(2 * HEIGHT, 2 * WIDTH)] * 10


def test_variable_rate_keeps_its_times():
    times = [p.micros for p in VideoFile(path("variable.mkv"))]
    assert times == [t * 1000 for t in VARIABLE]
    thinned = [p.micros for p in VideoFile(path("variable.mkv"), interval=100_000)]
    assert thinned == [0, 90_000, 300_000, 700_000]


VARIABLE = (0, 33, 90, 110, 300, 310, 700)


def scene(t: int) -> np.ndarray:
    """A slope of colours with a bright bar that moves 3 pixels a picture; RGB."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    picture = np.stack([x * 3 + 20, y * 4 + 30, 220 - x * 2 - y], axis=-1)
    picture[:, (3 * t) % WIDTH : (3 * t) % WIDTH + 6] = (240, 240, 60)
    return picture.clip(0, 255).astype(np.uint8)


def write(
    name: str,
    pictures: list[np.ndarray],
    codec: str = "libx264",
    times: tuple[int, ...] | None = None,
    matrix: int = 5,
    range_: int = 1,
    options: dict[str, str] | None = None,
    pixels: str = "yuv420p",
) -> Path:
    """`times` in milliseconds; 25 pictures a second without."""
    with av.open(str(CLIPS / name), "w") as container:
        stream = container.add_stream(codec, rate=25, options={"crf": "20", **(options or {})})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixels
        tick = Fraction(1, 25) if times is None else Fraction(1, 1000)
        stream.codec_context.time_base = tick
        stream.codec_context.thread_count = 1
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(
                format=pixels,
                dst_colorspace=matrix,
                src_color_range=2,
                dst_color_range=range_,
            )
            frame.pts, frame.time_base = i if times is None else times[i], tick
            frame.colorspace, frame.color_range = matrix, range_
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return CLIPS / name


def turn(file: Path, matrix: tuple[int, int, int, int]) -> None:
    """Writes (a, b, c, d) of the display matrix, in whole turns, into an MP4's track header."""

    def words(a: int, b: int, c: int, d: int) -> bytes:
        rows = (a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
        return b"".join(v.to_bytes(4, "big", signed=True) for v in rows)

    data = file.read_bytes()
    header = data.index(b"tkhd")
    at = data.index(words(1, 0, 0, 1), header)
    file.write_bytes(data[:at] + words(*matrix) + data[at + 36 :])


def write_all() -> None:
    plain = [scene(t) for t in range(10)]
    turn(write("rotated.mp4", plain), (0, 1, -1, 0))
    turn(write("upside-down.mp4", plain), (-1, 0, 0, -1))
    fields = []
    for t in range(10):
        picture = scene(2 * t)
        picture[1::2] = scene(2 * t + 2)[1::2]
        fields.append(picture)
    write("interlaced.mp4", fields, options={"x264-params": "tff=1"})
    write("variable.mkv", [scene(t) for t in range(len(VARIABLE))], times=VARIABLE)
    tags = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range="
    write("bt601.mp4", plain)
    write("full-range.mp4", plain, matrix=1, range_=2, options={"x264-params": f"{tags}pc"})
    write("no-times.avi", plain, codec="mpeg4", options={"bf": "2", "b": "300k"})
    write("ten-bits.mkv", plain, pixels="yuv420p10le")
    write("odd-size.mkv", [p[:-1, :-1] for p in plain], pixels="yuv444p")
    small, large = (
        write(
            "new-size.h264", [np.kron(p, np.ones((k, k, 1), np.uint8)) for p in plain]
        ).read_bytes()
        for k in (1, 2)
    )
    (CLIPS / "new-size.h264").write_bytes(small + large)
    lines = ",\n".join(json.dumps(decoded(*case)) for case in CASES)
    SHARED.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    write_all()

"""JPEGs at a reduced scale: worked examples, and the pictures that the application's tests check.

`python tests/picture/test_reduced.py` writes the shared file anew.
"""

import base64
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gatestream_export.picture import still, video
from gatestream_export.picture.resize import DIVISORS, ResizeRule

SHARED = Path(__file__).resolve().parents[3] / "stream-app/src/test/resources/pictures/reduced.json"
COLOUR = (10, 200, 90)
REGION = (0.1, 0.2, 0.55, 0.6)
SAMPLING = {
    name: (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, getattr(cv2, f"IMWRITE_JPEG_SAMPLING_FACTOR_{name}"))
    for name in ("411", "420", "422", "440", "444")
}
GREY = ("grey",)
PROGRESSIVE = (cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
RESTARTS = (cv2.IMWRITE_JPEG_RST_INTERVAL, 3)
SMALL = ResizeRule(16, 12, letterbox_colour=COLOUR, reduced_scale_jpeg=True)
CASES = (
    # frame, divisor, rule, parameters of the JPEG; exactly n times, a pixel less, a pixel more
    *(((16 * n + w, 12 * n + h), n, SMALL, ()) for n in DIVISORS for w, h in ((0, 0), (1, 1))),
    *(
        ((16 * n + w, 12 * n + h), n // 2, SMALL, ())
        for n in DIVISORS
        for w, h in ((-1, 0), (0, -1))
    ),
    ((201, 141), 8, SMALL, ()),
    ((16, 12), 1, SMALL, ()),
    *(
        (frame, n, replace(SMALL, interpolation=interpolation), ())
        for interpolation in ("nearest", "linear", "cubic")
        for frame, n in (((67, 51), 4), ((107, 59), 4))
    ),
    *(((67, 51), 4, SMALL, kind) for kind in SAMPLING.values()),
    *(((45, 37), 2, SMALL, kind) for kind in SAMPLING.values()),
    ((131, 99), 8, SMALL, SAMPLING["444"]),
    ((131, 99), 8, SMALL, PROGRESSIVE),
    ((67, 51), 4, SMALL, (*PROGRESSIVE, *SAMPLING["444"])),
    ((45, 37), 2, SMALL, (*PROGRESSIVE, *RESTARTS)),
    ((67, 51), 4, SMALL, RESTARTS),
    *(((16 * n + 3, 12 * n + 1), n, SMALL, GREY) for n in DIVISORS),
    ((67, 51), 4, SMALL, (*GREY, *PROGRESSIVE)),
    ((130, 50), 8, replace(SMALL, mode="letterbox"), ()),
    ((31, 97), 4, replace(SMALL, mode="letterbox", interpolation="linear"), ()),
    ((64, 33), 4, replace(SMALL, mode="letterbox"), ()),
    ((100, 53), 4, replace(SMALL, mode="centre-crop"), ()),
    ((33, 200), 2, replace(SMALL, mode="centre-crop", interpolation="linear"), ()),
    ((203, 151), 4, replace(SMALL, region=REGION), ()),
    ((203, 151), 4, replace(SMALL, region=REGION, mode="letterbox", interpolation="cubic"), ()),
    ((203, 151), 4, replace(SMALL, region=REGION, mode="centre-crop"), ()),
    ((61, 41), 1, replace(SMALL, region=(0.5, 0.0, 0.5, 1.0)), ()),
)


def scene(width: int, height: int) -> np.ndarray:
    """Slopes, edges and some noise, as cameras give; uint8 RGB."""
    y, x = np.mgrid[:height, :width]
    wave = 40 * np.sin(x / 7.0) * np.cos(y / 5.0)
    edge = np.where((x // 11 + y // 9) % 3 == 0, 70, 0)
    noise = np.random.default_rng(8).integers(0, 8, (height, width))
    red = 120 - wave + edge - noise
    green = 40 + 120 * y / height + edge + noise
    blue = 60 + 100 * x / width + wave + noise
    return np.stack([red, green, blue], axis=-1).clip(0, 255).astype(np.uint8)


def encode(frame: tuple[int, int], parameters: tuple) -> bytes:
    picture = scene(*frame)[:, :, ::-1]
    if parameters[:1] == GREY:
        picture, parameters = picture[:, :, 1], parameters[1:]
    options = [cv2.IMWRITE_JPEG_QUALITY, 60, *parameters]
    return cv2.imencode(".jpg", np.ascontiguousarray(picture), options)[1].tobytes()


def cases() -> list[dict]:
    found = []
    for frame, divisor, rule, parameters in CASES:
        data = encode(frame, parameters)
        assert still.jpeg_size(data) == frame
        pixels = rule.apply(still.decode(data, rule))
        found.append(
            {
                "frame": list(frame),
                "divisor": divisor,
                "input": {"width": rule.width, "height": rule.height, "resize": rule.as_dict()},
                "jpeg": base64.b64encode(data).decode(),
                "rgb": base64.b64encode(pixels.tobytes()).decode(),
            }
        )
    return found


@pytest.mark.parametrize("case", json.loads(SHARED.read_text()) if SHARED.exists() else [])
def test_pictures_are_those_that_the_application_makes(case):
    rule = ResizeRule.from_dict(case["input"])
    data = base64.b64decode(case["jpeg"])
    assert rule.divisor(*case["frame"]) == case["divisor"]
    pixels = rule.apply(still.decode(data, rule))
    assert pixels.tobytes() == base64.b64decode(case["rgb"])


def test_the_shared_cases_are_these():
    shared = json.loads(SHARED.read_text())
    assert [(c["frame"], c["divisor"], c["input"]) for c in shared] == [
        (c["frame"], c["divisor"], c["input"]) for c in cases()
    ]


def test_rule_comes_back_from_its_own_words():
    for reduced in (True, False):
        rule = replace(SMALL, reduced_scale_jpeg=reduced)
        words = {"width": 16, "height": 12, "resize": rule.as_dict()}
        assert words["resize"]["reducedScaleJpeg"] is reduced
        assert ResizeRule.from_dict(words) == rule


@pytest.mark.parametrize("divisor", [1, 2, 4, 8])
def test_sides_are_divided_and_rounded_up(divisor):
    rule = ResizeRule(25 // divisor, 25 // divisor, reduced_scale_jpeg=True)
    picture = still.decode(encode((29, 25), ()), rule)
    assert picture.shape == (-(-25 // divisor), -(-29 // divisor), 3)
    again = still.through_jpeg(scene(29, 25), 85, rule)
    assert np.array_equal(again, still.decode(video.encode_jpeg(scene(29, 25), 85), rule))


def test_nothing_is_reduced_without_the_flag_or_in_a_png():
    full = replace(SMALL, reduced_scale_jpeg=False)
    data = encode((128, 96), ())
    assert np.array_equal(still.decode(data, full), video.decode_image(data))
    assert still.through_jpeg(scene(128, 96), 85, full).shape == (96, 128, 3)
    png = video.encode_png(scene(128, 96))
    assert np.array_equal(still.decode(png, SMALL), scene(128, 96))


@pytest.mark.parametrize("data", [b"nothing", b"\xff\xd8 and nothing more"])
def test_what_is_no_picture_is_said(data):
    with pytest.raises(ValueError, match="not a JPEG"):
        still.decode(data, SMALL)


if __name__ == "__main__":
    SHARED.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases()) + "\n]\n")

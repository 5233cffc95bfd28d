"""The resize rule: worked examples, and the pictures that the application's tests check too.

`python tests/picture/test_resize.py` writes the shared file anew.
"""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from gatestream_export.errors import CheckFailedError
from gatestream_export.picture.names import INTERPOLATIONS, MODES
from gatestream_export.picture.resize import Box, ResizeRule

SHARED = Path(__file__).resolve().parents[3] / "stream-app/src/test/resources/pictures/resize.json"
COLOUR = (10, 200, 90)
REGION = (0.1, 0.2, 0.55, 0.6)
SIZES = (
    # frame, input, region
    ((1, 1), (5, 4), None),
    ((7, 5), (8, 8), None),
    ((16, 12), (12, 9), None),
    ((16, 12), (16, 12), None),
    ((33, 17), (9, 10), None),
    ((64, 48), (16, 16), None),
    ((5, 40), (11, 7), None),
    ((101, 51), (13, 8), REGION),
    ((10, 10), (12, 5), REGION),
    ((40, 30), (10, 10), (0.5, 0.0, 0.5, 1.0)),
)


def noise(width: int, height: int) -> np.ndarray:
    """Byte i of the picture, RGB by rows, is the top byte of a mix of i; the same in Java."""
    v = np.arange(width * height * 3, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(12345)
    v = (v ^ (v >> np.uint32(15))) * np.uint32(2246822519)
    v ^= v >> np.uint32(13)
    return (v >> np.uint32(24)).astype(np.uint8).reshape(height, width, 3)


def cases() -> list[dict]:
    found = []
    for frame, size, region in SIZES:
        for mode in MODES:
            for interpolation in INTERPOLATIONS:
                rule = ResizeRule(*size, mode, interpolation, COLOUR, region)
                pixels = rule.apply(noise(*frame))
                found.append(
                    {
                        "frame": list(frame),
                        "input": {"width": size[0], "height": size[1], "resize": rule.as_dict()},
                        "rgb": base64.b64encode(pixels.tobytes()).decode(),
                    }
                )
    return found


def test_pictures_are_those_that_the_application_makes():
    assert json.loads(SHARED.read_text()) == cases()


def test_rule_comes_back_from_its_own_words():
    for case in cases():
        rule = ResizeRule.from_dict(case["input"])
        assert rule.apply(noise(*case["frame"])).tobytes() == base64.b64decode(case["rgb"])


@pytest.mark.parametrize(
    ("mode", "frame", "size", "region", "source", "target"),
    [
        ("stretch", (101, 51), (64, 64), (0.5, 0.5, 0.5, 0.5), (51, 26, 50, 25), (0, 0, 64, 64)),
        ("stretch", (10, 10), (64, 64), (0.25, 0.25, 0.5, 0.5), (3, 3, 5, 5), (0, 0, 64, 64)),
        ("stretch", (10, 10), (64, 64), (0.99, 0.99, 0.01, 0.01), (9, 9, 1, 1), (0, 0, 64, 64)),
        ("letterbox", (640, 480), (63, 64), None, (0, 0, 640, 480), (0, 8, 63, 47)),
        ("letterbox", (4, 3), (10, 10), None, (0, 0, 4, 3), (0, 1, 10, 8)),
        ("letterbox", (1000, 1), (64, 64), None, (0, 0, 1000, 1), (0, 31, 64, 1)),
        ("letterbox", (100, 100), (64, 64), (0, 0, 1, 0.5), (0, 0, 100, 50), (0, 16, 64, 32)),
        ("centre-crop", (480, 641), (64, 64), None, (0, 80, 480, 480), (0, 0, 64, 64)),
        ("centre-crop", (10, 5), (3, 2), None, (1, 0, 8, 5), (0, 0, 3, 2)),
        ("centre-crop", (1, 1000), (64, 1), None, (0, 499, 1, 1), (0, 0, 64, 1)),
        (
            "centre-crop",
            (640, 480),
            (64, 64),
            (0.5, 0, 0.5, 1),
            (320, 80, 320, 320),
            (0, 0, 64, 64),
        ),
    ],
)
def test_each_mode_places_the_picture_by_the_rule(mode, frame, size, region, source, target):
    rule = ResizeRule(*size, mode=mode, region=region)
    assert rule.placement(*frame) == (Box(*source), Box(*target))


def test_odd_pixel_of_padding_is_below_and_has_the_colour():
    rule = ResizeRule(2, 4, "letterbox", "nearest", (1, 2, 3))
    picture = np.array([[[0, 0, 255], [0, 255, 0], [9, 9, 9], [7, 7, 7]]], np.uint8)
    assert rule.apply(picture)[:, 0].tolist() == [[1, 2, 3], [0, 0, 255], [1, 2, 3], [1, 2, 3]]


STRETCH = {"mode": "stretch", "interpolation": "area"}
BEYOND = {"x": 0.5, "y": 0, "width": 0.6, "height": 1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"width": 0}, "size 0x8"),
        ({"width": "8"}, "whole numbers"),
        ({"resize": {"mode": "stretch"}}, "lacks 'interpolation'"),
        ({"resize": {"mode": "fill", "interpolation": "area"}}, "letterbox, centre-crop"),
        ({"resize": STRETCH | {"letterboxColour": [0, 0, 256]}}, "0 to 255"),
        ({"resize": STRETCH | {"regionOfInterest": BEYOND}}, "not inside"),
        ({"resize": STRETCH | {"regionOfInterest": {"x": 0}}}, "lacks 'y'"),
        ({"resize": "stretch"}, "wrong type"),
    ],
)
def test_rule_that_cannot_be_is_refused(change, words):
    good = {"width": 8, "height": 8, "resize": ResizeRule(8, 8).as_dict()}
    with pytest.raises(CheckFailedError, match=words):
        ResizeRule.from_dict(good | change)


if __name__ == "__main__":
    SHARED.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases()) + "\n]\n")

"""The programs that `./gatestream bench --peers` measures make Gatestream's pixels, bit for bit."""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "stream-app" / "src" / "test" / "resources" / "pictures"
REDUCED = json.loads((PICTURES / "reduced.json").read_text())
STRETCHED = [case for case in REDUCED if case["input"]["resize"]["mode"] == "stretch"]


@pytest.fixture
def preprocessing(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bench" / "peers"))
    yield __import__("model").Preprocessing
    del sys.modules["model"]


def test_jpegs_at_a_reduced_scale(preprocessing):
    cases = [case for case in STRETCHED if case["input"]["resize"]["regionOfInterest"] is None]
    assert {case["divisor"] for case in cases} == {1, 2, 4, 8}
    for case in cases:
        size = case["input"]
        pixels = preprocessing(size).pixels(base64.b64decode(case["jpeg"]))
        expected = np.frombuffer(base64.b64decode(case["rgb"]), np.uint8)
        assert np.array_equal(pixels.ravel(), expected), case["input"]


def test_jpegs_at_full_scale(preprocessing):
    bundle = ROOT / "stream-app" / "models" / "object-motion"
    spec = json.loads((bundle / "model.json").read_text())
    golden = json.loads((bundle / "golden" / "golden.json").read_text())["frames"]
    for frame in golden:
        pixels = preprocessing(spec["input"]).pixels(
            (bundle / "golden" / frame["file"]).read_bytes()
        )
        expected = (bundle / "golden" / frame["pixels"]).read_bytes()
        assert pixels.tobytes() == expected, frame["file"]

"""Which frames the model sees, by hand and by the cases that the application's tests check too.

`python tests/data/test_thinning.py` writes the shared file anew.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from gatestream_export.data.thinning import DueFrames, due_frames

SHARED = Path(__file__).resolve().parents[3] / "stream-app/src/test/resources/pictures/due.json"


def cases() -> list[dict]:
    rng = np.random.default_rng(8)
    steps = {
        "30 a second": (100_000, np.diff([round(i * 1e6 / 30) for i in range(70)])),
        "25 a second": (100_000, np.full(60, 40_000)),
        "29.97 a second": (66_667, np.diff([round(i * 1001e3 / 30) for i in range(70)])),
        "slower than the model": (100_000, np.full(30, 130_000)),
        "variable": (100_000, rng.integers(3_000, 180_000, 150)),
        "variable, an odd interval": (33_333, rng.integers(1_000, 60_000, 150)),
        "gaps": (100_000, rng.choice([20_000, 90_000, 1_999_999, 2_000_000, 2_000_001], 80)),
        "every frame": (0, rng.integers(1, 100_000, 20)),
    }
    found = []
    for name, (interval, between) in steps.items():
        times = np.concatenate([[0], np.cumsum(between)]).tolist()
        due = due_frames(times, interval)
        found.append({"name": name, "interval": interval, "times": times, "due": due})
    return found


def test_cases_are_those_that_the_application_checks():
    assert json.loads(SHARED.read_text()) == cases()


@pytest.mark.parametrize(
    ("times", "interval", "due"),
    [
        # Due at 0, 100, 200, 300 ms: 75 ms is the earliest for the second.
        ([0, 74_999, 75_000, 174_999, 175_000], 100_000, [0, 2, 4]),
        # 260 ms is late: the next is due 50 ms after it, at 310, so from 285 on.
        ([0, 260_000, 284_999, 285_000], 100_000, [0, 1, 3]),
        # More than two seconds without a frame: the state starts anew, the next is due 100 ms on.
        ([0, 2_000_001, 2_075_000, 2_075_001], 100_000, [0, 1, 3]),
        # Exactly two seconds are no gap: the next is due 50 ms on, so from 25 ms on.
        ([0, 2_000_000, 2_024_999, 2_025_000], 100_000, [0, 1, 3]),
        # Skipped frames count for the gap, as they do in the application.
        ([0, 50_000, 2_050_000, 2_074_999, 2_075_000], 100_000, [0, 2, 4]),
        ([0, 1, 2], 0, [0, 1, 2]),
        ([], 100_000, []),
    ],
)
def test_frames_by_hand(times, interval, due):
    assert due_frames(times, interval) == due


def test_starts_are_the_resets_of_the_application():
    due = DueFrames(3_000_000)
    times = [*range(0, 9_000_000, 100_000), 11_000_001, 11_100_001]
    kept = [t for t in times if due.keeps(t)]
    assert np.diff(kept).max() > 2_000_000
    assert due.starts == [0, 11_000_001]


def test_frame_of_the_same_time_comes_once():
    assert due_frames([0, 0, 100_000, 100_000], 100_000) == [0, 2]


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="interval -1"):
        DueFrames(-1)


if __name__ == "__main__":
    SHARED.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases()) + "\n]\n")

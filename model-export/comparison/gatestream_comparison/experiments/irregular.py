"""System 6: irregular frame times with `elapsed`, and a side feature that settles a doubt."""

from __future__ import annotations

from typing import Any

from gatestream_comparison import fits
from gatestream_comparison.fits import Fit
from gatestream_comparison.settings import Context, shape


def variants(context: Context) -> dict[str, tuple[list[Fit], str]]:
    """Each variant's fits, one a seed, and the score that is compared."""
    s = context.settings

    def several(kind: str, score: tuple[str, ...], drop: float, **inputs: Any) -> list[Fit]:
        form = shape("gru", **inputs)
        return [Fit(kind, form, s.carried(seed, drop=drop), score) for seed in s.seeds]

    return {
        "irregular, without elapsed": (several("irregular", ("test", "regular"), 0.0), "test"),
        "irregular, with elapsed": (
            several("irregular", ("test", "regular"), 0.0, elapsed=True),
            "test",
        ),
        "trained on regular streams": (several("motion", ("irregular", "test"), 0.1), "irregular"),
        "two cameras, without auxiliary": (several("cameras", ("test",), 0.1), "test"),
        "two cameras, with auxiliary": (several("cameras", ("test",), 0.1, auxiliary=1), "test"),
    }


def run(context: Context) -> dict[str, Any]:
    """Trains and scores every variant."""
    wanted = variants(context)
    done = fits.run_groups(context, {k: several for k, (several, _) in wanted.items()}, "irregular")
    found: dict[str, Any] = {}
    for name, those in done.items():
        score = wanted[name][1]
        found[name] = {
            "validation": [f.validation for f in those],
            "compared": [f.scores[score] for f in those],
            "scores": {key: [f.scores[key]["settled"] for f in those] for key in those[0].scores},
            "classes": [f.scores[score].get("classes") for f in those],
        }
    return found

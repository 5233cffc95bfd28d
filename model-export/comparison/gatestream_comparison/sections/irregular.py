"""The report's part on irregular frame times and side features."""

from __future__ import annotations

from typing import Any

from gatestream_comparison import parts, wording
from gatestream_comparison.figures import Table
from gatestream_comparison.report import Section
from gatestream_comparison.settings import LAYERS, UNITS, Context

TURNED = ("left", "right", "clockwise", "counter-clockwise")
"""The labels that a mirror exchanges."""

TIMES = ("irregular, without elapsed", "irregular, with elapsed", "trained on regular streams")
CAMERAS = ("two cameras, without auxiliary", "two cameras, with auxiliary")


def section(context: Context, result: dict[str, Any]) -> Section:
    """Tables of `irregular.run`."""
    s, low, high = context.settings, *parts.RATES
    scores = result[TIMES[0]]["compared"]
    text = wording.paragraphs(f"""\
GRU with {LAYERS} layers of {UNITS}, carried-state training, {s.frames():,} frames seen,
{len(s.seeds)} seeds.

Irregular: frames of the clips are dropped at random, in training, validation and test. For each
stretch of {parts.RATE_FRAMES[0] / 10:g} to {parts.RATE_FRAMES[1] / 10:g} seconds a rate from
{low:g} to {high:g} frames a second is drawn and each frame is kept with that share; a stream's seed
decides, so every run drops the same frames. Nothing is padded. `elapsed`, the seconds since the
previous frame, scales and shifts the features by learned linear functions of log(1 + s) (FiLM). A
frame is settled from half a second of scene time after a change, dropped frames counted.

Two cameras: every clip is seen by a plain and by a mirrored camera ({context.source.mirrored}
training clips from each), and the label is the motion in the scene. The picture does not tell which
camera it comes from, so {", ".join(TURNED)} are ambiguous; the side feature is 0 for the plain
camera and 1 for the mirrored one, fused before the cell in the same way.

{wording.warning(len(scores[0]["photographs"]), "test photographs")}""")
    return Section(
        "Irregular and multimodal sequences (system 6)", text, (_times(result), _cameras(result))
    )


def _times(result: dict[str, Any]) -> Table:
    rows = []
    for name in TIMES:
        one = result[name]
        regular = one["scores"]["regular" if "regular" in one["scores"] else "test"]
        rows.append(
            (
                name,
                wording.over_seeds([v["settled"] for v in one["compared"]]),
                wording.over_photographs(one["compared"]),
                wording.share(wording.classes(one["compared"], TURNED[2:])),
                wording.over_seeds(regular),
            )
        )
    columns = ("model", "settled, irregular", "95 %", "turning only", "settled, all frames")
    return Table(columns, rows, "Irregular frame times")


def _cameras(result: dict[str, Any]) -> Table:
    rows = []
    for name in CAMERAS:
        one = result[name]
        others = [c for c in one["compared"][0]["classes"] if c not in TURNED]
        rows.append(
            (
                name,
                wording.over_seeds([v["settled"] for v in one["compared"]]),
                wording.over_photographs(one["compared"]),
                wording.share(wording.classes(one["compared"], TURNED)),
                wording.share(wording.classes(one["compared"], others)),
            )
        )
    columns = ("model", "settled", "95 %", "ambiguous labels", "other labels")
    return Table(columns, rows, "A side feature")

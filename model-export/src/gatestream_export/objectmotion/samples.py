"""The sample clips: short H.264 files of unseen photographs and digits, with their truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gatestream_export.bundle.runtime import Bundle
from gatestream_export.data import truth
from gatestream_export.data.truth import Segment
from gatestream_export.errors import UsageError
from gatestream_export.objectmotion import evaluation, photographs, scenes
from gatestream_export.objectmotion.clips import Clips
from gatestream_export.objectmotion.motion import FRAMES_PER_SECOND, LABELS, MotionPlan, plan_motion
from gatestream_export.picture import video

SIDE = 256
CRF = 27.0
STYLE = scenes.Style(wide=False, noise=(0.5, 3.0), light=0.10)

SAMPLES = (
    ("beach", "Bridge_by_Sander_Klootwijk", 30),
    ("bowl", "Picture_0B_by_freespace", 30),
    ("dandelion", "seeding_by_Clements_Engelhardt", 24),
    ("mountain", "aitzgorri_by_Aitzol_Berasategi", 40),
    ("room", "Wine_by_Jakkub_Mede", 30),
    ("stream", "life_by_Aitzol_Berasategi", 24),
    ("sunset", "sunset_by_Aitzol_Berasategi", 30),
    ("cat", "chelsea", 24),
)
SEEDS = {"test": 77, "validation": 78}
VALIDATION_SECONDS = 60
VALIDATION_PARTS = 2


def segments(stream: str, plan: MotionPlan) -> list[Segment]:
    """The stretches of a plan; together they cover the clip without a gap."""
    starts = [i for i in range(len(plan)) if i == 0 or plan.since_change[i] == 0]
    ends = [*starts[1:], len(plan)]
    return [
        Segment(stream, a / FRAMES_PER_SECOND, b / FRAMES_PER_SECOND, LABELS[plan.label[a]])
        for a, b in zip(starts, ends, strict=True)
    ]


def planned(split: str) -> tuple[tuple[str, str, int], ...]:
    """Stream, photograph and seconds of each clip: the samples, or clips to tune event rules on."""
    if split == "test":
        return SAMPLES
    return tuple(
        (f"{photograph.name}-{part}".lower(), photograph.name, VALIDATION_SECONDS)
        for photograph in photographs.of_split(split)
        for part in range(VALIDATION_PARTS)
    )


def write(target: Path, folder: Path, split: str = "test") -> int:
    """Renders all clips of a split and truth.csv; returns the bytes written."""
    chosen = {p.name: p for p in photographs.of_split(split)}
    clips = planned(split)
    photographs.require([chosen[name] for _, name, _ in clips], folder)
    target.mkdir(parents=True, exist_ok=True)
    digits = scenes.digit_masks(split)
    lines: list[Segment] = []
    size = 0
    for index, (stream, name, seconds) in enumerate(clips):
        rng = np.random.default_rng([SEEDS[split], index])
        picture = photographs.load(chosen[name], folder)
        plan = plan_motion(seconds * FRAMES_PER_SECOND, rng)
        scene = scenes.background([picture], 0, SIDE, SIDE, STYLE, rng)
        file = target / f"{stream}.mp4"
        video.write_mp4(
            file, scenes.render(plan, scene, digits, STYLE, rng), CRF, FRAMES_PER_SECOND
        )
        lines += segments(stream, plan)
        size += file.stat().st_size
    truth.write(target / "truth.csv", lines)
    if split == "test":
        (target / "NOTICE.md").write_text(_notice(chosen), encoding="utf-8")
    return size


def _notice(chosen: dict[str, photographs.Photograph]) -> str:
    rows = "\n".join(
        f"| {stream}.mp4 | {name} | {chosen[name].author} | {chosen[name].licence} |"
        for stream, name, _ in SAMPLES
    )
    return f"""# Sample clips

Made by `python -m gatestream_export write-samples`: a handwritten digit (UCI Optical Recognition of
Handwritten Digits, E. Alpaydin and C. Kaynak, CC-BY-4.0, through scikit-learn) moves over a
photograph that was cropped, rescaled and given noise and changing light. Each clip is available
under the licence of its photograph; `truth.csv` is CC0-1.0.

| Clip | Photograph | Author | Licence |
|---|---|---|---|
{rows}

Licence texts: https://creativecommons.org/licenses/by/4.0/,
https://creativecommons.org/licenses/by-sa/4.0/ and https://creativecommons.org/publicdomain/zero/1.0/.
"""


@dataclass(frozen=True)
class SampleScore:
    """A clip's accuracy under the bundle."""

    stream: str
    frames: int
    settled: float
    raw: float


def evaluate(bundle: Bundle, folder: Path) -> list[SampleScore]:
    """Runs the bundle over the decoded clips."""
    scores = []
    for stream, stretches in truth.read_truth(folder / "truth.csv").items():
        file = folder / f"{stream}.mp4"
        if not file.is_file():
            raise UsageError(f"missing file: {file}")
        predicted, label, since = _run(bundle, file, stretches)
        clips = Clips(np.empty(0), label[None], since[None], np.empty(0), [stream])
        scored = evaluation.score(clips, predicted[None])
        scores.append(SampleScore(stream, len(label), scored.settled, scored.raw))
    return scores


def _run(
    bundle: Bundle, file: Path, stretches: list[Segment]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The top label, the true one and the frames since it began, of each frame."""
    c = bundle.contract
    states = bundle.initial_states()
    predicted, label, since = [], [], []
    for seconds, picture in video.read_mp4(file):
        logits, states = bundle.step(
            bundle.encode(video.resize(picture, c.width, c.height)[None]), states
        )
        # Half a frame inside, so that no rounding of a time decides.
        at = seconds + 0.5 / FRAMES_PER_SECOND
        segment = truth.segment_at(stretches, at, seconds, file.name)
        predicted.append(int(logits[0].argmax()))
        label.append(c.labels.index(segment.label))
        since.append(int((at - segment.start) * FRAMES_PER_SECOND))
    return np.array(predicted), np.array(label), np.array(since)

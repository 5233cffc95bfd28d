"""Object-motion clips as cached features of a frozen encoder: what the comparison trains on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from tqdm import tqdm

from gatestream_export import files
from gatestream_export.bundle.runtime import open_session
from gatestream_export.data.sequences import Sequences, Stream, stream
from gatestream_export.objectmotion.clips import Clips, ClipSet, prepare
from gatestream_export.objectmotion.evaluation import SETTLED_FROM
from gatestream_export.objectmotion.motion import FRAMES_PER_SECOND, LABELS

BATCH = 64


@dataclass(frozen=True)
class MotionSet:
    """Clips [N,T] by their features: `features` float32 [N,T,F], a view of the file.

    `since_change` counts frames of the clip since its label changed, 0 on the first of a stretch.
    """

    features: np.ndarray
    label: np.ndarray
    since_change: np.ndarray
    photograph: tuple[str, ...]
    mirrored: bool = False

    def __len__(self) -> int:
        return len(self.label)

    def settled(self) -> np.ndarray:
        """bool [N,T]: frames that count for settled accuracy."""
        return self.since_change >= SETTLED_FROM

    def take(self, clips: Sequence[int] | np.ndarray) -> MotionSet:
        """Some of the clips."""
        rows = [int(i) for i in clips]
        return MotionSet(
            self.features[rows[0] : rows[-1] + 1]
            if rows == list(range(rows[0], rows[-1] + 1))
            else self.features[rows],
            self.label[rows],
            self.since_change[rows],
            tuple(self.photograph[i] for i in rows),
            self.mirrored,
        )

    def streams(self) -> tuple[Stream, ...]:
        """Each clip as a stream at 10 frames a second, grouped by photograph."""
        suffix = " mirrored" if self.mirrored else ""
        return tuple(
            stream(
                f"{self.photograph[i]} #{i}{suffix}",
                self.features[i],
                self.label[i],
                1 / FRAMES_PER_SECOND,
                group=self.photograph[i],
            )
            for i in range(len(self))
        )

    def sequences(self) -> Sequences:
        """The clips as a data set for training."""
        return Sequences(LABELS, self.streams())


def encode(
    encoder: Path,
    clip_set: ClipSet,
    photographs: Path,
    work: Path,
    *,
    clips: int | None = None,
    mirrored: bool = False,
    processes: int = 2,
) -> MotionSet:
    """Features of the set's first `clips` clips, from the cache in `work` where it has them.

    A mirrored camera sees left and right exchanged; `label` stays that of the scene, so that a
    thing moving left in the scene moves right in the mirrored picture.
    """
    rendered = prepare(clip_set, photographs, work, processes)
    count = len(rendered.frames) if clips is None else min(clips, len(rendered.frames))
    name = f"{clip_set.key()}-{files.sha256(encoder)[:12]}-{count}"
    target = work / "features" / (name + ("-mirrored" if mirrored else ""))
    if not (target / "done.json").is_file():
        target.mkdir(parents=True, exist_ok=True)
        _encode_all(encoder, rendered, count, mirrored, target)
    return MotionSet(
        features=np.load(target / "features.npy", mmap_mode="r"),
        label=rendered.label[:count].astype(np.int64),
        since_change=rendered.since_change[:count].astype(np.int64),
        photograph=tuple(rendered.scene[:count]),
        mirrored=mirrored,
    )


def _encode_all(encoder: Path, clips: Clips, count: int, mirrored: bool, target: Path) -> None:
    session = open_session(encoder)
    inputs, outputs = session.get_inputs()[0].name, [session.get_outputs()[0].name]
    length = clips.frames.shape[1]
    size = int(session.get_outputs()[0].shape[1])
    out = open_memmap(target / "features.npy", "w+", np.float32, (count, length, size))
    for i in tqdm(range(count), desc=f"encode {target.name[:12]}", unit="clip", mininterval=5):
        frames = np.asarray(clips.frames[i])
        if mirrored:
            frames = mirror(frames)
        for start in range(0, length, BATCH):
            part = np.ascontiguousarray(frames[start : start + BATCH])
            out[i, start : start + len(part)] = session.run(outputs, {inputs: part})[0]
    out.flush()
    (target / "done.json").write_text(json.dumps({"clips": count, "mirrored": mirrored}) + "\n")


def mirror(frames: np.ndarray) -> np.ndarray:
    """Frames [...,H,W,3] as a mirrored camera sees them; a view."""
    return frames[..., ::-1, :]

"""Clips rendered once into memory-mapped files: rendered, H.264, decoded, resized to 64x64."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from av.video.reformatter import Colorspace
from numpy.lib.format import open_memmap
from tqdm import tqdm

from gatestream_export.data.sequences import Stream, stream
from gatestream_export.objectmotion import photographs, scenes
from gatestream_export.objectmotion.motion import (
    FRAMES_PER_SECOND,
    INPUT_SIZE,
    MotionPlan,
    plan_motion,
)
from gatestream_export.picture import video

RENDER_SIZE = (128, 128)
OTHER_SIZES = ((160, 120), (192, 108), (256, 256))
RECIPE = 1
"""Raise when anything about rendering changes: it is part of the cache's name."""


@dataclass(frozen=True)
class ClipSet:
    """What to render. `test` and `validation` cycle over their photographs in order."""

    split: str
    clips: int
    frames: int
    seed: int
    wheels_only: bool = False
    jpeg_quality: int | None = None

    def key(self) -> str:
        """Names the cache folder of this set."""
        sources = [[p.name, p.path] for p in self.pictures()]
        text = json.dumps([RECIPE, asdict(self), sources])
        return f"{self.split}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def pictures(self) -> list[photographs.Photograph]:
        """The photographs of the set, in the order in which clips use them."""
        return photographs.of_split(self.split, self.wheels_only)


@dataclass(frozen=True)
class Clips:
    """Rendered clips: frames [N,T,64,64,3] uint8 (a view of the file), the rest [N,T]."""

    frames: np.ndarray
    label: np.ndarray
    since_change: np.ndarray
    place: np.ndarray
    scene: list[str]

    def streams(self) -> tuple[Stream, ...]:
        """Each clip as a stream, grouped by photograph."""
        return tuple(
            stream(f"{name} #{i}", self.frames[i], self.label[i], 1 / FRAMES_PER_SECOND, name)
            for i, name in enumerate(self.scene)
        )


def render_clip(
    clip_set: ClipSet, index: int, pictures: list[np.ndarray], digits: list[np.ndarray]
) -> tuple[MotionPlan, Iterator[np.ndarray]]:
    """One clip as decoded frames at 64x64. The same set and index give the same clip."""
    split_number = ("train", "validation", "test").index(clip_set.split)
    rng = np.random.default_rng([clip_set.seed, split_number, index])
    train = clip_set.split == "train"
    style = scenes.TRAIN_STYLE if train else scenes.PLAIN_STYLE
    width, height = RENDER_SIZE
    if train and rng.random() < 0.25:
        width, height = OTHER_SIZES[int(rng.integers(len(OTHER_SIZES)))]
    plan = plan_motion(clip_set.frames, rng)
    scene = scenes.background(pictures, index % len(pictures), width, height, style, rng)
    crf = rng.uniform(18, 30) if train else 23.0
    colorspace = Colorspace.ITU601 if train and rng.random() < 0.2 else Colorspace.ITU709
    quality = clip_set.jpeg_quality
    if train and rng.random() < 0.35:
        quality = int(rng.integers(60, 96))

    def frames() -> Iterator[np.ndarray]:
        rendered = scenes.render(plan, scene, digits, style, rng)
        for picture in video.through_h264(rendered, crf, colorspace=colorspace):
            if quality is not None:
                picture = video.through_jpeg(picture, quality)
            yield video.resize(picture, INPUT_SIZE, INPUT_SIZE)

    return plan, frames()


_worker: dict = {}


def _start_worker(clip_set: ClipSet, folder: Path, file: Path) -> None:
    import cv2

    cv2.setNumThreads(1)
    _worker["set"] = clip_set
    _worker["pictures"] = [photographs.load(p, folder) for p in clip_set.pictures()]
    _worker["digits"] = scenes.digit_masks(clip_set.split)
    _worker["frames"] = np.load(file, mmap_mode="r+")


def _render_one(index: int) -> tuple[int, MotionPlan]:
    plan, frames = render_clip(_worker["set"], index, _worker["pictures"], _worker["digits"])
    count = 0
    for count, picture in enumerate(frames, 1):
        _worker["frames"][index, count - 1] = picture
    if count != len(plan):
        raise RuntimeError(f"clip {index}: {count} frames came out of H.264, {len(plan)} went in")
    return index, plan


def prepare(clip_set: ClipSet, folder: Path, work: Path, processes: int = 2) -> Clips:
    """Renders the set unless a complete copy is in `work`, and opens it."""
    photographs.require(clip_set.pictures(), folder)
    target = work / clip_set.key()
    if not (target / "done.json").is_file():
        target.mkdir(parents=True, exist_ok=True)
        _render_all(clip_set, folder, target, processes)
    facts = np.load(target / "facts.npz")
    names = [p.name for p in clip_set.pictures()]
    return Clips(
        frames=np.load(target / "frames.npy", mmap_mode="r"),
        label=facts["label"],
        since_change=facts["since_change"],
        place=facts["place"],
        scene=[names[i % len(names)] for i in range(clip_set.clips)],
    )


def _rendered(
    clip_set: ClipSet, folder: Path, file: Path, processes: int
) -> Iterator[tuple[int, MotionPlan]]:
    """Renders every clip, in any order. One process means this one."""
    if processes == 1:
        _start_worker(clip_set, folder, file)
        yield from map(_render_one, range(clip_set.clips))
        _worker.clear()
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _start_worker, (clip_set, folder, file)) as pool:
        yield from pool.imap_unordered(_render_one, range(clip_set.clips))


def _render_all(clip_set: ClipSet, folder: Path, target: Path, processes: int) -> None:
    shape = (clip_set.clips, clip_set.frames)
    file = target / "frames.npy"
    open_memmap(file, "w+", np.uint8, (*shape, INPUT_SIZE, INPUT_SIZE, 3)).flush()
    label = np.zeros(shape, np.uint8)
    since = np.zeros(shape, np.int16)
    place = np.zeros((*shape, 3), np.float32)
    bar = tqdm(total=clip_set.clips, desc=f"render {clip_set.split}", unit="clip", mininterval=5)
    with bar:
        for i, plan in _rendered(clip_set, folder, file, processes):
            label[i] = plan.label
            since[i] = plan.since_change
            place[i] = np.stack([plan.x, plan.y, plan.size], axis=1)
            bar.update()
    np.savez(target / "facts.npz", label=label, since_change=since, place=place)
    (target / "done.json").write_text(json.dumps(asdict(clip_set), indent=1) + "\n")

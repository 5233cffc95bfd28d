"""Features of frozen encoders on a subset of the clips, computed once and kept in the cache."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.lib.format import open_memmap
from tqdm import tqdm

from gatestream_comparison.motion_data import MotionSet
from gatestream_comparison.parts import Parts, Source, regular
from gatestream_comparison.processes import side_by_side
from gatestream_export import files
from gatestream_export.bundle.runtime import open_session
from gatestream_export.nets import encoders
from gatestream_export.objectmotion.clips import ClipSet, prepare

BUNDLE = "bundle"
CHUNK = 50

_log = logging.getLogger(__name__)


def _sets(source: Source) -> tuple[tuple[ClipSet, int, int], ...]:
    train, frames, test, test_frames = source.subset
    return (
        (source.train, train, frames),
        (source.validation, source.validation.clips, frames),
        (source.test, test, test_frames),
    )


def graph(source: Source, name: str) -> Path:
    """The encoder as ONNX: the bundle's own, or one exported into the cache from NAME/FEATURES."""
    if name == BUNDLE:
        return source.encoder
    architecture, features = name.split("/")
    encoder = encoders.build(architecture, features=features, frozen=True)
    target = source.work / "features" / f"{encoder.identity()}.onnx"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.whole(target) as part:
            encoders.as_onnx(encoder, part)
    return target


def parts(source: Source, name: str) -> Parts:
    """The subset's three sides by the features of an encoder."""
    file = graph(source, name)
    return Parts(*(regular(_features(source, file, *one, show=False)) for one in _sets(source)))


def prepare_features(job: tuple[Source, str]) -> str:
    """Fills the cache with an encoder's features; returns the encoder's name."""
    source, name = job
    file = graph(source, name)
    for one in _sets(source):
        _features(source, file, *one, show=True)
    return name


def prepare_all(source: Source, names: Sequence[str], processes: int) -> None:
    """Fills the cache for several encoders, `processes` at a time."""
    jobs = [(source, name) for name in names]
    for name in side_by_side(prepare_features, jobs, processes):
        _log.info("features of %s are ready", name)


def _features(
    source: Source, encoder: Path, clip_set: ClipSet, clips: int, frames: int, show: bool
) -> MotionSet:
    rendered = prepare(clip_set, source.photographs, source.work, source.processes)
    clips = min(clips, len(rendered.frames))
    frames = min(frames, rendered.frames.shape[1])
    name = f"{clip_set.key()}-{files.sha256(encoder)[:12]}-{clips}x{frames}"
    target = source.work / "features" / f"{name}.npy"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.whole(target) as part:
            _encode(encoder, rendered.frames[:clips, :frames], part, name[:16] if show else None)
    return MotionSet(
        features=np.load(target, mmap_mode="r"),
        label=rendered.label[:clips, :frames].astype(np.int64),
        since_change=rendered.since_change[:clips, :frames].astype(np.int64),
        photograph=tuple(rendered.scene[:clips]),
    )


def enlarged(frames: np.ndarray, size: int) -> np.ndarray:
    """Frames [N,H,W,3] at size x size; linear where they grow."""
    if frames.shape[1:3] == (size, size):
        return np.ascontiguousarray(frames)
    large = [cv2.resize(f, (size, size), interpolation=cv2.INTER_LINEAR) for f in frames]
    return np.stack(large)


def _encode(encoder: Path, frames: np.ndarray, file: Path, title: str | None) -> None:
    session = open_session(encoder)
    given, wanted = session.get_inputs()[0], session.get_outputs()[0]
    shape_ = (*frames.shape[:2], int(wanted.shape[1]))
    out = open_memmap(file, "w+", np.float32, shape_)
    bar = tqdm(total=frames.shape[0] * frames.shape[1], desc=title, unit="frame", mininterval=5)
    with bar:
        for clip, start in _chunks(*frames.shape[:2]):
            part = enlarged(np.asarray(frames[clip, start : start + CHUNK]), given.shape[1])
            found = session.run([wanted.name], {given.name: part})[0]
            out[clip, start : start + len(part)] = found
            bar.update(len(part))
    out.flush()


def _chunks(clips: int, frames: int) -> Iterator[tuple[int, int]]:
    for clip in range(clips):
        for start in range(0, frames, CHUNK):
            yield clip, start

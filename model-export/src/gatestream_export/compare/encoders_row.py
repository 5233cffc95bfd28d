"""System 7: frozen encoders with cached features under the same GRU, on a subset of the clips."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.lib.format import open_memmap
from tqdm import tqdm

from gatestream_export.bundle import contract
from gatestream_export.bundle.runtime import open_session
from gatestream_export.compare import fits
from gatestream_export.compare.fits import Fit
from gatestream_export.compare.motion_data import MotionSet
from gatestream_export.compare.parts import Parts, Source, regular
from gatestream_export.compare.processes import side_by_side
from gatestream_export.compare.settings import Context, shape
from gatestream_export.objectmotion.clips import ClipSet, prepare

BUNDLE = "bundle"
TIMED = 60
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
    from gatestream_export.nets import encoders

    architecture, features = name.split("/")
    encoder = encoders.build(architecture, features=features, frozen=True)
    target = source.work / "features" / f"{encoder.identity()}.onnx"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.stem}.part.onnx")
        encoders.as_onnx(encoder, part)
        part.replace(target)
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


def _prepare_all(source: Source, names: Sequence[str], processes: int) -> None:
    jobs = [(source, name) for name in names]
    for name in side_by_side(prepare_features, jobs, processes):
        _log.info("features of %s are ready", name)


def _features(
    source: Source, encoder: Path, clip_set: ClipSet, clips: int, frames: int, show: bool
) -> MotionSet:
    rendered = prepare(clip_set, source.photographs, source.work, source.processes)
    clips = min(clips, len(rendered.frames))
    frames = min(frames, rendered.frames.shape[1])
    name = f"{clip_set.key()}-{contract.sha256(encoder)[:12]}-{clips}x{frames}"
    target = source.work / "features" / f"{name}.npy"
    if not target.is_file():
        part = target.with_name(f"{name}.part.npy")
        target.parent.mkdir(parents=True, exist_ok=True)
        _encode(encoder, rendered.frames[:clips, :frames], part, name[:16] if show else None)
        part.replace(target)
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


def milliseconds(encoder: Path) -> float:
    """Median time of a frame at batch 1 on one thread."""
    session = open_session(encoder)
    given = session.get_inputs()[0]
    rng = np.random.default_rng(1)
    frame = rng.integers(0, 256, (1, *given.shape[1:])).astype(np.uint8)
    times = []
    for _ in range(TIMED):
        start = time.perf_counter()
        session.run(None, {given.name: frame})
        times.append(time.perf_counter() - start)
    return float(np.median(times[TIMED // 4 :]) * 1000)


def run(context: Context) -> dict[str, Any]:
    """Encodes the subset with every encoder, trains a GRU on each, scores and times."""
    s, source = context.settings, context.source
    _prepare_all(source, s.encoders, context.processes)
    found: dict[str, Any] = {}
    for name in s.encoders:
        file = graph(source, name)
        given, wanted = _border(file)
        form = shape("gru", features=wanted)
        several = [
            Fit(
                f"encoder:{name}",
                form,
                s.carried(seed, steps=s.subset_steps, every=max(1, s.subset_steps // 6)),
                ("test",),
            )
            for seed in s.few_seeds
        ]
        done = fits.run_all(source, several, context.kept, context.processes, name)
        found[name] = {
            "features": wanted,
            "side": given,
            "megabytes": file.stat().st_size / 1e6,
            "milliseconds": milliseconds(file),
            "validation": [f.validation for f in done],
            "test": [f.scores["test"]["settled"] for f in done],
        }
    return found


def _border(encoder: Path) -> tuple[int, int]:
    session = open_session(encoder)
    return int(session.get_inputs()[0].shape[1]), int(session.get_outputs()[0].shape[1])

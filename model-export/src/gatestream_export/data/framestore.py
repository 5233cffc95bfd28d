"""Decoded and resized frames of many videos in one memory-mapped file, decoded once each."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from gatestream_export import files
from gatestream_export.data.decoding import INGEST_JPEG_QUALITY, DecodeError, VideoFile
from gatestream_export.data.growing import appending, write_header
from gatestream_export.data.sequences import Stream
from gatestream_export.errors import UsageError
from gatestream_export.picture.resize import ResizeRule

RECIPE = 2
"""Raise when anything about decoding changes: it is part of the store's name."""


@dataclass(frozen=True)
class FrameRule:
    """How a video becomes frames: the bundle's input, its interval, and the ingest's JPEG.

    `interval` is in microseconds (0: every frame); `jpeg_quality` None leaves JPEG out, as where
    the frames arrive as H.264 or raw.
    """

    resize: ResizeRule
    interval: int = 100_000
    jpeg_quality: int | None = INGEST_JPEG_QUALITY

    def key(self) -> str:
        """Names the store's folder."""
        facts = [RECIPE, self.resize.width, self.resize.height, self.resize.as_dict()]
        text = json.dumps([*facts, self.interval, self.jpeg_quality], sort_keys=True)
        return f"frames-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class StoredVideo:
    """A video in a store: where its frames are, where it ends (microseconds), how it was.

    `starts` are the times, in microseconds, of the frames at which the application starts anew.
    """

    first: int
    count: int
    end: int
    interlaced: bool
    starts: tuple[int, ...]

    @property
    def rows(self) -> slice:
        """Its frames in the store's arrays."""
        return slice(self.first, self.first + self.count)


class FrameStore:
    """The frames of one rule under a cache folder; a video is found by its content's SHA-256.

    Only appended to: `frames.npy` uint8 [N,H,W,3] and `times.npy` int64 [N] first, then a line of
    `index.jsonl`, so that a run that was stopped goes on behind the last whole video. For one
    process at a time: `opened` waits for another one's lock.
    """

    def __init__(self, cache: Path, rule: FrameRule) -> None:
        self.rule = rule
        self.folder = cache / rule.key()
        self._shape = (rule.resize.height, rule.resize.width, 3)
        self._videos: dict[str, StoredVideo] = {}

    @contextmanager
    def opened(self) -> Iterator[FrameStore]:
        """Takes the lock for as long as videos are added; raises UsageError if it cannot write."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as refused:
            raise UsageError(f"the cache {self.folder} cannot be written: {refused}") from refused
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._videos = dict(self._read_index())
            yield self

    def _read_index(self) -> Iterator[tuple[str, StoredVideo]]:
        index = self.folder / "index.jsonl"
        if not index.is_file():
            return
        whole = 0
        for line in index.read_bytes().splitlines(keepends=True):
            try:
                entry = json.loads(line)
            except ValueError:
                break  # the run was stopped within this line
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            yield entry.pop("sha256"), StoredVideo(**entry | {"starts": tuple(entry["starts"])})
        os.truncate(index, whole)

    def add(self, path: Path) -> tuple[str, StoredVideo]:
        """A video by its content, decoded unless it is there; raises DecodeError.

        Returns its SHA-256 and where it is.
        """
        try:
            digest = files.sha256(path)
        except OSError as broken:
            raise DecodeError(f"{path} cannot be read: {broken.strerror}") from broken
        if digest not in self._videos:
            try:
                video = self._decode(path)
                with (self.folder / "index.jsonl").open("a", encoding="utf-8") as index:
                    index.write(json.dumps({"sha256": digest, **vars(video)}) + "\n")
            except OSError as refused:
                raise UsageError(
                    f"the cache {self.folder} cannot be written: {refused}"
                ) from refused
            self._videos[digest] = video
        return digest, self._videos[digest]

    def _decode(self, path: Path) -> StoredVideo:
        first = max((v.first + v.count for v in self._videos.values()), default=0)
        video = VideoFile(path, self.rule.interval, self.rule.jpeg_quality, self.rule.resize)
        times: list[int] = []
        with (
            appending(self.folder / "frames.npy", np.uint8, self._shape, first) as frames,
            appending(self.folder / "times.npy", np.int64, (), first) as stamps,
        ):
            for picture in video:
                if times and picture.micros <= times[-1]:
                    raise DecodeError(f"{path}: its times go back at {picture.micros / 1e6:.2f} s")
                times.append(picture.micros)
                frames.write(self.rule.resize.apply(picture.rgb).tobytes())
                stamps.write(np.int64(picture.micros).tobytes())
        # The headers count whole videos only.
        for name, dtype, shape in (("frames", np.uint8, self._shape), ("times", np.int64, ())):
            write_header(self.folder / f"{name}.npy", dtype, (first + len(times), *shape))
        return StoredVideo(first, len(times), video.end, video.interlaced, tuple(video.starts))

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """All frames uint8 [N,H,W,3] and their times int64 [N] in microseconds, memory-mapped."""
        if not self._videos:
            return np.empty((0, *self._shape), np.uint8), np.empty(0, np.int64)
        return tuple(
            np.load(self.folder / name, mmap_mode="r") for name in ("frames.npy", "times.npy")
        )


def streams(
    name: str,
    group: str,
    inputs: np.ndarray,
    times: np.ndarray,
    labels: np.ndarray,
    starts: tuple[int, ...],
) -> list[Stream]:
    """A video's frames as streams, a new one where the application resets its state for a gap.

    `times` are int64 [T] in microseconds, `starts` those of StoredVideo; `labels` int64 [T]. The
    frames that are kept do not tell: at a long interval they are far apart without any gap.
    """
    cuts = np.flatnonzero(np.isin(times[1:], starts)) + 1
    edges = [0, *cuts.tolist(), len(times)]
    return [
        Stream(
            name=name if part == 0 else f"{name}#{part + 1}",
            group=group,
            inputs=inputs[first:end],
            labels=labels[first:end],
            times=times[first:end] / 1e6,
            auxiliary=np.zeros((end - first, 0), np.float32),
        )
        for part, (first, end) in enumerate(pairwise(edges))
    ]

"""`--data FOLDER`: clips in class folders, FOLDER/LABEL/*.mp4, as streams of one label each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from tqdm import tqdm

from gatestream_export.data.decoding import SUFFIXES, DecodeError
from gatestream_export.data.framestore import FrameRule, FrameStore, StoredVideo, streams
from gatestream_export.data.sequences import Sequences
from gatestream_export.errors import CheckFailedError, UsageError


@dataclass(frozen=True)
class _Clip:
    path: Path
    name: str
    label: int


def load(folder: Path, rule: FrameRule, cache: Path, progress: bool = True) -> Sequences:
    """The clips of a folder, decoded once into `cache`; the class folders, sorted, are the labels.

    Class folders are searched with what is in them; names that begin with a dot are passed over.
    A clip that does not decode is left out and named in `left_out`. Raises UsageError for a folder
    that is not there, fewer than two classes, a class without a clip, and CheckFailedError for a
    class of which no clip decodes, or for one clip under two labels.
    """
    labels, clips, left_out = _find(folder)
    seen: dict[str, _Clip] = {}
    twice: list[str] = []
    found: list[tuple[_Clip, str, StoredVideo]] = []
    with FrameStore(cache, rule).opened() as store:
        for clip in tqdm(clips, desc="decode", unit="clip", disable=not progress):
            try:
                digest, video = store.add(clip.path)
            except DecodeError as broken:
                left_out.append(str(broken))
                continue
            other = seen.setdefault(digest, clip)
            if other is clip:
                found.append((clip, digest, video))
            elif other.label == clip.label:
                left_out.append(f"{clip.path}: the same clip as {other.path}")
            else:
                twice.append(f"{clip.path} and {other.path} are the same clip under two labels")
        frames, times = store.arrays()
    _require(twice, folder, labels, [clip.label for clip, _, _ in found], left_out)
    parts = [
        streams(
            clip.name,
            digest,
            frames[video.rows],
            times[video.rows],
            np.full(video.count, clip.label, np.int64),
            video.starts,
        )
        for clip, digest, video in found
    ]
    return Sequences(
        labels=labels, streams=tuple(chain.from_iterable(parts)), left_out=tuple(left_out)
    )


def _require(
    twice: list[str], folder: Path, labels: tuple[str, ...], used: list[int], left_out: list[str]
) -> None:
    problems = list(twice)
    empty = [folder / label for index, label in enumerate(labels) if index not in used]
    problems += [f"{path}: no clip of this class decodes" for path in empty]
    if problems:
        reasons = left_out if empty else []
        raise CheckFailedError("\n  ".join([*problems, *reasons]))


def _find(folder: Path) -> tuple[tuple[str, ...], list[_Clip], list[str]]:
    """Labels, clips in the order of their names, and what was passed over."""
    if not folder.is_dir():
        raise UsageError(f"no such folder of clips: {folder}")
    entries = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    classes = [path for path in entries if path.is_dir()]
    left_out = [
        f"{path}: a clip outside the class folders"
        for path in entries
        if path.is_file() and _is_video(path)
    ]
    if len(classes) < 2:
        raise UsageError(
            f"{folder} has {len(classes)} class folders, wanted 2 or more: put the clips of each"
            f" class into a folder named after it, {folder / 'LABEL' / 'clip.mp4'}"
        )
    clips: list[_Clip] = []
    empty: list[Path] = []
    for label, folder_of_class in enumerate(classes):
        files = _files(folder_of_class)
        videos = [path for path in files if _is_video(path)]
        if not videos:
            empty.append(folder_of_class)
        others = Counter(path.suffix.lower() or path.name for path in files if path not in videos)
        if others:
            left_out.append(
                f"{folder_of_class}: no videos by their names:"
                f" {', '.join(f'{count} {suffix}' for suffix, count in sorted(others.items()))}"
            )
        clips += [_Clip(p, p.relative_to(folder).as_posix(), label) for p in videos]
    if empty:
        raise UsageError(
            f"no clip in {', '.join(map(str, empty))}: wanted files that end in"
            f" {' '.join(sorted(SUFFIXES))}"
        )
    return tuple(path.name for path in classes), clips, left_out


def _files(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES

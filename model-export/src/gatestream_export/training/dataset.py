"""The data of a run: the user's clips or annotated videos, side features, and the split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from gatestream_export.data import annotations as annotated_videos
from gatestream_export.data import auxiliary, clips, splits
from gatestream_export.data.decoding import DecodeError, VideoFile
from gatestream_export.data.framestore import FrameRule
from gatestream_export.data.intervals import BACKGROUND
from gatestream_export.data.sequences import Sequences
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.training.settings import Settings


@dataclass(frozen=True)
class Data:
    """Both sides of the split, `validation` None where no clip is held back."""

    labels: tuple[str, ...]
    background: str | None
    training: Sequences
    validation: Sequences | None
    left_out: tuple[str, ...]


def read(settings: Settings, cache: Path) -> Data:
    """Decodes what is not in `cache` yet. Raises UsageError and CheckFailedError, as its parts."""
    rule = FrameRule(settings.resize, settings.interval_millis * 1000, settings.jpeg_quality)
    background = None
    if settings.annotations is not None:
        whole = annotated_videos.load(settings.source, rule, cache)
        background = BACKGROUND if BACKGROUND in whole.labels else None
    else:
        whole = clips.load(settings.source, rule, cache)
    if settings.auxiliary is not None:
        whole = auxiliary.add(whole, auxiliary.read(Path(settings.auxiliary)))
    if settings.validation == 0:
        return Data(whole.labels, background, whole, None, whole.left_out)
    try:
        training, validation = splits.split(whole, settings.validation, settings.recipe.seed)
    except CheckFailedError as few:
        raise CheckFailedError(f"{few} (--validation 0 trains on all of them)") from few
    left_out = (*training.left_out, *validation.left_out)
    return Data(whole.labels, background, training, validation, left_out)


def video(settings: Settings, name: str) -> Path:
    """The file of a stream; parts of one video, cut at gaps, are NAME#2 and so on."""
    folder = settings.source if settings.data else settings.source.parent
    for path in (folder / name, folder / auxiliary.video_of(name)):
        if path.is_file():
            return path
    raise UsageError(f"missing clip: {folder / name}")


def pictures(settings: Settings, name: str, count: int) -> Iterator[tuple[float, np.ndarray]]:
    """The first frames of a stream's video: seconds, and RGB of the video's own size."""
    file = VideoFile(video(settings, name), settings.interval_millis * 1000, jpeg_quality=None)
    try:
        for picture in islice(file, count):
            yield picture.micros / 1e6, picture.rgb
    except DecodeError as broken:
        raise CheckFailedError(str(broken)) from broken


def side_features(file: Path, name: str, seconds: list[float]) -> np.ndarray:
    """float32 [T,n] of a stream's video at these times."""
    rows = auxiliary.read(file)
    return rows.at(auxiliary.video_of(name), np.array(seconds))

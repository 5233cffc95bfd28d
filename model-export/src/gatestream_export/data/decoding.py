"""A video file as the frames that the application would label: `./gatestream ingest`, then `run`.

The same decoder, filters, times, JPEG and stream policy, so that a model is trained on the pixels
and the frame times that it meets later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from gatestream_export.data.pictures import PictureFilters
from gatestream_export.data.thinning import DueFrames
from gatestream_export.data.timestamps import PresentationTimes, rescale
from gatestream_export.picture import still
from gatestream_export.picture.resize import ResizeRule

INGEST_JPEG_QUALITY = 85
"""The default of `./gatestream ingest --quality`."""

SUFFIXES = frozenset(
    (
        ".mp4",
        ".m4v",
        ".mov",
        ".mkv",
        ".webm",
        ".avi",
        ".ts",
        ".m2ts",
        ".mts",
        ".mpg",
        ".mpeg",
        ".flv",
        ".wmv",
        ".3gp",
        ".ogv",
        ".h264",
        ".264",
        ".mjpeg",
        ".mxf",
        ".dv",
    )
)
"""What `ingest` takes for a video in a folder."""

# FFmpeg opens what it is told to: a playlist may name any file of the machine.
_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,asf,"
    "ogg,h264,hevc,m4v,ivf,mjpeg,gif,mxf,dv,wav,nut,obu,av1,image2,jpeg_pipe,png_pipe",
}
_RATE_IF_UNKNOWN = 25


class DecodeError(Exception):
    """A video that does not decode; the message begins with its path and says what is wrong."""


@dataclass(frozen=True)
class Picture:
    """A frame: its presentation time in microseconds since the start, and uint8 RGB [H,W,3]."""

    micros: int
    rgb: np.ndarray


class VideoFile:
    """One pass over a video's labelled frames.

    `interval` (microseconds) is the model's; 0 gives every frame. With `jpeg_quality` each picture
    goes through JPEG, as `ingest` sends it, decoded at the scale of `rule` where there is one: the
    pictures are for its `apply`. Known once all pictures were given: `end`, where the
    video ends, `starts`, the times of the frames at which the application starts its state anew
    (both in microseconds), and `interlaced`, whether it was deinterlaced.
    """

    def __init__(
        self,
        path: Path,
        interval: int = 0,
        jpeg_quality: int | None = INGEST_JPEG_QUALITY,
        rule: ResizeRule | None = None,
    ) -> None:
        self.path = path
        self.end = 0
        self.starts: list[int] = []
        self.interlaced = False
        self._interval = interval
        self._jpeg_quality = jpeg_quality
        self._rule = rule

    def __iter__(self) -> Iterator[Picture]:
        """The frames in order; raises DecodeError, perhaps after some frames."""
        self.end, self.interlaced = 0, False
        due = DueFrames(self._interval)
        self.starts = due.starts
        filters: PictureFilters | None = None
        try:
            for frame, micros in self._decoded():
                if filters is None:
                    self.interlaced = frame.interlaced_frame
                    filters = PictureFilters(self.interlaced)
                # The deinterlacer looks at neighbours, so it gets every picture.
                if self.interlaced:
                    yield from self._pictures(_due(filters.push(frame, micros), due))
                elif due.keeps(micros):
                    yield from self._pictures(filters.push(frame, micros))
            if filters is not None:
                left = filters.finish()
                yield from self._pictures(_due(left, due) if self.interlaced else left)
        except (av.FFmpegError, OSError) as broken:
            raise DecodeError(f"{self.path} does not decode: {_words(broken)}") from broken
        if filters is None:
            raise DecodeError(f"{self.path} is damaged: it has no picture")

    def _pictures(self, ready: Iterable[tuple[int, np.ndarray]]) -> Iterator[Picture]:
        for micros, bgr in ready:
            rgb = np.ascontiguousarray(bgr[:, :, ::-1])
            if self._jpeg_quality is not None:
                rgb = still.through_jpeg(rgb, self._jpeg_quality, self._rule)
            yield Picture(micros, rgb)

    def _decoded(self) -> Iterator[tuple[av.VideoFrame, int]]:
        try:
            container = av.open(
                f"file:{self.path.absolute()}", options=dict(_OPTIONS), metadata_errors="replace"
            )
        except (av.FFmpegError, OSError) as broken:
            raise DecodeError(f"{self.path} does not open: {_words(broken)}") from broken
        with container:
            stream = container.streams.best("video")
            if not isinstance(stream, VideoStream):
                raise DecodeError(f"{self.path} has no video in it")
            if stream.codec_context is None:
                raise DecodeError(f"{self.path}: no decoder for its video codec")
            if not stream.codec_context.width:
                raise DecodeError(f"{self.path} has a video without a picture size: damaged?")
            # Frame threads report damage late, and PyAV loses what comes after a good picture.
            stream.codec_context.thread_type = "SLICE"
            yield from self._frames(container, stream)

    def _frames(
        self, container: InputContainer, stream: VideoStream
    ) -> Iterator[tuple[av.VideoFrame, int]]:
        rate = stream.average_rate or _RATE_IF_UNKNOWN
        length = round(1_000_000 / rate)
        guess = PresentationTimes()
        base = cast("Fraction", stream.time_base)  # FFmpeg gives one to every stream of a file.
        start = stream.start_time
        last = -1
        for packet in self._packets(container, stream):
            try:
                frames = stream.codec_context.decode(packet)
            except av.FFmpegError as broken:
                self._damage(last, _words(broken))
                continue
            for frame in frames:
                ticks = guess.of(frame)
                if frame.is_corrupt:
                    self._damage(last, "a picture does not decode")
                    continue
                if ticks is None:
                    micros = 0 if last < 0 else last + length
                else:
                    start = ticks if start is None else start
                    micros = max(0, rescale(ticks - start, base))
                last = micros
                self.end = max(self.end, micros + length)
                yield frame, micros

    def _packets(
        self, container: InputContainer, stream: VideoStream
    ) -> Iterator[av.Packet | None]:
        try:
            for packet in container.demux(stream):
                if packet.is_corrupt:
                    raise DecodeError(f"{self.path} is damaged or was cut off: incomplete packet")
                yield packet if packet.size else None
        except av.FFmpegError as broken:
            raise DecodeError(
                f"{self.path} is damaged or was cut off: {_words(broken)}"
            ) from broken

    def _damage(self, last: int, words: str) -> None:
        """A recording may start in the middle of a group: no damage before the first picture."""
        if last >= 0:
            raise DecodeError(f"{self.path} is damaged after {last / 1e6:.2f} s: {words}")


def _due(
    ready: Iterable[tuple[int, np.ndarray]], due: DueFrames
) -> Iterator[tuple[int, np.ndarray]]:
    return (picture for picture in ready if due.keeps(picture[0]))


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)

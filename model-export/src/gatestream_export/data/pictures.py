"""Decoded pictures made progressive, upright and BGR by the filters that `ingest` uses."""

from __future__ import annotations

import math
from collections.abc import Iterator

import av
import numpy as np
from av.filter import Graph

from gatestream_export.data.timestamps import rescale

_TURNS = {
    90: (("transpose", "clock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "cclock"),),
}
_SCALE = "w=iw:h=ih:flags=bicubic+accurate_rnd+full_chroma_int+bitexact"


def rotation(frame: av.VideoFrame) -> int:
    """Degrees clockwise that stand the picture upright: 0, 90, 180 or 270."""
    counter_clockwise = frame.rotation
    if not -360 <= counter_clockwise <= 360:  # a matrix that is none comes as a wild number
        return 0
    return -math.floor(counter_clockwise / 90 + 0.5) % 4 * 90


class PictureFilters:
    """A chain of FFmpeg's filters for pictures of one shape; a new one when the shape changes.

    swscale gets the source's colour matrix and range; a source that states none counts as BT.601,
    limited range, as FFmpeg and OpenCV do.
    """

    def __init__(self, interlaced: bool) -> None:
        self._interlaced = interlaced
        self._shape: tuple | None = None
        self._graph: Graph | None = None
        self._source = None
        self._sink = None

    def push(self, frame: av.VideoFrame, micros: int) -> Iterator[tuple[int, np.ndarray]]:
        """Puts a picture in; yields what is ready: (microseconds, uint8 BGR [H,W,3])."""
        shape = (
            frame.width,
            frame.height,
            frame.format.name,
            int(frame.colorspace),
            int(frame.color_range),
            rotation(frame),
        )
        if shape != self._shape:
            yield from self.finish()
            self._build(shape)
        frame.pts = micros
        self._source.push(frame)
        yield from self._pull()

    def finish(self) -> Iterator[tuple[int, np.ndarray]]:
        """Yields what is left; the deinterlacer holds a picture back."""
        if self._graph is not None:
            self._source.push(None)
            yield from self._pull()
            self._graph = self._shape = None

    def _build(self, shape: tuple) -> None:
        width, height, pixels, space, colours, turn = shape
        graph = Graph()
        chain = [
            graph.add(
                "buffer",
                f"video_size={width}x{height}:pix_fmt={pixels}:time_base=1/1000000"
                f":pixel_aspect=1/1:colorspace={space}:range={colours}",
            )
        ]
        filters = [("yadif", "deint=interlaced")] if self._interlaced else []
        filters += [*_TURNS.get(turn, ()), ("scale", _SCALE), ("format", "pix_fmts=bgr24")]
        chain += [graph.add(name, arguments) for name, arguments in filters]
        chain.append(graph.add("buffersink"))
        graph.link_nodes(*chain).configure()
        self._graph, self._source, self._sink, self._shape = graph, chain[0], chain[-1], shape

    def _pull(self) -> Iterator[tuple[int, np.ndarray]]:
        while True:
            try:
                frame = self._sink.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            yield rescale(frame.pts, frame.time_base), frame.to_ndarray()

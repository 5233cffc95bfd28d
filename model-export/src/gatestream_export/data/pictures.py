"""Decoded pictures made progressive, upright and BGR by the filters that `ingest` uses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext

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


@dataclass(frozen=True)
class _Chain:
    """A configured graph with its two ends; FFmpeg frees the ends with the graph."""

    graph: Graph
    source: FilterContext
    sink: FilterContext

    def pull(self) -> Iterator[tuple[int, np.ndarray]]:
        while True:
            try:
                frame = cast("av.VideoFrame", self.sink.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            # A filter's picture has both: it was pushed with them.
            ticks, base = cast("int", frame.pts), cast("Fraction", frame.time_base)
            yield rescale(ticks, base), frame.to_ndarray()


class PictureFilters:
    """A chain of FFmpeg's filters for pictures of one shape; a new one when the shape changes.

    swscale gets the source's colour matrix and range; a source that states none counts as BT.601,
    limited range, as FFmpeg and OpenCV do.
    """

    def __init__(self, interlaced: bool) -> None:
        self._interlaced = interlaced
        self._shape: tuple | None = None
        self._chain: _Chain | None = None

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
        if self._chain is None or shape != self._shape:
            yield from self.finish()
            self._chain, self._shape = self._build(shape), shape
        frame.pts = micros
        self._chain.source.push(frame)
        yield from self._chain.pull()

    def finish(self) -> Iterator[tuple[int, np.ndarray]]:
        """Yields what is left; the deinterlacer holds a picture back."""
        if self._chain is not None:
            self._chain.source.push(None)
            yield from self._chain.pull()
            self._chain = None

    def _build(self, shape: tuple) -> _Chain:
        width, height, pixels, space, colours, turn = shape
        graph = Graph()
        nodes = [
            graph.add(
                "buffer",
                f"video_size={width}x{height}:pix_fmt={pixels}:time_base=1/1000000"
                f":pixel_aspect=1/1:colorspace={space}:range={colours}",
            )
        ]
        filters = [("yadif", "deint=interlaced")] if self._interlaced else []
        filters += [*_TURNS.get(turn, ()), ("scale", _SCALE), ("format", "pix_fmts=bgr24")]
        nodes += [graph.add(name, arguments) for name, arguments in filters]
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure()
        return _Chain(graph, nodes[0], nodes[-1])

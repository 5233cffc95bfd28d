"""FFmpeg's presentation times, in its own arithmetic."""

from __future__ import annotations

from fractions import Fraction

import av

MICROS = Fraction(1, 1_000_000)
_UNKNOWN = -(2**63)


def rescale(ticks: int, time_base: Fraction) -> int:
    """Ticks in microseconds, rounded to nearest, a half away from zero, as FFmpeg does."""
    exact = abs(ticks) * time_base / MICROS
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return whole if ticks >= 0 else -whole


class PresentationTimes:
    """FFmpeg's best-effort time stamp, which PyAV does not give: the first that keeps rising."""

    def __init__(self) -> None:
        self._faulty_pts = self._faulty_dts = 0
        self._last_pts = self._last_dts = _UNKNOWN

    def of(self, frame: av.VideoFrame) -> int | None:
        """In the stream's ticks, or None where a frame has neither time."""
        pts, dts = frame.pts, frame.dts
        if dts is not None:
            self._faulty_dts += dts <= self._last_dts
            self._last_dts = dts
        elif pts is not None:
            self._last_dts = pts
        if pts is not None:
            self._faulty_pts += pts <= self._last_pts
            self._last_pts = pts
        elif dts is not None:
            self._last_pts = dts
        usable = pts is not None and (self._faulty_pts <= self._faulty_dts or dts is None)
        return pts if usable else dts

"""Which frames of a video the model sees: the application's stream policy, in microseconds."""

from __future__ import annotations

from collections.abc import Iterable

GAP = 2_000_000
"""Microseconds: frames further apart than this start the state anew; the application's default."""


class DueFrames:
    """The policy over one stream's frames, in order: `keeps` says which of them get a label.

    A frame that comes more than a quarter of an interval before it is due is skipped. After a
    labelled frame the next is due an interval after that one was, or half an interval after it
    came, whichever is later; after a reset an interval after it came. `starts` are the times of the
    frames at which the application starts the state anew, the first among them.
    """

    def __init__(self, interval: int, gap: int = GAP) -> None:
        """`interval` in microseconds; 0 keeps every frame."""
        if interval < 0 or gap < 1:
            raise ValueError(f"interval {interval}, gap {gap}: wanted 0 or more, 1 or more")
        self._interval = interval
        self._gap = gap
        self._due = 0
        self._last: int | None = None
        self.starts: list[int] = []

    def keeps(self, micros: int) -> bool:
        """Decides for the next frame, by its presentation time in microseconds."""
        anew = self._last is None or abs(micros - self._last) > self._gap
        self._last = micros
        if self._interval > 0 and not anew and micros < self._due - self._interval // 4:
            return False
        if anew:
            self.starts.append(micros)
        self._due = (
            micros + self._interval
            if anew
            else max(self._due + self._interval, micros + self._interval // 2)
        )
        return True


def due_frames(times: Iterable[int], interval: int, gap: int = GAP) -> list[int]:
    """Indices of the frames that are labelled; `times`, `interval` and `gap` in microseconds."""
    due = DueFrames(interval, gap)
    return [index for index, micros in enumerate(times) if due.keeps(micros)]

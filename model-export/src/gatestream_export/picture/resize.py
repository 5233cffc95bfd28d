"""The resize rule of a bundle: the same cut, scale and padding as the application's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np

from gatestream_export.errors import CheckFailedError
from gatestream_export.picture.names import INTERPOLATIONS, MODES

_FLAGS = {name: getattr(cv2, f"INTER_{name.upper()}") for name in INTERPOLATIONS}
"""OpenCV's flag of each interpolation."""

DIVISORS = (8, 4, 2)
"""What a JPEG decoder may divide a picture's sides by, the largest first."""

LARGEST = 16_384
"""Pixels of a side that the application takes."""

_EDGES = ("x", "y", "width", "height")


class Box(NamedTuple):
    """A rectangle of pixels."""

    x: int
    y: int
    width: int
    height: int

    def of(self, picture: np.ndarray) -> np.ndarray:
        """That part of [H,W,3], a view."""
        return picture[self.y : self.y + self.height, self.x : self.x + self.width]


@dataclass(frozen=True)
class ResizeRule:
    """`input` of model.json, typed. `region` is (x, y, width, height) as shares of the frame.

    With `reduced_scale_jpeg` a JPEG is decoded with its sides divided by `divisor`.
    """

    width: int
    height: int
    mode: str = "stretch"
    interpolation: str = "area"
    letterbox_colour: tuple[int, int, int] = (0, 0, 0)
    region: tuple[float, float, float, float] | None = None
    reduced_scale_jpeg: bool = False

    def __post_init__(self) -> None:
        if self.mode not in MODES or self.interpolation not in INTERPOLATIONS:
            raise CheckFailedError(
                f"resize {self.mode!r}, {self.interpolation!r}:"
                f" wanted one of {', '.join(MODES)} and one of {', '.join(INTERPOLATIONS)}"
            )
        if not (1 <= self.width <= LARGEST and 1 <= self.height <= LARGEST):
            raise CheckFailedError(
                f"size {self.width}x{self.height}, wanted sides of 1 to {LARGEST}"
            )
        colour = self.letterbox_colour
        if len(colour) != 3 or not all(_whole(c) and 0 <= c <= 255 for c in colour):
            raise CheckFailedError(f"letterbox colour {colour}, wanted three values of 0 to 255")
        if self.region is not None:
            x, y, width, height = self.region
            inside = x >= 0 and y >= 0 and width > 0 and height > 0
            if not (inside and x + width <= 1 and y + height <= 1):
                raise CheckFailedError(f"region of interest {self.region} is not inside the frame")

    @staticmethod
    def from_dict(picture: dict[str, Any]) -> ResizeRule:
        """The rule that `input` of a model.json states; CheckFailedError if it states none."""
        try:
            resize = picture["resize"]
            region = resize.get("regionOfInterest")
            reduced = resize.get("reducedScaleJpeg", False)
            if not isinstance(reduced, bool):
                raise CheckFailedError(f"reducedScaleJpeg {reduced!r}, wanted true or false")
            if not (_whole(picture["width"]) and _whole(picture["height"])):
                raise CheckFailedError(
                    f"input of {picture['width']!r} x {picture['height']!r}, wanted whole numbers"
                )
            return ResizeRule(
                width=picture["width"],
                height=picture["height"],
                mode=resize["mode"],
                interpolation=resize["interpolation"],
                letterbox_colour=tuple(resize.get("letterboxColour", (0, 0, 0))),
                region=None if region is None else _edges(region),
                reduced_scale_jpeg=reduced,
            )
        except KeyError as missing:
            raise CheckFailedError(f"input of model.json lacks {missing}") from missing
        except (AttributeError, TypeError, ValueError) as wrong:
            raise CheckFailedError(
                f"input of model.json has a value of a wrong type: {wrong}"
            ) from wrong

    def as_dict(self) -> dict[str, Any]:
        """`input.resize` of model.json."""
        return {
            "mode": self.mode,
            "interpolation": self.interpolation,
            "letterboxColour": list(self.letterbox_colour),
            "regionOfInterest": None
            if self.region is None
            else dict(zip(_EDGES, self.region, strict=True)),
            "reducedScaleJpeg": self.reduced_scale_jpeg,
        }

    def placement(self, width: int, height: int) -> tuple[Box, Box]:
        """Which part of a frame of that size goes where in the input, as docs/bundle.md says."""
        cut = self._cut(width, height)
        whole = Box(0, 0, self.width, self.height)
        if self.mode == "letterbox":
            return cut, _fit(cut.width, cut.height, self.width, self.height)
        if self.mode == "centre-crop":
            crop = _fit(self.width, self.height, cut.width, cut.height)
            return Box(cut.x + crop.x, cut.y + crop.y, crop.width, crop.height), whole
        return cut, whole

    def _cut(self, width: int, height: int) -> Box:
        if self.region is None:
            return Box(0, 0, width, height)
        x, y, w, h = self.region
        left = min(_round(x * width), width - 1)
        top = min(_round(y * height), height - 1)
        right = min(width, max(left + 1, _round((x + w) * width)))
        bottom = min(height, max(top + 1, _round((y + h) * height)))
        return Box(left, top, right - left, bottom - top)

    def divisor(self, width: int, height: int) -> int:
        """What the sides of a JPEG of that size are divided by, rounded up, when it is decoded.

        The largest at which what is used of the frame is no smaller than its target; 1 for none.
        """
        if not self.reduced_scale_jpeg:
            return 1
        used, target = self.placement(width, height)
        return next(
            (
                n
                for n in DIVISORS
                if used.width >= n * target.width and used.height >= n * target.height
            ),
            1,
        )

    def apply(self, picture: np.ndarray) -> np.ndarray:
        """RGB uint8 [H,W,3] of any size to [height,width,3], contiguous.

        A JPEG comes here as `picture.still` decodes it: cut and scale are those of its own size.
        """
        source, target = self.placement(picture.shape[1], picture.shape[0])
        part = np.ascontiguousarray(source.of(picture))
        size = (target.width, target.height)
        if (source.width, source.height) != size:
            # IPP, which the application's OpenCV lacks, rounds cubic otherwise. A thread's setting.
            cv2.ipp.setUseIPP(False)
            part = cv2.resize(part, size, interpolation=_FLAGS[self.interpolation])
        if size == (self.width, self.height):
            return part
        padded = np.empty((self.height, self.width, 3), np.uint8)
        padded[:] = self.letterbox_colour
        target.of(padded)[:] = part
        return padded


def _fit(width: int, height: int, area_width: int, area_height: int) -> Box:
    """The largest centred box of the aspect `width`:`height` in an area, in whole numbers."""
    fitted_width, fitted_height = area_width, area_height
    if width * area_height <= height * area_width:
        fitted_width = max(1, (2 * width * area_height + height) // (2 * height))
    else:
        fitted_height = max(1, (2 * height * area_width + width) // (2 * width))
    x, y = (area_width - fitted_width) // 2, (area_height - fitted_height) // 2
    return Box(x, y, fitted_width, fitted_height)


def _round(value: float) -> int:
    return math.floor(value + 0.5)


def _edges(region: dict[str, Any]) -> tuple[float, float, float, float]:
    x, y, width, height = (float(region[edge]) for edge in _EDGES)
    return x, y, width, height


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

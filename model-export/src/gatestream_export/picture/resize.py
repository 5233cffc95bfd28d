"""The resize rule of a bundle: the same cut, scale and padding as the application's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from gatestream_export.errors import CheckFailedError

MODES = ("stretch", "letterbox", "centre-crop")
INTERPOLATIONS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
}


@dataclass(frozen=True)
class ResizeRule:
    """`input` of model.json, typed. `region` is (x, y, width, height) as shares of the frame."""

    width: int
    height: int
    mode: str = "stretch"
    interpolation: str = "area"
    letterbox_colour: tuple[int, int, int] = (0, 0, 0)
    region: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES or self.interpolation not in INTERPOLATIONS:
            raise CheckFailedError(f"resize {self.mode!r}, {self.interpolation!r}")
        if self.width < 1 or self.height < 1:
            raise CheckFailedError(f"size {self.width}x{self.height}, wanted 1x1 or more")

    @staticmethod
    def from_dict(picture: dict[str, Any]) -> ResizeRule:
        """From `input` of model.json."""
        rule = picture["resize"]
        region = rule.get("regionOfInterest")
        return ResizeRule(
            picture["width"],
            picture["height"],
            rule["mode"],
            rule["interpolation"],
            tuple(rule.get("letterboxColour", (0, 0, 0))),
            None if region is None else tuple(region[k] for k in ("x", "y", "width", "height")),
        )

    def as_dict(self) -> dict[str, Any]:
        """`input.resize` of model.json."""
        names = ("x", "y", "width", "height")
        return {
            "mode": self.mode,
            "interpolation": self.interpolation,
            "letterboxColour": list(self.letterbox_colour),
            "regionOfInterest": None
            if self.region is None
            else dict(zip(names, self.region, strict=True)),
            "reducedScaleJpeg": False,
        }

    def apply(self, picture: np.ndarray) -> np.ndarray:
        """RGB uint8 of any size to [height,width,3], contiguous."""
        if self.mode != "stretch" or self.region is not None:
            raise NotImplementedError
        if picture.shape[:2] == (self.height, self.width):
            return np.ascontiguousarray(picture)
        size = (self.width, self.height)
        return cv2.resize(picture, size, interpolation=INTERPOLATIONS[self.interpolation])

"""Encoded pictures, decoded as large as a bundle's resize rule takes them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from gatestream_export.picture import video
from gatestream_export.picture.resize import ResizeRule

_JPEG = b"\xff\xd8"


def decode(data: bytes, rule: ResizeRule) -> np.ndarray:
    """JPEG or PNG bytes to uint8 RGB for `rule.apply`: JPEG at a reduced scale if the rule says so.

    Raises:
        ValueError: it is neither.
    """
    if not rule.reduced_scale_jpeg or not data.startswith(_JPEG):
        return video.decode_image(data)
    return video.decode_image(data, rule.divisor(*jpeg_size(data)))


def through_jpeg(picture: np.ndarray, quality: int, rule: ResizeRule | None) -> np.ndarray:
    """RGB encoded as JPEG, and decoded for `rule.apply`; at full scale without a rule."""
    height, width = picture.shape[:2]
    divisor = 1 if rule is None else rule.divisor(width, height)
    return video.decode_image(video.encode_jpeg(picture, quality), divisor)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """(width, height) by the header, the EXIF orientation ignored; raises ValueError."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except (OSError, Image.DecompressionBombError) as broken:
        raise ValueError(f"not a JPEG picture: {broken}") from broken

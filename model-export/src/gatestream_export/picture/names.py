"""What a bundle may say of resizing; without OpenCV, so that `--help` need not load it."""

from __future__ import annotations

MODES = ("stretch", "letterbox", "centre-crop")
"""How a frame of another shape gets the size."""

INTERPOLATIONS = ("nearest", "linear", "cubic", "area")
"""Each as OpenCV computes it."""

"""Pictures for comparisons where there are no real ones."""

from __future__ import annotations

import numpy as np

from gatestream_export.bundle.runtime import Bundle


def random_frames(bundle: Bundle, count: int, seed: int = 5) -> np.ndarray:
    """Random pictures of the size that the bundle takes."""
    return random_pictures(bundle.contract.height, bundle.contract.width, count, seed)


def random_pictures(height: int, width: int, count: int, seed: int = 5) -> np.ndarray:
    """uint8 [count,H,W,3]: coarse blocks of colour under noise, the whole range of levels."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (count, height // 8 + 1, width // 8 + 1, 3))
    frames = np.repeat(np.repeat(coarse, 8, axis=1), 8, axis=2)[:, :height, :width]
    return np.clip(frames + rng.normal(0, 12, frames.shape), 0, 255).astype(np.uint8)

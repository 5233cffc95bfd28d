"""Small clips that tests put into folders."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gatestream_export.data.framestore import FrameRule
from gatestream_export.picture.resize import ResizeRule
from gatestream_export.picture.video import write_mp4

RULE = FrameRule(ResizeRule(8, 8), interval=100_000)


@pytest.fixture
def rule() -> FrameRule:
    return RULE


@pytest.fixture
def clip() -> Callable[..., Path]:
    """clip(path, frames=5, shade=0): 32x32 at 10 a second, of a grey that slowly grows."""

    def write(path: Path, frames: int = 5, shade: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures = (np.full((32, 32, 3), shade + 2 * i, np.uint8) for i in range(frames))
        write_mp4(path, pictures, 18.0)
        return path

    return write

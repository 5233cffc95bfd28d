"""Where the repository's bundle and clips are, and a working copy that tests may damage."""

import shutil
from pathlib import Path

import pytest
import torch

# Builds run beside the tests: threads that spin for each other cost more than they give.
torch.set_num_threads(1)

REPOSITORY = Path(__file__).resolve().parents[1]
BUNDLE = REPOSITORY / "stream-app" / "models" / "object-motion"
SAMPLES = REPOSITORY / "stream-app" / "samples"


@pytest.fixture(scope="session")
def bundle_folder() -> Path:
    return BUNDLE


@pytest.fixture(scope="session")
def samples_folder() -> Path:
    return SAMPLES


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A copy of the shipped bundle."""
    target = tmp_path / "object-motion"
    shutil.copytree(BUNDLE, target)
    return target

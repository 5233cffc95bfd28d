"""CIFAR-10 in its published binary layout, from a folder that the user names."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gatestream_export.errors import UsageError

SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE
CLASSES = 10
RECORDS = 10_000
"""Records of each published file."""

TRAINING_FILES = tuple(f"data_batch_{i}.bin" for i in range(1, 6))
TEST_FILE = "test_batch.bin"
NAMES_FILE = "batches.meta.txt"
UNPACKED = "cifar-10-batches-bin"
"""The folder that the published archive unpacks to."""

LAYOUT = f"""\
The CIFAR-10 folder must hold the binary version (https://www.cs.toronto.edu/~kriz/cifar.html):
  data_batch_1.bin .. data_batch_5.bin, {TEST_FILE}: records of {RECORD} bytes, 1 label byte
    (0..9), then {RECORD - 1} bytes of a {SIDE}x{SIDE} image: all red, all green, all blue,
    each row by row; {RECORDS} records a file in the published set
  {NAMES_FILE}: the {CLASSES} class names, one a line, in the order of the label numbers"""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cifar10:
    """Images are uint8 [N,32,32,3] RGB, labels int64 [N] with numbers of `names`."""

    names: tuple[str, ...]
    training: np.ndarray
    training_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray


def load(folder: Path) -> Cifar10:
    """Reads all six files.

    A UsageError names the file, and the record where there is one, and states the layout. Files
    with fewer or more records than the published ones are read, with a line in the log.
    """
    folder = _folder(folder)
    missing = [n for n in (*TRAINING_FILES, TEST_FILE, NAMES_FILE) if not (folder / n).is_file()]
    if missing:
        hint = ""
        if (folder / "data_batch_1").is_file():
            hint = " (this is the version for Python; the binary one is wanted)"
        raise UsageError(f"{folder} lacks {', '.join(missing)}{hint}\n{LAYOUT}")
    names = _names(folder / NAMES_FILE)
    parts = [read(folder / name) for name in TRAINING_FILES]
    test, test_labels = read(folder / TEST_FILE)
    return Cifar10(
        names,
        np.concatenate([images for images, _ in parts]),
        np.concatenate([labels for _, labels in parts]),
        test,
        test_labels,
    )


def read(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """One file's images, uint8 [N,32,32,3] RGB, and labels, int64 [N]."""
    data = np.fromfile(file, np.uint8)
    if data.size == 0 or data.size % RECORD:
        raise UsageError(
            f"{file}: {data.size} bytes, wanted records of {RECORD} bytes"
            f" ({RECORDS * RECORD} bytes in the published set)\n{LAYOUT}"
        )
    records = data.reshape(-1, RECORD)
    labels = records[:, 0].astype(np.int64)
    illegal = np.flatnonzero(labels >= CLASSES)
    if illegal.size:
        first = int(illegal[0])
        raise UsageError(
            f"{file}: record {first} (counted from 0) has label {labels[first]},"
            f" wanted 0..{CLASSES - 1}\n{LAYOUT}"
        )
    if len(records) != RECORDS:
        _LOG.warning("%s: %d records, the published file has %d", file, len(records), RECORDS)
    planes = records[:, 1:].reshape(-1, 3, SIDE, SIDE)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), labels


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise UsageError(f"no such folder: {folder}\n{LAYOUT}")
    inner = folder / UNPACKED
    return inner if inner.is_dir() else folder


def _names(file: Path) -> tuple[str, ...]:
    text = file.read_text(encoding="utf-8", errors="replace")
    names = tuple(line.strip() for line in text.splitlines() if line.strip())
    if len(names) != CLASSES or len(set(names)) != CLASSES:
        raise UsageError(
            f"{file}: {len(set(names))} different names in {len(names)} lines,"
            f" wanted {CLASSES}\n{LAYOUT}"
        )
    return names

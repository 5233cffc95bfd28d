"""An .npy file that rows are appended to."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from gatestream_export.errors import UsageError


def _header(dtype: type, shape: tuple[int, ...]) -> bytes:
    """Of the same length whatever the first side, which numpy leaves room for."""
    out = io.BytesIO()
    facts = {"descr": npy.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(out, facts)
    return out.getvalue()


def write_header(file: Path, dtype: type, shape: tuple[int, ...]) -> None:
    """Says how many rows the file has; their bytes are there."""
    with file.open("r+b") as out:
        out.write(_header(dtype, shape))


@contextmanager
def appending(file: Path, dtype: type, shape: tuple[int, ...], rows: int) -> Iterator:
    """The file open behind `rows` rows, anything after them cut off."""
    header = _header(dtype, (rows, *shape))
    end = len(header) + rows * int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if rows and (not file.is_file() or file.stat().st_size < end):
        raise UsageError(f"{file} is damaged: remove the folder {file.parent}")
    with file.open("r+b" if file.is_file() else "w+b") as out:
        out.write(header)
        out.truncate(end)
        out.seek(end)
        yield out
        out.flush()
        os.fsync(out.fileno())

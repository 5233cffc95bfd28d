"""Features of frozen encoders, computed once and kept in a folder of memory-mapped files.

A file is `FOLDER/ENCODER/STREAM.npy`: ENCODER is the encoder's identity, STREAM a hash of the
stream's frames. Behind the array's bytes it holds their hash, so that a damaged file is found.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import os
import resource
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
from tqdm import tqdm

from gatestream_export.data.sequences import Sequences, Stream
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets import encoders
from gatestream_export.nets.encoders import FrameEncoder

_CHUNK = 64
_DIGEST = 32
_STALE_SECONDS = 86_400
_log = logging.getLogger(__name__)


def cached(
    data: Sequences, encoder: FrameEncoder, folder: Path, progress: str | None = "features"
) -> Sequences:
    """The same streams with features for inputs: float32 [T,F], memory-mapped, read-only.

    Streams that are in `folder` are not computed again; a run that was interrupted goes on with
    the next stream, and two processes may fill the same folder. A torch encoder is exported first:
    ONNX Runtime is several times faster than torch, and the features are those of the bundle.

    Raises:
        UsageError: frames of another size than the encoder's.
        CheckFailedError: the encoder gives a feature that is not finite.
    """
    place = folder / encoder.identity()
    place.mkdir(parents=True, exist_ok=True)
    _remove_stale(place)
    _allow_files(len(data.streams))
    streams = []
    with ExitStack() as stack:
        bar = stack.enter_context(
            tqdm(total=data.frames(), desc=progress, unit="frame", disable=progress is None)
        )
        fast: FrameEncoder | None = None
        for stream in data.streams:
            _check(stream, encoder)
            file = place / f"{_key(stream.inputs)}.npy"
            features = _read(file, (len(stream), encoder.features))
            if features is None:
                fast = fast or _served(encoder, stack)
                _write(file, stream, fast)
                features = _read(file, (len(stream), encoder.features))
                if features is None:
                    raise CheckFailedError(f"{file} cannot be read back: is the disk full?")
            bar.update(len(stream))
            streams.append(dataclasses.replace(stream, inputs=features))
    return dataclasses.replace(data, streams=tuple(streams))


def _remove_stale(place: Path) -> None:
    """A killed process leaves its part behind; one of a day ago is nobody's."""
    for part in place.glob(".part-*"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                part.unlink()


def _served(encoder: FrameEncoder, stack: ExitStack) -> FrameEncoder:
    if encoder.module is None:
        return encoder
    scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="gatestream-encoder-"))
    return encoders.as_onnx(encoder, Path(scratch) / "encoder.onnx")


def _check(stream: Stream, encoder: FrameEncoder) -> None:
    wanted = (encoder.height, encoder.width, 3)
    if stream.inputs.dtype != np.uint8 or stream.inputs.shape[1:] != wanted:
        raise UsageError(
            f"stream {stream.name}: frames are {stream.inputs.dtype}"
            f" {list(stream.inputs.shape[1:])}, the encoder takes uint8 {list(wanted)}"
        )


def _key(frames: np.ndarray) -> str:
    value = hashlib.blake2b(str(frames.shape).encode(), digest_size=_DIGEST)
    for start in range(0, len(frames), _CHUNK):
        value.update(np.ascontiguousarray(frames[start : start + _CHUNK]).data)
    return value.hexdigest()


def _write(file: Path, stream: Stream, encoder: FrameEncoder) -> None:
    shape = (len(stream), encoder.features)
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    value = hashlib.blake2b(digest_size=_DIGEST)
    with tempfile.NamedTemporaryFile(
        dir=file.parent, prefix=".part-", suffix=".npy", delete=False
    ) as part:
        try:
            np.lib.format.write_array_header_1_0(part, header)
            for start in range(0, len(stream), _CHUNK):
                features = encoder.encode(stream.inputs[start : start + _CHUNK])
                if not np.isfinite(features).all():
                    first = start + int(np.argmin(np.isfinite(features).all(axis=1)))
                    raise CheckFailedError(
                        f"stream {stream.name}, frame {first}: the encoder's features are not"
                        " finite"
                    )
                block = np.ascontiguousarray(features, "<f4").tobytes()
                value.update(block)
                part.write(block)
            part.write(value.digest())
            part.flush()
            os.fsync(part.fileno())
            # NamedTemporaryFile lets only its owner read; a shared cache is for all.
            os.chmod(part.name, 0o644)
            os.replace(part.name, file)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _read(file: Path, shape: tuple[int, int]) -> np.ndarray | None:
    """The features of a sound file; None where there is none, it is damaged or another's."""
    if not file.is_file():
        return None
    try:
        with file.open("rb") as stored:
            np.lib.format.read_magic(stored)
            header = np.lib.format.read_array_header_1_0(stored)
            start = stored.tell()
        if header != (shape, False, np.dtype("<f4")):
            raise ValueError(f"found {header}, wanted {shape}")
        size = 4 * shape[0] * shape[1]
        if file.stat().st_size != start + size + _DIGEST:
            raise ValueError(f"{file.stat().st_size} bytes, wanted {start + size + _DIGEST}")
        whole = np.memmap(file, np.uint8, "r")
        digest = hashlib.blake2b(whole[start : start + size].data, digest_size=_DIGEST).digest()
        if digest != whole[start + size :].tobytes():
            raise ValueError("its bytes do not have the hash they were written with")
    except ValueError as damaged:
        _log.warning("%s is damaged (%s): computed again", file, damaged)
        return None
    if not size:
        return np.zeros(shape, np.float32)
    return np.memmap(file, np.float32, "r", start, shape)


def _allow_files(count: int) -> None:
    """Every mapped file holds a descriptor, and 1,024 is a common soft limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * count + 256
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))

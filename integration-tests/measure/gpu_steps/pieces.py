"""Archives in pieces: written compressed and split, read joined and checked."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from gpu_steps.problems import StepFailedError, UsageError

MANIFEST = "manifest.json"
CHUNK = 1 << 20


class _Splitter:
    """A file that is written as pieces of at most so many bytes."""

    def __init__(self, folder: Path, name: str, largest: int) -> None:
        self.folder, self.name, self.largest = folder, name, largest
        self.pieces: list[dict[str, Any]] = []
        self._file: IO[bytes] | None = None
        self._left = 0

    def write(self, data: bytes) -> None:
        while data:
            if self._file is None:
                name = f"{self.name}.{len(self.pieces) + 1:03d}"
                self._file = (self.folder / name).open("wb")
                self._hash, self._left = hashlib.sha256(), self.largest
                self.pieces.append({"name": name, "archive": self.name, "bytes": 0})
            part, data = data[: self._left], data[self._left :]
            self._file.write(part)
            self._hash.update(part)
            self._left -= len(part)
            self.pieces[-1]["bytes"] += len(part)
            if self._left == 0:
                self.end_piece()

    def end_piece(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            self.pieces[-1]["sha256"] = self._hash.hexdigest()


def write(source: Path, folder: Path, name: str, largest: int, preset: int) -> list[dict[str, Any]]:
    """Packs what is in `source` into pieces `NAME.001`, ... of at most `largest` bytes; gives what the manifest says of them."""
    splitter = _Splitter(folder, name, largest)
    archive = ["tar", "-cf", "-", "--owner=0", "--group=0", "--sort=name", "-C", str(source), "."]
    with (
        subprocess.Popen(archive, stdout=subprocess.PIPE) as tar,
        subprocess.Popen(
            ["xz", f"-{preset}", "-T0", "-c"], stdin=tar.stdout, stdout=subprocess.PIPE
        ) as packer,
    ):
        while data := packer.stdout.read(CHUNK) if packer.stdout else b"":
            splitter.write(data)
    splitter.end_piece()
    if packer.returncode != 0 or tar.returncode != 0:
        raise StepFailedError(
            f"tar ended with {tar.returncode} and xz with {packer.returncode}: is there space in {folder}?"
        )
    return splitter.pieces


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest.

    Raises:
        UsageError: it is missing or not one.
    """
    file = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(file.read_text())
        if manifest["format"] != 1 or not manifest["pieces"]:
            raise ValueError("of another format")
        return manifest
    except FileNotFoundError:
        raise UsageError(
            f"{file} is missing: carry it along with the pieces, or make them with `gpu pack {folder}`"
        ) from None
    except (ValueError, KeyError, TypeError) as problem:
        raise UsageError(f"{file} is damaged ({problem}): carry it again") from problem


def check(folder: Path, pieces: list[dict[str, Any]]) -> None:
    """Compares size and hash of every piece with the manifest.

    Raises:
        UsageError: names every piece that is missing or damaged.
    """
    problems = [problem for piece in pieces if (problem := _problem(folder / piece["name"], piece))]
    if problems:
        raise UsageError(*problems)


def _problem(file: Path, piece: dict[str, Any]) -> str | None:
    if not file.is_file():
        return f"the piece {file} is missing: carry it too"
    size = file.stat().st_size
    if size != piece["bytes"]:
        return f"the piece {file} has {size} bytes, not {piece['bytes']}: carry it again"
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while chunk := data.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != piece["sha256"]:
        return f"the piece {file} is damaged: its SHA-256 is not the manifest's; carry it again"
    return None


class _Joined(io.RawIOBase):
    """Pieces as one stream, for reading."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._chunks = self._all(files)
        self._rest = b""

    @staticmethod
    def _all(files: list[Path]) -> Iterator[bytes]:
        for file in files:
            with file.open("rb") as data:
                while chunk := data.read(CHUNK):
                    yield chunk

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._rest += chunk
        size = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def unpack(folder: Path, pieces: list[dict[str, Any]], to: Path) -> None:
    """Unpacks one archive's pieces into `to`, once: a second call finds it done."""
    done = to.with_name(to.name + ".unpacked")
    mark = "\n".join(piece["sha256"] for piece in pieces)
    if done.is_file() and done.read_text() == mark:
        return
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    joined = _Joined([folder / piece["name"] for piece in pieces])
    with lzma.open(cast(IO[bytes], joined), "rb") as data, tarfile.open(fileobj=data, mode="r|") as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(to, filter="tar")
        else:
            archive.extractall(to)
    done.write_text(mark)

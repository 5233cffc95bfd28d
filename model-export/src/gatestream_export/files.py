"""Files that are written whole or not at all, and known by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """A path beside `file` to write to, which takes its place at the end.

    A reader sees the old file or the new one; what an interrupted writer leaves is removed.
    """
    part = file.with_name(f"{file.stem}.part{file.suffix}")
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def write_text(file: Path, text: str) -> None:
    """Writes UTF-8 with the line ends of `text`, whole."""
    with whole(file) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def sha256(file: Path) -> str:
    """The file's hash, 64 lower-case hex digits."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()

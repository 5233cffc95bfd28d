"""Leaves out of a library the GPU code of other GPUs: most of ONNX Runtime's CUDA library is code for GPUs that are not there.

CUDA's compiler puts code for several GPUs beside each other into the ELF section `.nv_fatbin`: containers, each a header and
entries, each entry a header that names a compute capability, and its code. The driver takes the entry that fits by its
header. What other entries hold is set to zero here, which compresses to nothing; headers, sizes and addresses stay.
"""

from __future__ import annotations

import struct
from pathlib import Path

from gpu_steps.problems import StepFailedError

MAGIC = 0xBA55ED50
CONTAINER = struct.Struct("<IHHQ")
"""Magic, version, bytes of this header, bytes of all entries."""

ENTRY = struct.Struct("<HHIQ")
"""Kind (1 PTX, 2 code), version, bytes of this header, bytes of what follows it."""

CAPABILITY_AT = 28
"""Within an entry's header: ten times the compute capability, 90 for an H100 or H200."""


def thin(library: Path, capability: int) -> int:
    """Zeroes, in place, the code for every other compute capability; gives the bytes of that.

    Raises:
        StepFailedError: the section is not as it is known, or has no code for that GPU.
    """
    data = bytearray(library.read_bytes())
    offset, size = _section(data, b".nv_fatbin")
    zeroed, kept, at = 0, 0, offset
    while at < offset + size:
        magic, _, header, length = CONTAINER.unpack_from(data, at)
        if magic != MAGIC:
            raise StepFailedError(f"{library.name}: no container of GPU code at {at:#x}: pack it whole")
        entry, end = at + header, at + header + length
        while entry < end:
            _, _, own, code = ENTRY.unpack_from(data, entry)
            (of,) = struct.unpack_from("<I", data, entry + CAPABILITY_AT)
            if of == capability:
                kept += code
            else:
                data[entry + own : entry + own + code] = bytes(code)
                zeroed += code
            entry += own + code
        if entry != end:
            raise StepFailedError(
                f"{library.name}: the GPU code at {at:#x} does not end at {end:#x}: pack it whole"
            )
        at = end
    if kept == 0:
        raise StepFailedError(
            f"{library.name} has no code for compute capability {capability / 10}: pack it whole"
        )
    library.write_bytes(data)
    return zeroed


def _section(data: bytearray, name: bytes) -> tuple[int, int]:
    """Offset and size of a section of a 64-bit ELF file."""
    (table,) = struct.unpack_from("<Q", data, 0x28)
    entry, count, names = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", data, table + i * entry) for i in range(count)]
    strings = headers[names][4]
    for header in headers:
        start = strings + header[0]
        if bytes(data[start : data.index(0, start)]) == name:
            return header[4], header[5]
    raise StepFailedError("the library has no GPU code")

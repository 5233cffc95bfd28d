"""What of NVIDIA's is on this machine: the driver, the GPU, and CUDA's libraries."""

from __future__ import annotations

import ctypes
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from gpu_steps.problems import UsageError

NEEDED = ("libcudart", "libcublas", "libcublasLt", "libcudnn", "libcufft", "libcurand", "libnvrtc")
"""By NAME.so.MAJOR; the first says which CUDA it is."""

DRIVERS = (
    Path("/usr/local/nvidia/lib64"),
    Path("/usr/local/nvidia/lib"),
    Path("/usr/lib/x86_64-linux-gnu"),
    Path("/usr/lib64"),
)
LEAST_FREE_MIB = 6144
"""Two instances at their default limit of 2 GiB, each with a CUDA context."""


class NoCudaError(UsageError):
    """Something of NVIDIA's is missing or of a wrong version. Exit code 2."""


def driver() -> list[Path]:
    """Proves that the driver is there and sees a GPU; gives the folders that LD_LIBRARY_PATH needs for it."""
    folders: list[Path] = []
    try:
        library = ctypes.CDLL("libcuda.so.1")
    except OSError:
        folders = [folder for folder in DRIVERS if (folder / "libcuda.so.1").exists()]
        if not folders:
            raise NoCudaError(
                "no NVIDIA driver: libcuda.so.1 does not load, and lies in none of "
                + ", ".join(map(str, DRIVERS))
                + ": install the driver, and start a container with the GPU"
            ) from None
        library = ctypes.CDLL(str(folders[0] / "libcuda.so.1"))
    status, count = library.cuInit(0), ctypes.c_int(0)
    if status == 0:
        status = library.cuDeviceGetCount(ctypes.byref(count))
    if status != 0 or count.value == 0:
        raise NoCudaError(
            f"the NVIDIA driver finds no GPU (code {status}, {count.value} devices): look at nvidia-smi, CUDA_VISIBLE_DEVICES and"
            " the container's devices"
        )
    return folders[:1]


def ask(*fields: str) -> dict[str, str]:
    """What nvidia-smi says of the first GPU; nothing where it is missing or fails."""
    if shutil.which("nvidia-smi") is None:
        return {}
    command = [
        "nvidia-smi",
        "--id=0",
        f"--query-gpu={','.join(fields)}",
        "--format=csv,noheader,nounits",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    values = (
        [value.strip() for value in said.stdout.strip().splitlines()[0].split(",")]
        if said.stdout.strip()
        else []
    )
    return dict(zip(fields, values, strict=False)) if said.returncode == 0 else {}


def require_memory() -> None:
    """Refuses a GPU that others have filled."""
    free = ask("memory.free", "memory.total")
    if free and free["memory.free"].isdigit() and int(free["memory.free"]) < LEAST_FREE_MIB:
        raise NoCudaError(
            f"the GPU has {free['memory.free']} of {free['memory.total']} MiB free, {LEAST_FREE_MIB} are needed: end what"
            " nvidia-smi shows on it, or take another by CUDA_VISIBLE_DEVICES"
        )


def libraries(given: list[Path]) -> tuple[str, list[Path]]:
    """CUDA's major version here, and the folders of its libraries: given ones, those of PyTorch's wheels, the system's."""
    roots = [*given, *_wheels(), *sorted(Path("/usr/local").glob("cuda*/lib64"))]
    return choose(roots)


def _wheels() -> list[Path]:
    found = importlib.util.find_spec("nvidia")
    return [Path(place) for place in (found.submodule_search_locations or [])] if found else []


def choose(roots: list[Path]) -> tuple[str, list[Path]]:
    """As `libraries`, below these folders.

    Raises:
        NoCudaError: one is missing.
    """
    places: dict[str, dict[str, Path]] = {name: {} for name in NEEDED}
    for root in roots:
        for file in sorted(root.rglob("lib*.so.*")):
            if named := re.fullmatch(r"(lib\w+)\.so\.(\d+)", file.name):
                places.get(named.group(1), {}).setdefault(named.group(2), file.parent)
    searched = ", ".join(map(str, roots)) or "no folder: Python finds no package nvidia"
    if not places["libcudart"]:
        raise NoCudaError(
            f"no CUDA here (libcudart.so.N, searched {searched}): install PyTorch's wheels, or give --cuda-libraries DIR"
        )
    cuda = max(places["libcudart"], key=int)
    missing = [name for name in NEEDED if not _fitting(name, cuda, places[name])]
    if missing:
        raise NoCudaError(
            f"CUDA {cuda} is here without {', '.join(f'{name}.so' for name in missing)} (searched {searched}): install it,"
            " or give --cuda-libraries DIR"
        )
    folders = [_fitting(name, cuda, places[name]) for name in NEEDED]
    return cuda, list(dict.fromkeys(folder for folder in folders if folder))


def _fitting(name: str, cuda: str, versions: dict[str, Path]) -> Path | None:
    if name in ("libcudart", "libcublas", "libcublasLt", "libnvrtc"):
        return versions.get(cuda)
    if name == "libcudnn":
        return versions.get("9")
    return versions[max(versions, key=int)] if versions else None

"""Weights from a local file: read safely, loaded strictly, and hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from gatestream_export.errors import UsageError

_SHOWN = 3
_WRAPPERS = ("state_dict", "model")


def read(file: Path) -> dict[str, torch.Tensor]:
    """The state dict of a file written by torch.save, on the CPU; code in it is never run."""
    if not file.is_file():
        raise UsageError(f"missing weights file: {file}")
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as broken:  # pickle, zip and torch each raise their own.
        # torch's own text advises to load it unsafely.
        raise UsageError(
            f"{file} is not a state dict that torch.save wrote (tensors by name, nothing else)"
        ) from broken
    for wrapper in _WRAPPERS:
        if isinstance(found, Mapping) and isinstance(found.get(wrapper), Mapping):
            found = found[wrapper]
    if not isinstance(found, Mapping) or not all(
        isinstance(key, str) and isinstance(value, torch.Tensor) for key, value in found.items()
    ):
        raise UsageError(f"{file} holds no state dict (names and tensors)")
    return {key.removeprefix("module."): value for key, value in found.items()}


def load(module: nn.Module, file: Path, what: str, unused: tuple[str, ...] = ()) -> None:
    """Loads `file` into `module`, whose backbone is `module.net`.

    The file is either the module's own state dict, or the backbone's as its architecture
    publishes it; then names that begin with one of `unused` (the classifier) are passed over.
    Raises UsageError naming the first names that are missing, unknown or of another shape.
    """
    found = read(file)
    wanted = module.state_dict()
    if not any(key.startswith("net.") for key in found):
        found = {f"net.{key}": v for key, v in found.items() if not key.startswith(unused)}
        # Reductions with weights of their own are not in a published file.
        found = {k: v for k, v in wanted.items() if not k.startswith("net.")} | found
    counters = {k: v for k, v in wanted.items() if k.endswith("num_batches_tracked")}
    found = counters | found
    problems = []
    missing = [key for key in wanted if key not in found]
    unknown = [key for key in found if key not in wanted]
    if missing:
        problems.append(f"missing {_some(missing)}")
    if unknown:
        problems.append(f"unexpected {_some(unknown)}")
    problems += [
        f"{key} is {list(found[key].shape)}, wanted {list(value.shape)}"
        for key, value in wanted.items()
        if key in found and found[key].shape != value.shape
    ][:_SHOWN]
    if problems:
        raise UsageError(f"{file} does not fit {what}: " + "; ".join(problems))
    module.load_state_dict(found)


def _some(names: list[str]) -> str:
    shown = ", ".join(name.removeprefix("net.") for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def digest(module: nn.Module, architecture: str) -> str:
    """64 hex digits over the architecture's name and every weight that plays a part in eval."""
    value = hashlib.sha256(architecture.encode())
    for key, tensor in sorted(module.state_dict().items()):
        if key.endswith("num_batches_tracked"):
            continue
        array = tensor.detach().cpu().contiguous().numpy()
        value.update(f"\n{key} {array.dtype} {array.shape}\n".encode())
        value.update(array.tobytes())
    return value.hexdigest()

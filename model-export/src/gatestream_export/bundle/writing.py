"""Writes a bundle: exports its parts, measures them, verifies all of it, then puts it in place."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from gatestream_export.bundle import border, contract, golden, graphs, parity, reference, verify
from gatestream_export.bundle.golden import Shot
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Border, Specification, document
from gatestream_export.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    import torch
    from torch import nn

EXAMPLE_BATCH = 3


class StepModule(Protocol):
    """A torch module of one frame: its inputs in order give the logits, then the next states."""

    def input_names(self) -> tuple[str, ...]:
        """Of the graph, in the order of the module's arguments."""

    def output_names(self) -> tuple[str, ...]:
        """Of the graph: logits, then the next states."""

    def example(self, batch: int) -> tuple[torch.Tensor, ...]:
        """Inputs of `batch` streams."""


@dataclass(frozen=True)
class Parts:
    """What a bundle is made of. A Path is an ONNX graph, copied as it is.

    A torch encoder takes uint8 [B,H,W,3] and gives float32 [B,F].
    `reference_encoder` is what a torch encoder is held to in its place: the network before folding.
    `border` is needed only where names and shapes do not say what each tensor is.
    """

    encoder: nn.Module | Path
    step: StepModule | Path
    specification: Specification
    reference_encoder: nn.Module | None = None
    border: Border | None = None


def require_target(target: Path) -> None:
    """Refuses to replace anything but a bundle or an empty folder."""
    if target.is_dir():
        if any(target.iterdir()) and not (target / "model.json").is_file():
            raise UsageError(f"{target} holds files that are no bundle: choose another folder")
    elif target.exists():
        raise UsageError(f"{target} is a file: choose a folder")


def write_bundle(
    parts: Parts, target: Path, real_frames: np.ndarray, golden_runs: list[list[Shot]]
) -> Bundle:
    """Writes, verifies and only then puts the bundle at `target`, replacing a bundle there.

    `real_frames` is uint8 [T,H,W,3], already resized, for the comparison over carried state; it may
    be empty. Of `golden_runs` the one with the clearest labels becomes golden/.

    Raises:
        UsageError: `target` holds something else.
        CheckFailedError: the graphs do not fit the contract, differ from torch, or fail `verify`;
            nothing is left behind.
    """
    require_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundle-") as scratch:
        folder = Path(scratch) / "new"
        folder.mkdir()
        _write_graphs(parts, folder)
        text = document(parts.specification, parts.border or _border(parts, folder), folder)
        contract.write(text, folder)
        _measure(parts, folder, text, real_frames)
        contract.write(text, folder)
        golden.write(Bundle(folder), golden_runs)
        (folder / "NOTICE.md").write_text(parts.specification.notice, encoding="utf-8")
        problems = verify.problems(folder)
        if problems:
            raise CheckFailedError("the new bundle fails its own check:\n" + "\n".join(problems))
        if target.exists():
            target.rename(Path(scratch) / "old")
        folder.rename(target)
    return Bundle(target)


def _border(parts: Parts, folder: Path) -> Border:
    rule = parts.specification.resize
    return border.read(folder / "encoder.onnx", folder / "step.onnx", rule.height, rule.width)


def _write_graphs(parts: Parts, folder: Path) -> None:
    rule = parts.specification.resize
    encoder, step = folder / "encoder.onnx", folder / "step.onnx"
    if isinstance(parts.encoder, Path):
        _copy(parts.encoder, encoder)
        graphs.recurrent_nodes(encoder, carried=False)
    else:
        import torch

        frames = torch.zeros(EXAMPLE_BATCH, rule.height, rule.width, 3, dtype=torch.uint8)
        graphs.export_module(parts.encoder, (frames,), encoder, ["frames"], ["features"])
        graphs.check_layers(parts.encoder, encoder, carried=False)
    if isinstance(parts.step, Path):
        _copy(parts.step, step)
        graphs.recurrent_nodes(step, carried=True)
    else:
        names = parts.step.input_names(), parts.step.output_names()
        module = cast("nn.Module", parts.step)
        graphs.export_module(module, parts.step.example(EXAMPLE_BATCH), step, *names)
        graphs.check_layers(module, step, carried=True)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise UsageError(f"missing file: {source}")
    graphs.require_one_file(source)
    shutil.copyfile(source, target)


def _measure(parts: Parts, folder: Path, text: dict[str, Any], real_frames: np.ndarray) -> None:
    """Adds parity and the bit-equal batch sizes to model.json's `text`."""
    bundle = Bundle(folder)
    bundle.check_borders()
    encoder = None if isinstance(parts.encoder, Path) else parts.encoder
    step = None if isinstance(parts.step, Path) else parts.step
    held_to = reference.of_modules(bundle, parts.reference_encoder or encoder, step)
    measured = parity.measure(bundle, held_to, real_frames)
    tolerance = parts.specification.tolerance
    problems = measured.problems(tolerance.parity, tolerance.logits)
    if problems:
        raise CheckFailedError("; ".join(problems))
    text["training"]["metrics"]["parity"] = measured.as_dict()
    equal = verify.bit_equal_sizes(bundle)
    text["encoder"]["bitEqualBatchSizes"] = equal["encoder"]
    text["step"]["bitEqualBatchSizes"] = equal["step"]

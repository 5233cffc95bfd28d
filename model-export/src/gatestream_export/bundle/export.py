"""Writes a bundle: folds, exports, compares with torch over carried state, and verifies it."""

from __future__ import annotations

import copy
import logging
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxscript import optimizer
from torch import nn

from gatestream_export.bundle import contract, golden, verify
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError
from gatestream_export.objectmotion.motion import FRAMES_PER_SECOND, INPUT_SIZE, LABELS
from gatestream_export.objectmotion.network import FEATURES, HIDDEN, LAYERS, Encoder, Step
from gatestream_export.objectmotion.training import Model

OPSET = 18
PARITY_STEPS = 1200
FEATURE_LIMIT = 1e-4
"""Largest torch-to-ORT difference of the features, relative to their root mean square."""

LOGIT_LIMIT = 1e-3


@dataclass(frozen=True)
class About:
    """What model.json says of the model's origin."""

    name: str
    version: str
    licence: str
    data: str
    command: str
    metrics: dict[str, Any]
    notice: str


def folded(encoder: Encoder) -> nn.Module:
    """The encoder with every BatchNorm inside its convolution.

    A positive scale commutes with the maximum of the pooling between the two; the scale of these
    layers is fixed at 1 in training, and anything else is refused.
    """
    copied = copy.deepcopy(encoder).eval()
    modules: list[nn.Module] = []
    for module in copied.blocks:
        modules += list(module) if isinstance(module, nn.Sequential) else [module]
    convolution: nn.Conv2d | None = None
    kept: list[nn.Module] = []
    for module in modules:
        if isinstance(module, nn.Conv2d):
            convolution = nn.Conv2d(
                module.in_channels,
                module.out_channels,
                module.kernel_size,
                padding=module.padding,
            )
            convolution.weight.data = module.weight.data.clone()
            kept.append(convolution)
        elif isinstance(module, nn.BatchNorm2d):
            if convolution is None or not bool((module.weight > 0).all()):
                raise CheckFailedError("a BatchNorm with a scale that is not positive cannot fold")
            scale = module.weight.data / torch.sqrt(module.running_var + module.eps)
            convolution.weight.data *= scale[:, None, None, None]
            convolution.bias.data = module.bias.data - module.running_mean * scale
        else:
            kept.append(module)
    copied.blocks = nn.Sequential(*kept)
    return copied.to(memory_format=torch.contiguous_format).eval()


def _export(module: nn.Module, example: tuple, file: Path, names: tuple[list, list]) -> None:
    # It would list the operators of torchvision, which is not needed.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    batch = torch.export.Dim("batch", min=1, max=4096)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module,
            example,
            input_names=names[0],
            output_names=names[1],
            opset_version=OPSET,
            dynamic_shapes=tuple({0: batch} for _ in example),
            external_data=False,
            dynamo=True,
            optimize=True,
            verbose=False,
        )
    program.save(str(file), external_data=False)
    # The exporter leaves the reordering of the GRU's weights to be computed at load: do it now.
    size = 1 << 24
    model = optimizer.optimize(onnx.load(str(file)), input_size_limit=size, output_size_limit=size)
    # Only what inference needs: source traces hold paths of the exporting machine.
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    model.doc_string = model.graph.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def export_graphs(model: Model, folder: Path) -> None:
    """Writes encoder.onnx and step.onnx and checks the GRU's attributes."""
    encoder = folded(model.encoder)
    step = Step(model.recurrent).eval()
    frames = torch.zeros(3, INPUT_SIZE, INPUT_SIZE, 3, dtype=torch.uint8)
    features = torch.zeros(3, FEATURES)
    hidden = torch.zeros(3, LAYERS, HIDDEN)
    with torch.inference_mode(False), torch.no_grad():
        _export(encoder, (frames,), folder / "encoder.onnx", (["frames"], ["features"]))
        _export(
            step,
            (features, hidden),
            folder / "step.onnx",
            (["features", "hidden"], ["logits", "hidden_next"]),
        )
    if verify.check_gru(folder / "step.onnx") != LAYERS:
        raise CheckFailedError(f"step.onnx does not hold {LAYERS} GRU nodes")


def parity(model: Model, bundle: Bundle, frames: np.ndarray) -> dict[str, float]:
    """Carries the state through torch and ORT side by side, from a random non-zero start.

    `frames` is [T,H,W,3], real frames; they are repeated until PARITY_STEPS. The torch side is the
    unfolded training network, so that folding is covered too.
    """
    model.train(False)
    rng = np.random.default_rng(11)
    start = rng.normal(0, 0.5, (1, LAYERS, HIDDEN)).astype(np.float32)
    ours, theirs = [start], torch.from_numpy(start.copy())
    step = Step(model.recurrent).eval()
    worst = {"features": 0.0, "logits": 0.0, "state": 0.0}
    agree = 0
    with torch.inference_mode():
        for i in range(PARITY_STEPS):
            frame = np.array(frames[i % len(frames)][None])
            expected = model.encoder(torch.from_numpy(frame))
            expected_logits, theirs = step(expected, theirs)
            found = bundle.encode(frame)
            logits, ours = bundle.step(found, ours)
            size = float(expected.square().mean().sqrt()) or 1.0
            difference = float(np.abs(found - expected.numpy()).max()) / size
            worst["features"] = max(worst["features"], difference)
            worst["logits"] = max(
                worst["logits"], float(np.abs(logits - expected_logits.numpy()).max())
            )
            worst["state"] = max(worst["state"], float(np.abs(ours[0] - theirs.numpy()).max()))
            agree += int(logits.argmax() == int(expected_logits.argmax()))
    if worst["features"] > FEATURE_LIMIT or worst["logits"] > LOGIT_LIMIT:
        raise CheckFailedError(f"ONNX Runtime and torch differ over {PARITY_STEPS} steps: {worst}")
    return {
        "steps": PARITY_STEPS,
        "largestFeatureDifference": float(f"{worst['features']:.2e}"),
        "largestLogitDifference": float(f"{worst['logits']:.2e}"),
        "largestStateDifference": float(f"{worst['state']:.2e}"),
        "sameTopLabel": agree / PARITY_STEPS,
    }


def document(about: About, folder: Path) -> dict[str, Any]:
    """model.json for the graphs in `folder`, bit-equal sizes still at batch 1 only."""
    return {
        "format": contract.FORMAT,
        "minimumReaderFormat": contract.FORMAT,
        "name": about.name,
        "version": about.version,
        "labels": list(LABELS),
        "background": None,
        "activation": "softmax",
        "temperature": 1.0,
        "thresholds": {},
        "input": {
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "colour": "RGB",
            "frameIntervalMillis": 1000 // FRAMES_PER_SECOND,
            "resize": {
                "mode": "stretch",
                "interpolation": "area",
                "letterboxColour": [0, 0, 0],
                "regionOfInterest": None,
                "reducedScaleJpeg": False,
            },
        },
        "encoder": {
            "file": "encoder.onnx",
            "sha256": contract.sha256(folder / "encoder.onnx"),
            "frames": {
                "name": "frames",
                "type": "uint8",
                "shape": [-1, INPUT_SIZE, INPUT_SIZE, 3],
            },
            "features": {"name": "features", "type": "float32", "shape": [-1, FEATURES]},
            "bitEqualBatchSizes": [1],
        },
        "step": {
            "file": "step.onnx",
            "sha256": contract.sha256(folder / "step.onnx"),
            "features": {"name": "features", "type": "float32", "shape": [-1, FEATURES]},
            "logits": {"name": "logits", "type": "float32", "shape": [-1, len(LABELS)]},
            "states": [
                {
                    "input": "hidden",
                    "output": "hidden_next",
                    "shape": [LAYERS, HIDDEN],
                    "initial": None,
                }
            ],
            "elapsed": None,
            "auxiliary": None,
            "bitEqualBatchSizes": [1],
        },
        "tolerance": {"pixels": 1, "features": 0.01, "logits": 0.001},
        "licence": about.licence,
        "attribution": ["NOTICE.md"],
        "training": {"data": about.data, "command": about.command, "metrics": about.metrics},
    }


def write_bundle(
    model: Model,
    about: About,
    target: Path,
    parity_frames: np.ndarray,
    golden_candidates: list[list[np.ndarray]],
) -> None:
    """Writes, verifies and only then puts the bundle at `target`, replacing what was there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundle-") as scratch:
        folder = Path(scratch) / target.name
        folder.mkdir()
        export_graphs(model, folder)
        text = document(about, folder)
        contract.write(text, folder)
        bundle = Bundle(folder)
        text["training"]["metrics"]["parity"] = parity(model, bundle, parity_frames)
        equal = verify.bit_equal_sizes(bundle)
        text["encoder"]["bitEqualBatchSizes"] = equal["encoder"]
        text["step"]["bitEqualBatchSizes"] = equal["step"]
        contract.write(text, folder)
        golden.write(Bundle(folder), golden_candidates)
        (folder / "NOTICE.md").write_text(about.notice, encoding="utf-8")
        problems = verify.problems(folder)
        if problems:
            raise CheckFailedError("the new bundle fails its own check:\n" + "\n".join(problems))
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)

"""The one place that turns the name after `--encoder` into an encoder."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gatestream_export.errors import UsageError

if TYPE_CHECKING:
    from torch import nn

    from gatestream_export.nets.maps import MapEncoder

LITE0 = "efficientnet-lite0"
THREE = "three-convolutions"
THREE_NORMALISED = "three-convolutions-bn"
TORCHVISION = "torchvision:"
_NAMES = (LITE0, THREE, THREE_NORMALISED)
_CHUNK = 64


class FrameEncoder(Protocol):
    """uint8 [B,height,width,3] RGB to float32 [B,features]."""

    @property
    def width(self) -> int:
        """Pixels of a frame."""

    @property
    def height(self) -> int:
        """Pixels of a frame."""

    @property
    def features(self) -> int:
        """Numbers of a frame."""

    @property
    def module(self) -> nn.Module | None:
        """What is trained and exported; None where the encoder is an ONNX file."""

    @property
    def file(self) -> Path | None:
        """The ONNX file; None where there is a module."""

    def identity(self) -> str:
        """A name for files: differs wherever architecture or weights do."""

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """uint8 [B,height,width,3] to float32 [B,features], without gradients."""


class TorchEncoder:
    """An encoder that is a module; `encode` runs it in torch, in eval mode."""

    file: Path | None = None

    def __init__(self, name: str, module: MapEncoder) -> None:
        """`module` is a MapEncoder, `name` what `build` was given."""
        self.name = name
        self.module = module
        self.width, self.height, self.features = module.width, module.height, module.features

    def identity(self) -> str:
        """Hash of name, size, kind of features and the weights as they are now."""
        from gatestream_export.nets.weights import digest

        m = self.module
        architecture = f"1 {self.name} {m.width}x{m.height} {m.kind}"
        return f"{self.name.replace(':', '-')}-{digest(m, architecture)}"

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """uint8 [B,height,width,3] to float32 [B,features]."""
        import torch

        was = self.module.training
        self.module.eval()
        out = np.zeros((len(frames), self.features), np.float32)
        with torch.inference_mode():
            for start in range(0, len(frames), _CHUNK):
                part = torch.from_numpy(np.array(frames[start : start + _CHUNK]))
                out[start : start + _CHUNK] = self.module(part).numpy()
        self.module.train(was)
        return out


def known() -> list[str]:
    """One line for each name, for `--help`."""
    return [
        f"{LITE0}: with its ImageNet weights, 224x224; 1280 pooled features, or 320 a grid cell",
        f"{THREE}: 32, 64 and 128 channels, random weights, any size in multiples of 8",
        f"{THREE_NORMALISED}: the same with BatchNorm, which export folds",
        (
            f"{TORCHVISION}NAME: a convolutional classifier of torchvision (resnet18,"
            " mobilenet_v3_small, ...); random weights unless --weights names a file"
        ),
        (
            "FILE.onnx: any frozen encoder, uint8 [batch, height, width, 3] to float32"
            " [batch, features]"
        ),
        "BUNDLE: the encoder of that bundle folder, frozen",
    ]


def has_weights(name: str, weights: Path | None = None) -> bool:
    """Whether `build` gives weights that were trained; if not, freezing them makes little sense."""
    return weights is not None or name == LITE0 or _is_path(name)


def build(
    name: str,
    size: tuple[int, int] | None = None,
    weights: Path | None = None,
    features: str | None = None,
    frozen: bool | None = None,
    skeleton: bool = False,
) -> FrameEncoder:
    """The encoder of that name, in eval mode.

    `size` is (width, height), by default the one the encoder was made for, or 64x64. `weights` is
    a state dict that torch.save wrote. `features` is one of `maps.REDUCTIONS`, by default pooled,
    or flat for three-convolutions. `frozen` by default where the weights were trained. Random
    weights are drawn from torch's global generator: seed it first. `skeleton` says that the caller
    loads all weights into `module` next: none are read here, and nothing is said of random ones.
    """
    if _is_path(name):
        return _of_file(name, size, weights, features, frozen)
    if not _is_name(name):
        near = difflib.get_close_matches(name, _NAMES, 1)
        hint = f", did you mean {near[0]}?" if near else ";"
        raise UsageError(f"unknown encoder {name!r}{hint} known:\n  " + "\n  ".join(known()))
    frozen = has_weights(name, weights) if frozen is None else frozen
    if frozen and features == "squeeze" and weights is None and not skeleton:
        raise UsageError("features squeeze are learned: train the encoder or give its weights")
    module = _module(name, size, None if skeleton else weights, features, skeleton)
    module.eval()
    if frozen:
        module.freeze()
    return TorchEncoder(name, module)


def as_onnx(encoder: FrameEncoder, file: Path, threads: int = 2) -> FrameEncoder:
    """The same encoder exported to `file` and run by ONNX Runtime on `threads` threads."""
    import torch

    from gatestream_export.bundle.graphs import export_module
    from gatestream_export.nets.onnx_encoder import OnnxEncoder

    if encoder.module is None:
        return encoder
    was = encoder.module.training
    example = torch.zeros(3, encoder.height, encoder.width, 3, dtype=torch.uint8)
    export_module(encoder.module, (example,), file, ["frames"], ["features"])
    encoder.module.train(was)
    return OnnxEncoder(file, threads)


def _module(
    name: str,
    size: tuple[int, int] | None,
    weights: Path | None,
    features: str | None,
    skeleton: bool,
) -> MapEncoder:
    from gatestream_export.nets import pretrained, three_convolutions
    from gatestream_export.nets import weights as weight_files

    if name in (THREE, THREE_NORMALISED):
        normalised = name == THREE_NORMALISED
        module = three_convolutions.ThreeConvolutions(
            *(size or (64, 64)), features or "flat", normalised
        )
        if weights is not None:
            weight_files.load(module, weights, name)
        return module
    place = (*(size or (224, 224)), features or "pooled", weights, skeleton)
    if name == LITE0:
        return pretrained.EfficientNetLite0(*place)
    return pretrained.Torchvision(name.removeprefix(TORCHVISION), *place)


def _is_path(name: str) -> bool:
    """A folder that happens to have the name of an encoder does not hide it."""
    return not _is_name(name) and (name.endswith(".onnx") or Path(name).is_dir())


def _is_name(name: str) -> bool:
    return name in _NAMES or name.startswith(TORCHVISION)


def _of_file(
    name: str,
    size: tuple[int, int] | None,
    weights: Path | None,
    features: str | None,
    frozen: bool | None,
) -> FrameEncoder:
    from gatestream_export.nets.onnx_encoder import OnnxEncoder

    given = {"weights": weights is not None, "features": features is not None}
    for option, present in given.items():
        if present:
            raise UsageError(f"{name} brings its own {option}: leave out --{option}")
    if frozen is False:
        raise UsageError(f"{name} is a finished graph and cannot be fine-tuned")
    path = Path(name)
    encoder = OnnxEncoder.of_bundle(path) if path.is_dir() else OnnxEncoder(path)
    if size is not None and size != (encoder.width, encoder.height):
        raise UsageError(
            f"{name} takes {encoder.width}x{encoder.height} frames, not {size[0]}x{size[1]}"
        )
    return encoder

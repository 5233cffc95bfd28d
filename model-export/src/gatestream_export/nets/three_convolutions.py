"""The three-convolution CNN: 32, 64 and 128 channels, 3x3, ReLU, 2x2 max pooling."""

from __future__ import annotations

import torch
from torch import nn

from gatestream_export.errors import UsageError
from gatestream_export.nets.maps import MapEncoder

CHANNELS = (32, 64, 128)


def _block(inputs: int, outputs: int, normalised: bool) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=not normalised)
    norm = [nn.BatchNorm2d(outputs)] if normalised else []
    return [convolution, *norm, nn.ReLU(), nn.MaxPool2d(2)]


class ThreeConvolutions(MapEncoder):
    """uint8 [B,height,width,3] to maps [B,128,height/8,width/8] and features [B,F].

    `normalised` puts a BatchNorm directly behind each convolution, where export folds it.
    """

    def __init__(
        self, width: int, height: int, features: str = "flat", normalised: bool = False
    ) -> None:
        """Raises UsageError where width or height is no multiple of 8."""
        if width % 8 or height % 8 or width < 8 or height < 8:
            raise UsageError(
                f"three-convolutions: size {width}x{height}, wanted multiples of 8"
                " (three times 2x2 pooling)"
            )
        super().__init__(width, height)
        layers: list[nn.Module] = []
        for inputs, outputs in zip((3, *CHANNELS), CHANNELS, strict=False):
            layers += _block(inputs, outputs, normalised)
        self.net = nn.Sequential(*layers)
        self.reduce_by(features, CHANNELS[-1], height // 8, width // 8)

    def maps_of(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised [B,3,height,width] to [B,128,height/8,width/8]."""
        return self.net(pixels)


def columns(maps: torch.Tensor) -> torch.Tensor:
    """Maps [B,C,h,w] to [B,w,C*h]: a sequence of columns, left to right, for a recurrent layer."""
    return maps.permute(0, 3, 1, 2).flatten(2)

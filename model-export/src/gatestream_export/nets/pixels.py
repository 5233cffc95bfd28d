"""Encoders of the digits: one row's pixels as they are, and a feature map read column by column."""

from __future__ import annotations

import torch
from torch import nn

from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.nets.three_convolutions import CHANNELS, ThreeConvolutions, columns

MEAN = 73.0
DEVIATION = 90.0
"""Of the digits' pixels at value * 15, rounded."""


class RowPixels(nn.Module):
    """uint8 [B,1,W,3] to float32 [B,W]: the first channel, normalised."""

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return (frames[:, 0, :, 0].to(torch.float32) - MEAN) / DEVIATION


class ColumnGru(nn.Module):
    """uint8 [B,H,W,3] to float32 [B,hidden]: what a GRU holds after the feature map's last column.

    Three convolutions give a map [B,128,H/8,W/8]; each of its W/8 columns, 128 * H/8 numbers, is a
    time step of a GRU of `layers` layers that starts from zero at every image.
    """

    def __init__(self, side: int = 32, hidden: int = 256, layers: int = 2) -> None:
        super().__init__()
        self.convolutions = ThreeConvolutions(side, side)
        self.hidden = hidden
        self.layers = layers
        self.cell = nn.GRU(CHANNELS[-1] * (side // 8), hidden, layers, batch_first=True)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        steps = columns(self.convolutions.maps(frames))
        start = steps.new_zeros(self.layers, frames.shape[0], self.hidden)
        outputs, _ = self.cell(steps, start)
        return outputs[:, -1]


class LinearHead(Recurrent):
    """A step without any state: one linear layer from the features to the logits."""

    def __init__(self, features: int, classes: int, dropout: float = 0.0) -> None:
        super().__init__(RecurrentShape("none", features, classes, features, 1, dropout))
        self.hidden = nn.Identity()

    def memoryless(self, inputs: torch.Tensor) -> torch.Tensor:
        """Features [...,F] to logits [...,C]."""
        return self.head(inputs)

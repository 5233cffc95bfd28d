"""The networks of object motion: a small CNN encoder, a two-layer GRU, and training's heads."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.objectmotion.motion import LABELS
from gatestream_export.training.networks import Networks

FEATURES = 256
HIDDEN = 256
LAYERS = 2


def _norm(channels: int) -> nn.BatchNorm2d:
    """BatchNorm with its scale fixed at 1: positive, so it may be moved across a maximum."""
    norm = nn.BatchNorm2d(channels)
    norm.weight.requires_grad_(False)
    return norm


def _block(inputs: int, outputs: int) -> nn.Sequential:
    # Pooling before the normalisation costs a quarter of it; `folded` puts it into the convolution.
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        _norm(outputs),
        nn.ReLU(),
    )


class Encoder(nn.Module):
    """uint8 [B,64,64,3] RGB to float [B,256]; all normalisation is inside."""

    def __init__(self, channels: tuple[int, int, int] = (16, 32, 48), squeezed: int = 16) -> None:
        super().__init__()
        first, second, third = channels
        self.blocks = nn.Sequential(
            _block(3, first),
            _block(first, second),
            _block(second, third),
            nn.Conv2d(third, squeezed, 1, bias=False),
            _norm(squeezed),
            nn.ReLU(),
        )
        self.project = nn.Linear(squeezed * 8 * 8, FEATURES)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        pixels = frames.permute(0, 3, 1, 2).to(torch.float32)
        maps = self.blocks((pixels - 127.5) * (1.0 / 64.0))
        return self.project(maps.flatten(1))


def in_memory_format(encoder: Encoder, form: torch.memory_format) -> Encoder:
    """The encoder with its convolutions' weights in that order of memory."""
    # The stub of `to` has no overload with a memory format alone.
    return encoder.to(memory_format=form)  # type: ignore[call-overload]


@dataclass
class MotionNetworks(Networks):
    """With `memoryless`, the comparison: a head on the same features that sees one frame only."""

    encoder: Encoder
    memoryless: Recurrent

    def parts(self) -> dict[str, nn.Module]:
        """The modules by name."""
        return {**super().parts(), "memoryless": self.memoryless}


def new_networks(seed: int) -> MotionNetworks:
    """Untrained networks; torch's generator goes on from theirs."""
    torch.manual_seed(seed)
    encoder = in_memory_format(Encoder(), torch.channels_last)
    recurrent = Recurrent(RecurrentShape("gru", FEATURES, len(LABELS), HIDDEN, LAYERS))
    memoryless = Recurrent(RecurrentShape("none", FEATURES, len(LABELS), HIDDEN))
    return MotionNetworks(encoder=encoder, recurrent=recurrent, memoryless=memoryless)


def place_head() -> nn.Linear:
    """Training only: centre and log size from one frame's features."""
    return nn.Linear(FEATURES, 3)

"""The networks of object motion: a small CNN encoder and a two-layer GRU step."""

from __future__ import annotations

import torch
from torch import nn

from gatestream_export.objectmotion.motion import LABELS

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


class Recurrent(nn.Module):
    """Features [B,T,256] and state [2,B,256] to logits [B,T,C] and the new state."""

    def __init__(self, classes: int = len(LABELS)) -> None:
        super().__init__()
        self.gru = nn.GRU(FEATURES, HIDDEN, LAYERS, batch_first=True)
        self.head = nn.Linear(HIDDEN, classes)

    def forward(
        self, features: torch.Tensor, state: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        outputs, state = self.gru(features, state)
        return self.head(outputs), state


class Step(nn.Module):
    """What is exported: one frame, the state as [B,2,256], transposed inside the graph."""

    def __init__(self, recurrent: Recurrent) -> None:
        super().__init__()
        self.recurrent = recurrent

    def input_names(self) -> tuple[str, ...]:
        """In the order of the arguments."""
        return ("features", "hidden")

    def output_names(self) -> tuple[str, ...]:
        """The logits, then the next state."""
        return ("logits", "hidden_next")

    def example(self, batch: int = 3) -> tuple[torch.Tensor, ...]:
        """Zeros in the shapes of the inputs."""
        return torch.zeros(batch, FEATURES), torch.zeros(batch, LAYERS, HIDDEN)

    def forward(
        self, features: torch.Tensor, hidden: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        logits, state = self.recurrent(features.unsqueeze(1), hidden.transpose(0, 1).contiguous())
        return logits.squeeze(1), state.transpose(0, 1)


class Auxiliary(nn.Module):
    """Training only: centre and log size from one frame's features."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(FEATURES, 3)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.head(features)


class Memoryless(nn.Module):
    """The comparison: a label from one frame's features, without any state."""

    def __init__(self, classes: int = len(LABELS)) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(FEATURES, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, classes)
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.layers(features)

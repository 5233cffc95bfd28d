"""The networks of a training: an encoder, where there is one, and the recurrent part."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import nn

from gatestream_export.nets.recurrent import Recurrent

ENCODE_TOGETHER = 256

Weights = dict[str, dict[str, torch.Tensor]]
"""State dicts by the name of the part."""


@dataclass
class Networks:
    """What is trained. Without an encoder the streams' inputs are features already.

    The encoder takes uint8 [B,H,W,3] and gives float [B,F]; it stays as it is, batch statistics
    included, unless one of its parameters requires a gradient.
    """

    encoder: nn.Module | None
    recurrent: Recurrent

    def parts(self) -> dict[str, nn.Module]:
        """The modules by name."""
        both = {"encoder": self.encoder, "recurrent": self.recurrent}
        return {name: part for name, part in both.items() if part is not None}

    def tuned(self) -> bool:
        """Whether the encoder is trained too."""
        return self.encoder is not None and any(p.requires_grad for p in self.encoder.parameters())

    def train(self) -> None:
        """Training mode; a frozen encoder stays in evaluation mode."""
        self.recurrent.train()
        if self.encoder is not None:
            self.encoder.train(self.tuned())

    def eval(self) -> None:
        """Evaluation mode."""
        for part in self.parts().values():
            part.eval()

    def features(self, inputs: torch.Tensor, real: torch.Tensor | None = None) -> torch.Tensor:
        """[B,T,...] frames or features to features [B,T,F].

        `real` [B,T] tells which frames are no padding: a tuned encoder sees those only, or its
        batch statistics would count the padding; features of the rest are 0.
        """
        if self.encoder is None:
            return inputs
        flat = inputs.flatten(0, 1)
        if torch.is_grad_enabled() and self.tuned():
            if real is None or bool(real.all()) or not real.any():
                return self.encoder(flat).unflatten(0, inputs.shape[:2])
            found = self.encoder(flat[real.flatten()])
            spread = found.new_zeros((len(flat), found.shape[1]))
            return spread.masked_scatter(real.flatten()[:, None], found).unflatten(0, real.shape)
        with torch.no_grad():
            parts = [self.encoder(part) for part in flat.split(ENCODE_TOGETHER)]
        return torch.cat(parts).unflatten(0, inputs.shape[:2])

    def weights(self) -> Weights:
        """A copy of all weights and statistics."""
        return {k: copy.deepcopy(part.state_dict()) for k, part in self.parts().items()}

    def load(self, weights: Weights) -> None:
        """Takes `weights` back."""
        for name, part in self.parts().items():
            part.load_state_dict(weights[name])

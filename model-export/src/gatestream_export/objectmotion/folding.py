"""The encoder of object motion as it is exported: every BatchNorm inside its convolution."""

from __future__ import annotations

import copy

import torch
from torch import nn

from gatestream_export.errors import CheckFailedError
from gatestream_export.objectmotion.network import Encoder


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

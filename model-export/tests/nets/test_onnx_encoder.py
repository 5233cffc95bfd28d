"""Encoders that are ONNX files: their border is checked, and they run as torch did."""

from collections import Counter

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets import encoders

SEED = 22


def graph(
    file, frames=("batch", 4, 4, 3), frame_type=TensorProto.UINT8, to=TensorProto.FLOAT
) -> str:
    """Frames cast and flattened, with whatever border is asked for."""
    nodes = [
        helper.make_node("Cast", ["frames"], ["levels"], to=to),
        helper.make_node("Flatten", ["levels"], ["features"], axis=1),
    ]
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "flat",
            [helper.make_tensor_value_info("frames", frame_type, frames)],
            [helper.make_tensor_value_info("features", to, ("batch", None))],
        ),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=10,
    )
    onnx.save(model, file)
    return str(file)


def test_any_graph_with_the_right_border_is_an_encoder(tmp_path):
    encoder = encoders.build(graph(tmp_path / "own.onnx"))
    assert (encoder.width, encoder.height, encoder.features) == (4, 4, 48)
    assert encoder.module is None
    frames = np.random.default_rng(SEED).integers(0, 256, (11, 4, 4, 3), dtype=np.uint8)
    assert np.array_equal(encoder.encode(frames), frames.reshape(11, 48).astype(np.float32))
    assert encoder.encode(frames[:0]).shape == (0, 48)
    with pytest.raises(UsageError, match=r"frames are float32 \[11, 4, 4, 3\]"):
        encoder.encode(frames.astype(np.float32))


@pytest.mark.parametrize(
    ("border", "message"),
    [
        ({"frame_type": TensorProto.FLOAT}, "found tensor(float)"),
        ({"frames": ("batch", 3, 4, 4)}, "found tensor(uint8) ['batch', 3, 4, 4], wanted"),
        ({"frames": ("batch", 4, "width", 3)}, "with fixed height and width"),
        ({"frames": (1, 4, 4, 3)}, "frames: found batch 1, wanted a dynamic one"),
        ({"to": TensorProto.DOUBLE}, "output features: found tensor(double)"),
    ],
)
def test_a_wrong_border_is_named(tmp_path, border, message):
    with pytest.raises(CheckFailedError) as wrong:
        encoders.build(graph(tmp_path / "own.onnx", **border))
    assert message in str(wrong.value)


def test_a_file_that_is_no_graph_is_refused(tmp_path):
    file = tmp_path / "own.onnx"
    file.write_bytes(b"nothing")
    with pytest.raises(CheckFailedError, match=r"own.onnx does not load"):
        encoders.build(str(file))


def test_what_a_graph_cannot_do_is_wrong_usage(tmp_path):
    file = graph(tmp_path / "own.onnx")
    with pytest.raises(UsageError, match="cannot be fine-tuned"):
        encoders.build(file, frozen=False)
    with pytest.raises(UsageError, match="brings its own features"):
        encoders.build(file, features="pooled")
    with pytest.raises(UsageError, match="takes 4x4 frames, not 8x8"):
        encoders.build(file, (8, 8))


def test_a_bundle_is_its_encoder(bundle_folder):
    encoder = encoders.build(str(bundle_folder))
    frames = np.random.default_rng(SEED).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    assert encoder.features == 256
    np.testing.assert_allclose(
        encoder.encode(frames), Bundle(bundle_folder).encode(frames), rtol=1e-5, atol=1e-5
    )


def test_normalised_three_convolutions_export_folded(tmp_path):
    torch.manual_seed(SEED)
    encoder = encoders.build(encoders.THREE_NORMALISED, (24, 16))
    frames = np.random.default_rng(SEED).integers(0, 256, (6, 16, 24, 3), dtype=np.uint8)
    encoder.module.train()
    for _ in range(3):
        encoder.module(torch.from_numpy(frames))
    encoder.module.eval()
    served = encoders.as_onnx(encoder, tmp_path / "encoder.onnx")
    counts = Counter(node.op_type for node in onnx.load(served.file).graph.node)
    assert counts["Conv"] == 3
    assert "BatchNormalization" not in counts
    expected = encoder.encode(frames)
    assert np.abs(served.encode(frames) - expected).max() < 1e-4 * np.sqrt(np.mean(expected**2))


def test_a_second_output_is_refused(tmp_path):
    file = tmp_path / "own.onnx"
    model = onnx.load(graph(file))
    model.graph.output.append(helper.make_tensor_value_info("levels", TensorProto.FLOAT, None))
    onnx.save(model, file)
    with pytest.raises(CheckFailedError, match=r"found outputs \['features', 'levels'\]"):
        encoders.build(str(file))

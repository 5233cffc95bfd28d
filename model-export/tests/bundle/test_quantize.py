"""`quantize`: what becomes integer, what is measured, and when nothing is written."""

from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from gatestream_export.bundle import contract, golden, lower_precision, media, quantize, verify
from gatestream_export.bundle.latency import latencies
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Specification, Tolerance
from gatestream_export.bundle.writing import Parts, write_bundle
from gatestream_export.cli import main
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture import still, video
from gatestream_export.picture.resize import ResizeRule

TINY = (
    Path(__file__).parents[3] / "stream-app" / "src" / "test" / "resources" / "bundles" / "tiny-gru"
)
FLOAT = TensorProto.FLOAT
COLOURS = {"red": (230, 30, 30), "green": (30, 230, 30), "blue": (30, 30, 230)}


def encoder(file, gain=1.0):
    """Two convolutions over 16x16 RGB, pooled; the first three features are how red, green, blue.

    `gain` goes into both convolutions and out of the last product again.
    """
    rng = np.random.default_rng(4)
    first = rng.normal(0, 0.05, (8, 3, 3, 3)) * 0.2
    for colour in range(3):
        first[colour, :, 1, 1] = -0.5
        first[colour, colour, 1, 1] = 1.0
    second = rng.normal(0, 0.01, (8, 8, 3, 3))
    for channel in range(8):
        second[channel, channel, 1, 1] = 1.0
    product = np.zeros((8, 6))
    product[:6, :6] = np.eye(6)
    constants = {
        "half": np.float32(0.5),
        "range": np.float32(255),
        "w1": first * gain,
        "w2": second * gain,
        "p": product / gain**2,
    }
    nodes = [
        helper.make_node("Cast", ["frames"], ["floats"], to=FLOAT),
        helper.make_node("Transpose", ["floats"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Div", ["planes", "range"], ["scaled"]),
        helper.make_node("Conv", ["scaled", "w1"], ["c1"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2"], ["c2"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("GlobalAveragePool", ["r2"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "p"], ["features"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("frames", TensorProto.UINT8, ["b", 16, 16, 3])],
        [helper.make_tensor_value_info("features", FLOAT, ["b", 6])],
        [numpy_helper.from_array(np.asarray(v, np.float32), n) for n, v in constants.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), str(file))
    return file


def frames(count=24, seed=3):
    """Colours in turn, three frames each, under noise."""
    rng = np.random.default_rng(seed)
    order = [list(COLOURS.values())[i // 3 % 3] for i in range(count)]
    noise = rng.integers(-25, 26, (count, 16, 16, 3))
    return np.clip(np.array(order)[:, None, None] + noise, 0, 255).astype(np.uint8)


def make(folder, gain=1.0):
    specification = Specification(
        name="colours",
        version="2.1",
        labels=tuple(COLOURS),
        resize=ResizeRule(16, 16),
        frame_interval_millis=100,
        licence="Apache-2.0",
        notice="Made by a test.\n",
        data="random",
        command="pytest",
        metrics={"seed": 1},
        thresholds={},
    )
    parts = Parts(encoder(folder / "encoder.onnx", gain), TINY / "step.onnx", specification)
    runs = [golden.shots(frames(12), 0.1)]
    return write_bundle(parts, folder / "colours", frames(), runs)


@pytest.fixture(scope="module")
def colours(tmp_path_factory):
    return make(tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A clip of the three colours, a second each, and its truth."""
    folder = tmp_path_factory.mktemp("samples")
    pictures = [
        np.full((48, 64, 3), colour, np.uint8) for colour in COLOURS.values() for _ in range(10)
    ]
    video.write_mp4(folder / "one.mp4", pictures, 20)
    lines = [f"one,{i}.0,{i + 1}.0,{label}" for i, label in enumerate(COLOURS)]
    (folder / "truth.csv").write_text("\n".join(["stream,start,end,label", *lines]) + "\n")
    return folder


def request(kind, **changes):
    values = {"frames": frames(), "samples": [], "limit": 0.05, "command": "test"}
    return quantize.Request(kind, **(values | changes))


def test_int8_with_labelled_clips_by_the_command(colours, samples, tmp_path, capsys):
    target = tmp_path / "small"
    arguments = ["quantize", colours.folder, "--int8", "--output", target]
    arguments += ["--calibration", samples, "--samples", samples, "--limit", "0.1"]
    assert main([*map(str, arguments)]) == 0
    out = capsys.readouterr().out
    assert "2 of 2 convolutions run as QLinearConv" in out
    assert "accuracy: " in out
    assert verify.problems(target) == []
    document = contract.load(target).document
    assert (document["name"], document["version"]) == ("colours", "2.1-int8")
    made = document["training"]["metrics"]
    assert made["original"]["seed"] == 1
    assert made["quantisation"]["accuracyBefore"] > 0.8
    assert made["quantisation"]["accuracyAfter"] > 0.8
    assert made["quantisation"]["integerConvolutions"] == 2
    assert made["parity"]["reference"] == "ONNX Runtime without graph optimisations"
    tolerance = Tolerance.of(document)
    assert 1e-5 < tolerance.exact <= 0.1
    assert tolerance.logits < 1
    assert "converted to int8 from colours 2.1" in (target / "NOTICE.md").read_text()
    assert (target / "step.onnx").read_bytes() == (colours.folder / "step.onnx").read_bytes()
    assert b"/tmp" not in (target / "encoder.onnx").read_bytes()


def test_int8_leaves_normalisation_and_projection_in_float32(colours, tmp_path):
    file = tmp_path / "e.onnx"
    lower_precision.int8(colours.folder / "encoder.onnx", file, frames(), "layers")
    model = onnx.load(str(file))
    producers = {o: n for n in model.graph.node for o in n.output}
    weights = {t.name: t for t in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in ("Div", "MatMul"):
            assert not node.output[0].endswith("DequantizeLinear_Output")
            assert all(
                producers[i].op_type != "DequantizeLinear" or i.startswith("flat")
                for i in node.input
                if i in producers
            )
        if node.op_type == "Conv":
            pictures, kernel = (producers[i] for i in node.input[:2])
            assert pictures.op_type == kernel.op_type == "DequantizeLinear"
            assert weights[pictures.input[2]].data_type == TensorProto.UINT8
            assert weights[kernel.input[0]].data_type == TensorProto.INT8
            assert list(weights[kernel.input[1]].dims) == [8]
    assert next(d.dim_param for d in model.graph.input[0].type.tensor_type.shape.dim) == "b"


def test_fp16_is_half_the_size_and_float32_at_the_border(colours, tmp_path):
    result = quantize.quantize(colours.folder, tmp_path / "half", request("fp16"))
    assert (result.before, result.after) == (1.0, 1.0)
    assert not result.labelled
    made = Bundle(tmp_path / "half")
    assert made.contract.encoder_features.type == "float32"
    assert made.encode(frames(1)).dtype == np.float32
    kinds = {
        t.name: t.data_type for t in onnx.load(str(made.folder / "encoder.onnx")).graph.initializer
    }
    assert kinds["w2"] == TensorProto.FLOAT16
    assert kinds["range"] == FLOAT
    assert made.contract.document["version"] == "2.1-fp16"
    assert Tolerance.of(made.contract.document).exact >= 1e-4
    assert verify.problems(made.folder) == []
    with pytest.raises(UsageError, match="quantised before"):
        quantize.quantize(tmp_path / "half", tmp_path / "again", request("int8"))


def test_calibration_on_dark_pictures_loses_too_much_and_writes_nothing(
    colours, samples, tmp_path, capsys
):
    dark = tmp_path / "dark"
    dark.mkdir()
    cv2.imwrite(str(dark / "0.png"), np.full((16, 16, 3), (4, 6, 8), np.uint8))
    arguments = ["quantize", colours.folder, "--int8", "--output", tmp_path / "out"]
    arguments += ["--calibration", dark, "--samples", samples]
    assert main([*map(str, arguments)]) == 1
    message = capsys.readouterr().err
    assert "loses too much: accuracy" in message
    assert "above --limit 0.01; nothing was written" in message
    assert not (tmp_path / "out").exists()


def test_fp16_that_overflows_is_refused(tmp_path):
    bundle = make(tmp_path, gain=200_000.0)
    with pytest.raises(CheckFailedError, match="fp16 overflows: the weight w1 reaches"):
        quantize.quantize(bundle.folder, tmp_path / "out", request("fp16"))
    file = encoder(tmp_path / "e.onnx", gain=400.0)
    with pytest.raises(CheckFailedError, match="fp16 overflows: c2 reaches"):
        lower_precision.float16(file, tmp_path / "half.onnx", frames(3))
    assert not (tmp_path / "out").exists()


def test_an_encoder_without_convolutions_has_nothing_for_int8(tmp_path):
    with pytest.raises(UsageError, match="no convolution"):
        quantize.quantize(TINY, tmp_path / "out", request("int8"))


def test_an_unsound_bundle_is_refused_first(damaged, tmp_path):
    (damaged / "NOTICE.md").unlink()
    with pytest.raises(CheckFailedError, match="is not sound"):
        quantize.quantize(damaged, tmp_path / "out", request("int8"))


def test_latencies_are_taken_in_turns():
    calls = []
    encoders = [lambda f, k=k: calls.append(k) for k in range(2)]
    found = latencies(encoders, frames(3), rounds=4)
    assert len(found) == 2
    assert all(0 < latency.low <= latency.median <= latency.high for latency in found)
    turns = [k for i, k in enumerate(calls) if i == 0 or calls[i - 1] != k]
    assert turns[-8:] == [0, 1] * 4


def test_samples_are_thinned_to_the_bundles_rate(colours, samples, tmp_path):
    (sequence,) = media.labelled(samples, colours)
    assert len(sequence.frames) == 30
    assert sequence.labels.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert sequence.elapsed[0] == 0
    assert sequence.elapsed[1:] == pytest.approx(0.1)
    times = [t for t, _ in media.clip(samples / "one.mp4", 0.25)]
    assert len(times) == 12


def test_a_sample_frame_has_the_label_of_its_own_time(colours, samples, tmp_path):
    (tmp_path / "one.mp4").write_bytes((samples / "one.mp4").read_bytes())
    lines = ["stream,start,end,label", "one,0.0,0.5004,red", "one,0.5004,0.96,green"]
    (tmp_path / "truth.csv").write_text("\n".join([*lines, "one,0.96,2.95,blue"]) + "\n")
    (sequence,) = media.labelled(tmp_path, colours)
    assert sequence.labels.tolist() == [0] * 5 + [1] * 5 + [2] * 20


def test_samples_with_a_label_that_the_bundle_lacks_are_refused(colours, samples, tmp_path):
    (tmp_path / "one.mp4").write_bytes((samples / "one.mp4").read_bytes())
    (tmp_path / "truth.csv").write_text("stream,start,end,label\none,0.0,9.0,purple\n")
    with pytest.raises(CheckFailedError, match=r"one has the labels \['purple'\]"):
        media.labelled(tmp_path, colours)


def test_calibration_frames_are_spread_over_the_folder(tmp_path):
    for i in range(10):
        cv2.imwrite(str(tmp_path / f"{i}.png"), np.full((4, 4, 3), 20 * i, np.uint8))
    found = media.frames(tmp_path, ResizeRule(2, 2), 0.1, most=4)
    assert found[:, 0, 0, 0].tolist() == sorted(found[:, 0, 0, 0].tolist())
    assert (len(found), found[0, 0, 0, 0]) == (4, 0)
    assert found[-1, 0, 0, 0] >= 120
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no picture or clip"):
        media.files(tmp_path / "empty")


@pytest.mark.parametrize(
    "arguments", [["b"], ["b", "--int8", "--fp16"], ["b", "--int8", "--limit", "2"]]
)
def test_wrong_usage_is_exit_2(arguments):
    with pytest.raises(SystemExit) as left:
        main(["quantize", *arguments, "--output", "o"])
    assert left.value.code == 2


def test_pictures_of_a_folder_are_decoded_at_the_scale_of_the_rule(tmp_path):
    noise = np.random.default_rng(2).integers(0, 256, (33, 35, 3), dtype=np.uint8)
    data = video.encode_jpeg(noise, 90)
    (tmp_path / "a.jpg").write_bytes(data)
    rule = ResizeRule(8, 8, reduced_scale_jpeg=True)
    found = media.frames(tmp_path, rule, 0.1, most=1)
    assert np.array_equal(found[0], rule.apply(still.decode(data, rule)))
    assert not np.array_equal(found[0], rule.apply(video.decode_image(data)))
    assert media.golden_runs(tmp_path, 0.1, 0)[0][0].picture.shape == noise.shape

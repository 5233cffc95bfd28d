"""`import`: graphs from elsewhere become a bundle, or the message says expected and found."""

from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from gatestream_export.bundle import contract, foreign, golden, verify
from gatestream_export.cli import main
from gatestream_export.errors import CheckFailedError, UsageError

TINY = Path(__file__).parents[3] / "stream-app" / "src" / "test" / "resources" / "bundles"
FLOAT, UINT8 = TensorProto.FLOAT, TensorProto.UINT8


def graph(file, nodes, inputs, outputs, constants=()):
    values = [
        [helper.make_tensor_value_info(n, kind, shape) for n, kind, shape in side]
        for side in (inputs, outputs)
    ]
    stored = [numpy_helper.from_array(np.asarray(v), n) for n, v in constants]
    made = helper.make_graph(nodes, "g", *values, stored)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(made, opset_imports=opset, ir_version=8), str(file))
    return file


def encoder(folder, shape=("b", 4, 8, 3), kind=UINT8, features="features", batch="b"):
    """The mean of each colour."""
    axes = list(range(1, len(shape) - 1))
    nodes = [
        helper.make_node("Cast", ["frames"], ["f"], to=FLOAT),
        helper.make_node("ReduceMean", ["f"], [features], axes=axes, keepdims=0),
    ]
    return graph(
        folder / "encoder.onnx",
        nodes,
        [("frames", kind, shape)],
        [(features, FLOAT, [batch, 3])],
    )


def step(folder, states=(("h", "h_next", 5),), classes=4, batch="b", features=3, inputs=()):
    """logits = features * W + the sum of the states' first values; every state is halved."""
    weights = np.random.default_rng(1).normal(0, 0.1, (features, classes)).astype(np.float32)
    nodes = [helper.make_node("MatMul", ["x", "w"], ["logits"])]
    constants = [("w", weights), ("half", np.float32(0.5)), ("axis", np.array([1]))]
    for name, output, _ in states:
        nodes.append(helper.make_node("Mul", [name, "half"], [output]))
    return graph(
        folder / "step.onnx",
        nodes,
        [
            ("x", FLOAT, [batch, features]),
            *((n, FLOAT, [batch, size]) for n, _, size in states),
            *inputs,
        ],
        [("logits", FLOAT, [batch, classes]), *((o, FLOAT, [batch, s]) for _, o, s in states)],
        constants,
    )


def labels(folder, text="a\nb\nc\nd\n"):
    (folder / "labels.txt").write_text(text)
    return folder / "labels.txt"


def import_model(folder, encoder_file, step_file, **changes):
    values = {"labels": folder / "labels.txt", "name": "x"} | changes
    if not values["labels"].is_file():
        labels(folder)
    request = foreign.Request(encoder_file, step_file, **values)
    return foreign.import_model(request, folder / "out")


@pytest.mark.parametrize(
    ("states", "given", "found"),
    [
        ((), (), []),
        ((("h", "h_next", 5), ("c", "c_next", 5)), (), [("h", "h_next"), ("c", "c_next")]),
        ((("h", "h_out", 5),), (), [("h", "h_out")]),
        ((("h", "n", 5), ("c", "m", 6)), (), [("h", "n"), ("c", "m")]),
        ((("h", "m", 5), ("c", "n", 5)), (("h", "n"), ("c", "m")), [("h", "n"), ("c", "m")]),
    ],
)
def test_states_are_found_by_name_shape_or_option(tmp_path, states, given, found):
    bundle = import_model(tmp_path, encoder(tmp_path), step(tmp_path, states), states=given)
    assert [(s.input, s.output) for s in bundle.contract.states] == found
    assert (bundle.contract.width, bundle.contract.height) == (8, 4)
    assert bundle.contract.labels == ("a", "b", "c", "d")
    assert verify.problems(bundle.folder) == []


def test_the_command_takes_time_side_features_and_pictures(tmp_path, capsys):
    frames = tmp_path / "frames"
    frames.mkdir()
    for i in range(4):
        picture = np.full((24, 40, 3), 60 * i, np.uint8)
        cv2.imwrite(str(frames / f"{i}.png"), picture)
    (frames / "broken.png").write_bytes(b"nothing")
    labels(tmp_path, "red\r\ngreen\r\nblue\r\n")
    source = TINY / "tiny-elapsed"
    arguments = ["--encoder", source / "encoder.onnx", "--step", source / "step.onnx"]
    arguments += ["--labels", tmp_path / "labels.txt", "--output", tmp_path / "mine"]
    arguments += ["--auxiliary", "side", "--frames", frames, "--interval-millis", "40"]
    assert main(["import", *map(str, arguments)]) == 0
    assert "3 labels, frames 16x16" in capsys.readouterr().out
    c = contract.load(tmp_path / "mine")
    assert (c.elapsed, c.auxiliary) == ("elapsed", {"name": "side", "size": 2})
    assert (c.document["name"], c.document["input"]["frameIntervalMillis"]) == ("mine", 40)
    entries = golden.entries(tmp_path / "mine" / "golden")
    assert [(e["width"], e["height"]) for e in entries] == [(40, 24)] * 4
    assert [e["elapsed"] for e in entries] == pytest.approx([0, 0.04, 0.04, 0.04])


def test_without_frames_it_warns(tmp_path, caplog):
    bundle = import_model(tmp_path, encoder(tmp_path), step(tmp_path))
    assert "no --frames" in caplog.text
    parity = bundle.contract.document["training"]["metrics"]["parity"]
    assert (parity["realFrames"], parity["steps"]) == (0, 1200)


def test_an_open_size_is_given_by_option(tmp_path):
    made = encoder(tmp_path, ("b", "h", "w", 3))
    with pytest.raises(CheckFailedError, match="leaves its size open: give it with --size"):
        import_model(tmp_path, made, step(tmp_path))
    bundle = import_model(tmp_path, made, step(tmp_path), size=(10, 6))
    assert (bundle.contract.width, bundle.contract.height) == (10, 6)


@pytest.mark.parametrize(
    ("make", "changes", "message"),
    [
        (
            lambda f: (encoder(f, ("b", 2, 4, 8, 3)), step(f)),
            {},
            "a clip of several frames: expected .B, H, W, 3.; format 1 takes one frame",
        ),
        (lambda f: (encoder(f, ("b", 3, 4, 8)), step(f)), {}, "expected uint8 .B, H, W, 3., RGB"),
        (lambda f: (encoder(f, kind=FLOAT), step(f)), {}, r"tensor\(float\).*expected uint8"),
        (
            lambda f: (encoder(f, (1, 4, 8, 3), batch=1), step(f)),
            {},
            "batch fixed at 1: expected a dynamic batch",
        ),
        (lambda f: (encoder(f), step(f, batch=1)), {}, "x has the shape .1, 3., its batch fixed"),
        (
            lambda f: (encoder(f), step(f, features=7)),
            {},
            r"inputs .*x float32 .-1, 7.*expected one that takes the encoder's features",
        ),
        (
            lambda f: (encoder(f), step(f, classes=5)),
            {},
            "labels.txt has 4 labels, step.onnx gives 5 logits",
        ),
        (
            lambda f: (encoder(f), step(f, inputs=[("extra", FLOAT, ["b", 9])])),
            {},
            "state extra float32 .-1, 9. has no output: expected extra_next",
        ),
        (
            lambda f: (encoder(f), step(f, (("h", "m", 5), ("c", "n", 5)))),
            {},
            "name it with --state h:OUTPUT",
        ),
        (lambda f: (encoder(f), step(f)), {"states": (("h", "y"),)}, "no state h:y: inputs"),
        (lambda f: (encoder(f), step(f)), {"elapsed": "dt"}, "has no input dt, given as --elapsed"),
        (lambda f: (encoder(f), step(f)), {"background": "z"}, "background 'z' is not a label"),
        (lambda f: (encoder(f), step(f)), {"size": (9, 4)}, "width is 8, --size says 9"),
        (
            lambda f: (encoder(f), step(f, inputs=[("elapsed", FLOAT, ["b", 2])])),
            {},
            r"elapsed float32 .-1, 2.: expected float32 .-1, 1.",
        ),
    ],
)
def test_a_mismatch_says_expected_and_found_and_writes_nothing(tmp_path, make, changes, message):
    with pytest.raises(CheckFailedError, match=message):
        import_model(tmp_path, *make(tmp_path), **changes)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_graph_is_refused(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"nonsense")
    with pytest.raises(CheckFailedError, match="no ONNX graph|no valid ONNX graph"):
        import_model(tmp_path, tmp_path / "x.onnx", step(tmp_path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("a\n\nb\n", "line 2: blank"),
        ("a\nb\na\n", "line 3: 'a' again, first in line 1"),
    ],
)
def test_a_label_file_is_refused_by_its_line(tmp_path, text, message):
    with pytest.raises(CheckFailedError, match=message):
        foreign.read_labels(labels(tmp_path, text))


def test_a_gru_of_the_other_reset_gate_is_refused(tmp_path):
    model = onnx.load(str(TINY / "tiny-gru" / "step.onnx"))
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.name == "linear_before_reset":
                attribute.i = 0
    onnx.save(model, str(tmp_path / "step.onnx"))
    labels(tmp_path, "a\nb\nc\n")
    with pytest.raises(CheckFailedError, match="linear_before_reset=0, wanted 1"):
        import_model(tmp_path, TINY / "tiny-gru" / "encoder.onnx", tmp_path / "step.onnx")


def test_missing_files_and_wrong_options_are_exit_2(tmp_path, capsys):
    with pytest.raises(UsageError, match="missing file"):
        import_model(tmp_path, tmp_path / "none.onnx", step(tmp_path))
    given = ["--encoder", "e", "--step", "s", "--labels", "l", "--output", "o"]
    for wrong in (["--state", "h"], ["--size", "0x3"], ["--interval-millis", "-1"]):
        with pytest.raises(SystemExit) as left:
            main(["import", *given, *wrong])
        assert left.value.code == 2
    assert "is not INPUT:OUTPUT" in capsys.readouterr().err


def test_weights_in_a_file_beside_the_graph_are_refused(tmp_path):
    made = step(tmp_path)
    model = onnx.load(str(made))
    onnx.save(model, str(made), save_as_external_data=True, location="step.data", size_threshold=0)
    with pytest.raises(CheckFailedError, match="in a file beside it"):
        import_model(tmp_path, encoder(tmp_path), made)

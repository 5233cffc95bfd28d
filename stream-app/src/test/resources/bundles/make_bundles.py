"""Writes the tiny model bundles of the tests into the folder of this script.

Made with Python 3.11, onnx 1.23.2, onnxruntime 1.31.1 and numpy 2.4.6:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install onnx onnxruntime numpy
    /tmp/venv/bin/python stream-app/src/test/resources/bundles/make_bundles.py

The graphs are written by hand with opset 17 and IR version 8; the weights come from a fixed seed or
are plain numbers, so a run writes the same files again. The expected values in golden/ come from
onnxruntime on the CPU.
"""

import hashlib
import json
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
SIDE = 16
FEATURES = 6
FRAMES = 12
FLOAT, UINT8 = TensorProto.FLOAT, TensorProto.UINT8


def tensor(name, array, kind=np.float32):
    return numpy_helper.from_array(np.asarray(array, dtype=kind), name)


def model(nodes, inputs, outputs, constants):
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(n, t, ["batch", *s]) for n, t, s in inputs],
        [helper.make_tensor_value_info(n, t, ["batch", *s]) for n, t, s in outputs],
        constants,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made, full_check=True)
    return made.SerializeToString()


def encoder():
    """Six features of the quarters' means: R, G and B against grey, brightness, left-right, top-bottom."""
    mix = np.zeros((3, 4, FEATURES))
    for colour in range(3):
        mix[:, :, colour] -= 0.25
        mix[colour, :, colour] += 0.75
    mix[:, :, 3] = 1 / 6
    mix[:, :, 4] = np.array([1, -1, 1, -1]) / 3
    mix[:, :, 5] = np.array([1, 1, -1, -1]) / 3
    mix = mix.reshape(12, FEATURES)
    nodes = [
        helper.make_node("Cast", ["frames"], ["floats"], to=FLOAT),
        helper.make_node("Transpose", ["floats"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["planes"], ["quarters"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Flatten", ["quarters"], ["flat"], axis=1),
        helper.make_node("Div", ["flat", "range"], ["scaled"]),
        helper.make_node("Sub", ["scaled", "half"], ["centred"]),
        helper.make_node("MatMul", ["centred", "mix"], ["features"]),
    ]
    constants = [tensor("range", 255.0), tensor("half", 0.5), tensor("mix", mix)]
    return model(nodes, [("frames", UINT8, [SIDE, SIDE, 3])], [("features", FLOAT, [FEATURES])], constants)


def uneven_encoder():
    """Each feature is the number of pictures in the batch: no row of a larger batch equals a batch of one."""
    nodes = [
        helper.make_node("Cast", ["frames"], ["floats"], to=FLOAT),
        helper.make_node("ReduceSum", ["floats", "inner"], ["sums"], keepdims=0),
        helper.make_node("Mul", ["sums", "zero"], ["zeros"]),
        helper.make_node("Shape", ["frames"], ["pictures"], end=1),
        helper.make_node("Cast", ["pictures"], ["count"], to=FLOAT),
        helper.make_node("Add", ["zeros", "count"], ["counts"]),
        helper.make_node("Unsqueeze", ["counts", "last"], ["column"]),
        helper.make_node("Mul", ["column", "ones"], ["features"]),
    ]
    constants = [
        tensor("inner", [1, 2, 3], np.int64),
        tensor("zero", 0.0),
        tensor("last", [1], np.int64),
        tensor("ones", np.ones((1, FEATURES))),
    ]
    return model(nodes, [("frames", UINT8, [SIDE, SIDE, 3])], [("features", FLOAT, [FEATURES])], constants)


def gru_step(classes=3, hidden=4):
    """One GRU layer with linear_before_reset=1 and a linear head; the state is [1, 4] a stream.

    Hidden unit i follows feature i, so the top label is the colour that prevailed in the last few frames.
    """
    random = np.random.default_rng(11)
    bias = random.normal(0, 0.05, (1, 6 * hidden)).round(3)
    bias[0, :hidden] += 0.5  # the update gate keeps more than half of the past
    w = random.normal(0, 0.2, (1, 3 * hidden, FEATURES))
    head = random.normal(0, 0.2, (hidden, classes))
    for unit in range(hidden):
        w[0, 2 * hidden + unit, unit] += 1.5
        head[unit, unit % classes] += 4.0 if unit < classes else 0.0
    constants = [
        tensor("w", w.round(3)),
        tensor("r", random.normal(0, 0.2, (1, 3 * hidden, hidden)).round(3)),
        tensor("b", bias),
        tensor("head", head.round(3)),
        tensor("offset", [0.0, 0.0, 0.0]),
        tensor("time", [0], np.int64),
    ]
    nodes = [
        helper.make_node("Unsqueeze", ["features", "time"], ["sequence"]),
        helper.make_node("Transpose", ["hidden"], ["h0"], perm=[1, 0, 2]),
        helper.make_node(
            "GRU", ["sequence", "w", "r", "b", "", "h0"], ["", "h1"], hidden_size=hidden, linear_before_reset=1
        ),
        helper.make_node("Transpose", ["h1"], ["hidden_next"], perm=[1, 0, 2]),
        helper.make_node("Squeeze", ["h1", "time"], ["top"]),
        helper.make_node("Gemm", ["top", "head", "offset"], ["logits"]),
    ]
    return model(
        nodes,
        [("features", FLOAT, [FEATURES]), ("hidden", FLOAT, [1, hidden])],
        [("logits", FLOAT, [classes]), ("hidden_next", FLOAT, [1, hidden])],
        constants,
    )


def lstm_step(classes=3, hidden=4):
    """One LSTM layer: two state tensors of [1, 4]."""
    random = np.random.default_rng(13)
    constants = [
        tensor("w", random.normal(0, 1, (1, 4 * hidden, FEATURES)).round(3)),
        tensor("r", random.normal(0, 0.6, (1, 4 * hidden, hidden)).round(3)),
        tensor("b", random.normal(0, 0.3, (1, 8 * hidden)).round(3)),
        tensor("head", random.normal(0, 2, (hidden, classes)).round(3)),
        tensor("offset", [0.1, 0.0, -0.1]),
        tensor("time", [0], np.int64),
    ]
    nodes = [
        helper.make_node("Unsqueeze", ["features", "time"], ["sequence"]),
        helper.make_node("Transpose", ["hidden"], ["h0"], perm=[1, 0, 2]),
        helper.make_node("Transpose", ["cell"], ["c0"], perm=[1, 0, 2]),
        helper.make_node("LSTM", ["sequence", "w", "r", "b", "", "h0", "c0"], ["", "h1", "c1"], hidden_size=hidden),
        helper.make_node("Transpose", ["h1"], ["hidden_next"], perm=[1, 0, 2]),
        helper.make_node("Transpose", ["c1"], ["cell_next"], perm=[1, 0, 2]),
        helper.make_node("Squeeze", ["h1", "time"], ["top"]),
        helper.make_node("Gemm", ["top", "head", "offset"], ["logits"]),
    ]
    return model(
        nodes,
        [("features", FLOAT, [FEATURES]), ("hidden", FLOAT, [1, hidden]), ("cell", FLOAT, [1, hidden])],
        [("logits", FLOAT, [classes]), ("hidden_next", FLOAT, [1, hidden]), ("cell_next", FLOAT, [1, hidden])],
        constants,
    )


def memoryless_step():
    """Three of the features, doubled: easy to work out by hand."""
    head = np.zeros((FEATURES, 3))
    head[0, 0] = head[1, 1] = head[2, 2] = 2
    nodes = [helper.make_node("MatMul", ["features", "head"], ["logits"])]
    return model(nodes, [("features", FLOAT, [FEATURES])], [("logits", FLOAT, [3])], [tensor("head", head)])


def elapsed_step():
    """total_next = total / (1 + elapsed) + features[0:3] + (auxiliary[0], auxiliary[1], 0); logits = total_next."""
    pick = np.zeros((FEATURES, 3))
    pick[0, 0] = pick[1, 1] = pick[2, 2] = 1
    nodes = [
        helper.make_node("Add", ["elapsed", "one"], ["divisor"]),
        helper.make_node("Div", ["total", "divisor"], ["kept"]),
        helper.make_node("MatMul", ["features", "pick"], ["picked"]),
        helper.make_node("MatMul", ["side", "spread"], ["added"]),
        helper.make_node("Add", ["kept", "picked"], ["sum"]),
        helper.make_node("Add", ["sum", "added"], ["total_next"]),
        helper.make_node("Identity", ["total_next"], ["logits"]),
    ]
    constants = [tensor("one", 1.0), tensor("pick", pick), tensor("spread", [[1, 0, 0], [0, 1, 0]])]
    return model(
        nodes,
        [("features", FLOAT, [FEATURES]), ("total", FLOAT, [3]), ("elapsed", FLOAT, [1]), ("side", FLOAT, [2])],
        [("logits", FLOAT, [3]), ("total_next", FLOAT, [3])],
        constants,
    )


def pictures():
    """A run of pictures: flat colours, then a bright square that moves, over a little noise."""
    random = np.random.default_rng(3)
    made = []
    colours = [(230, 30, 30), (30, 230, 30), (30, 30, 230), (120, 120, 120)]
    for index in range(FRAMES):
        picture = np.zeros((SIDE, SIDE, 3), np.uint8)
        if index < 4:
            picture[:] = colours[index]
        else:
            x = (index - 4) * 2 % SIDE
            picture[4:12, x : x + 4] = (250, 240, 10)
            picture += random.integers(0, 5, picture.shape, dtype=np.uint8)
        made.append(picture)
    return made


def png(picture):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def session(data):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def bit_equal_sizes(run_batch, sizes=(2, 3, 4, 8)):
    """The sizes for which every row of a batch equals that of a batch of one, bit by bit."""
    equal = [1]
    for size in sizes:
        together, alone = run_batch(size)
        if all(np.array_equal(a, b) for a, b in zip(together, alone, strict=True)):
            equal.append(size)
    return equal


def encoder_equality(encode):
    random = np.random.default_rng(5)

    def run(size):
        batch = random.integers(0, 256, (size, SIDE, SIDE, 3), dtype=np.uint8)
        together = encode.run(None, {"frames": batch})
        alone = [np.concatenate([encode.run(None, {"frames": batch[i : i + 1]})[0] for i in range(size)])]
        return together, alone

    return bit_equal_sizes(run)


def step_equality(advance):
    random = np.random.default_rng(6)

    def run(size):
        feed = {}
        for given in advance.get_inputs():
            feed[given.name] = random.normal(0, 1, (size, *given.shape[1:])).astype(np.float32)
        together = advance.run(None, feed)
        rows = [advance.run(None, {n: v[i : i + 1] for n, v in feed.items()}) for i in range(size)]
        return together, [np.concatenate(parts) for parts in zip(*rows, strict=True)]

    return bit_equal_sizes(run)


def golden(folder, contract, encode, advance):
    step = contract["step"]
    states = [
        np.asarray(s["initial"] or np.zeros(s["shape"]), np.float32).reshape(1, *s["shape"]) for s in step["states"]
    ]
    (folder / "golden").mkdir()
    frames = []
    outputs = ["logits", *[s["output"] for s in step["states"]]]
    for index, picture in enumerate(pictures()):
        features = encode.run(["features"], {"frames": picture[None]})[0]
        elapsed = 0.0 if index == 0 else 0.25 * (index % 3)
        side = [round(0.1 * index, 3), -0.5] if step["auxiliary"] else []
        feed = {"features": features, **{s["input"]: v for s, v in zip(step["states"], states, strict=True)}}
        if step["elapsed"]:
            feed[step["elapsed"]] = np.array([[elapsed]], np.float32)
        if step["auxiliary"]:
            feed[step["auxiliary"]["name"]] = np.array([side], np.float32)
        logits, *states = advance.run(outputs, feed)
        (folder / "golden" / f"frame-{index:02}.png").write_bytes(png(picture))
        (folder / "golden" / f"pixels-{index:02}.rgb").write_bytes(picture.tobytes())
        frames.append(
            {
                "file": f"frame-{index:02}.png",
                "encoding": "PNG",
                "width": SIDE,
                "height": SIDE,
                "pixels": f"pixels-{index:02}.rgb",
                "features": features.flatten().tolist(),
                "logits": logits.flatten().tolist(),
                "states": [s.flatten().tolist() for s in states],
                "elapsed": elapsed,
                "auxiliary": side,
            }
        )
    (folder / "golden" / "golden.json").write_text(json.dumps({"frames": frames}, indent=1) + "\n")
    return [int(np.argmax(f["logits"])) for f in frames]


def write(name, step, states, **changes):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    encode = encoder()
    (folder / "encoder.onnx").write_bytes(encode)
    (folder / "step.onnx").write_bytes(step)
    (folder / "NOTICE.md").write_text("Made by make_bundles.py for the tests of Gatestream. No training data.\n")
    encode_session, step_session = session(encode), session(step)
    features = {"name": "features", "type": "float32", "shape": [-1, FEATURES]}
    contract = {
        "format": 1,
        "minimumReaderFormat": 1,
        "name": name,
        "version": "1.0.0",
        "labels": changes.pop("labels", ["red", "green", "blue"]),
        "background": changes.pop("background", None),
        "activation": changes.pop("activation", "softmax"),
        "temperature": changes.pop("temperature", 1.0),
        "thresholds": changes.pop("thresholds", {}),
        "input": {
            "width": SIDE,
            "height": SIDE,
            "colour": "RGB",
            "frameIntervalMillis": changes.pop("interval", 100),
            "resize": {
                "mode": "stretch",
                "interpolation": "area",
                "letterboxColour": [0, 0, 0],
                "regionOfInterest": None,
                "reducedScaleJpeg": False,
            },
        },
        "encoder": {
            "file": "encoder.onnx",
            "sha256": hashlib.sha256(encode).hexdigest(),
            "frames": {"name": "frames", "type": "uint8", "shape": [-1, SIDE, SIDE, 3]},
            "features": features,
            "bitEqualBatchSizes": encoder_equality(encode_session),
        },
        "step": {
            "file": "step.onnx",
            "sha256": hashlib.sha256(step).hexdigest(),
            "features": features,
            "logits": {"name": "logits", "type": "float32", "shape": [-1, 3]},
            "states": states,
            "elapsed": changes.pop("elapsed", None),
            "auxiliary": changes.pop("auxiliary", None),
            "bitEqualBatchSizes": step_equality(step_session),
        },
        "tolerance": {"pixels": 1, "features": 0.01, "logits": 0.001},
        "licence": "Apache-2.0",
        "attribution": ["NOTICE.md"],
        "training": {"data": "none: seeded weights", "command": "make_bundles.py", "metrics": {}},
    }
    if changes:
        raise ValueError(f"unknown changes {changes}")
    (folder / "model.json").write_text(json.dumps(contract, indent=2) + "\n")
    tops = golden(folder, contract, encode_session, step_session)
    print(name, contract["encoder"]["bitEqualBatchSizes"], contract["step"]["bitEqualBatchSizes"], tops)


def state(name, shape, initial=None):
    return {"input": name, "output": name + "_next", "shape": shape, "initial": initial}


def main():
    (HERE / "uneven-encoder.onnx").write_bytes(uneven_encoder())
    write("tiny-gru", gru_step(), [state("hidden", [1, 4])])
    write(
        "tiny-lstm",
        lstm_step(),
        [state("hidden", [1, 4], [0.5, -0.5, 0.25, 0.0]), state("cell", [1, 4])],
        labels=["none", "walk", "wave"],
        background="none",
        activation="sigmoid",
        temperature=2.0,
        thresholds={"walk": 0.6},
    )
    write("tiny-memoryless", memoryless_step(), [], interval=0)
    write(
        "tiny-elapsed",
        elapsed_step(),
        [state("total", [3], [1.0, 2.0, 3.0])],
        elapsed="elapsed",
        auxiliary={"name": "side", "size": 2},
    )


if __name__ == "__main__":
    main()

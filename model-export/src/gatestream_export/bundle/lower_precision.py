"""An encoder's graph in int8 or float16; the input's cast and normalisation stay float32."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

from gatestream_export.bundle import graphs
from gatestream_export.errors import CheckFailedError, UsageError

LARGEST_FLOAT16 = 65504.0
CONVOLUTIONS = ("Conv",)
LAYERS = (
    *CONVOLUTIONS,
    "Add",
    "AveragePool",
    "Clip",
    "GlobalAveragePool",
    "MaxPool",
    "Relu",
)
FORMS = {"convolutions": CONVOLUTIONS, "layers": LAYERS}
"""What becomes int8. `layers` lets activations and residual sums of a deep net fuse; in a small one
with pooling between its convolutions `convolutions` alone may be faster. The projection to the
features stays float32 in both: in int8 it costs accuracy and saves no time worth it."""


def require_float32(file: Path) -> None:
    """Refuses an encoder that was quantised before."""
    model = onnx.load(str(file))
    kinds = {n.op_type for n in model.graph.node}
    half = any(t.data_type == onnx.TensorProto.FLOAT16 for t in model.graph.initializer)
    if half or kinds & {"QuantizeLinear", "QLinearConv", "ConvInteger", "MatMulInteger"}:
        raise UsageError(f"{file} was quantised before: start from the float32 bundle")


def _before_first_layer(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes that prepare the picture: all that the first convolution or product needs.

    Every node gets a name first.
    """
    producers: dict[str, onnx.NodeProto] = {}
    for index, node in enumerate(model.graph.node):
        node.name = node.name or f"{node.op_type}_{index}"
        producers |= dict.fromkeys(node.output, node)
    first = next((n for n in model.graph.node if n.op_type in ("Conv", "Gemm", "MatMul")), None)
    names: list[str] = []
    waiting = [] if first is None else [first.input[0]]
    while waiting:
        node = producers.get(waiting.pop())
        if node is not None and node.name not in names:
            names.append(node.name)
            waiting += node.input
    return names


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """The quantiser prints its own progress, and logs what is no news to a user."""
    level = logging.root.level
    logging.root.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.root.setLevel(level)


def int8(source: Path, target: Path, frames: np.ndarray, form: str) -> None:
    """Static QDQ: uint8 activations, int8 weights per channel, ranges from `frames` [T,H,W,3].

    Raises:
        UsageError: the graph has no convolution.
    """
    from onnxruntime.quantization import (
        CalibrationDataReader,
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process

    name = onnx.load(str(source)).graph.input[0].name

    class Frames(CalibrationDataReader):
        def __init__(self) -> None:
            self.feeds = iter([{name: frame[None]} for frame in frames])

        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(self.feeds, None)

    with tempfile.TemporaryDirectory() as scratch, _quietly():
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        model = onnx.load(str(prepared))
        if not any(n.op_type in CONVOLUTIONS for n in model.graph.node):
            raise UsageError(f"{source.name} holds no convolution: int8 has nothing to speed up")
        kept = _before_first_layer(model)
        onnx.save(model, str(prepared))
        quantize_static(
            str(prepared),
            str(target),
            Frames(),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            calibrate_method=CalibrationMethod.MinMax,
            op_types_to_quantize=list(FORMS[form]),
            nodes_to_exclude=kept,
        )
    _finish(onnx.load(str(target)), target)


def float16(source: Path, target: Path, frames: np.ndarray) -> None:
    """float16 weights and layers, float32 at the border and in the normalisation.

    Raises:
        CheckFailedError: a weight, or a value that `frames` give, is beyond the largest float16.
    """
    from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    model = onnx.load(str(source))
    kept = _before_first_layer(model)
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size and np.abs(values).max() > LARGEST_FLOAT16:
            raise CheckFailedError(
                f"fp16 overflows: the weight {tensor.name} reaches {np.abs(values).max():.3g},"
                f" the largest float16 is {LARGEST_FLOAT16:g}"
            )
    _require_range(model, kept, frames)
    with _quietly():
        half = convert_float_to_float16(
            model,
            keep_io_types=True,
            op_block_list=list(DEFAULT_OP_BLOCK_LIST),
            node_block_list=kept,
        )
        # Its casts around the nodes that stay are at the end of the list.
        sorted_ = OnnxModel(half)
        sorted_.topological_sort()
        half = sorted_.model
    _finish(half, target)


def _require_range(model: onnx.ModelProto, kept: list[str], frames: np.ndarray) -> None:
    """Runs every frame and looks at every float32 value between the layers."""
    inferred = onnx.shape_inference.infer_shapes(model)
    kinds = {v.name: v.type.tensor_type.elem_type for v in inferred.graph.value_info}
    border = {o.name for o in model.graph.output}
    watched = [
        name
        for node in model.graph.node
        if node.name not in kept
        for name in node.output
        if kinds.get(name) == onnx.TensorProto.FLOAT and name not in border
    ]
    watching = onnx.ModelProto()
    watching.CopyFrom(model)
    watching.graph.output.extend(
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in watched
    )
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(
        watching.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    names = [o.name for o in session.get_outputs()]
    for frame in frames:
        for name, values in zip(
            names, session.run(None, {model.graph.input[0].name: frame[None]}), strict=True
        ):
            largest = float(np.abs(values).max()) if values.size else 0.0
            if not largest <= LARGEST_FLOAT16:
                raise CheckFailedError(
                    f"fp16 overflows: {name} reaches {largest:.3g}, the largest float16 is"
                    f" {LARGEST_FLOAT16:g}"
                )


def _finish(model: onnx.ModelProto, target: Path) -> None:
    graphs.scrub(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def optimised_nodes(file: Path) -> Counter[str]:
    """Node types of the graph that ONNX Runtime runs on this CPU."""
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / "optimised.onnx"
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.optimized_model_filepath = str(written)
        ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        return Counter(n.op_type for n in onnx.load(str(written)).graph.node)

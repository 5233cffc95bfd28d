"""Torch modules to ONNX graphs, and what must hold of every recurrent node in one."""

from __future__ import annotations

import inspect
import logging
import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx

from gatestream_export.errors import CheckFailedError

if TYPE_CHECKING:
    from torch import nn

OPSET = 18
LARGEST_BATCH = 4096
RECURRENT = {"GRU": 5, "LSTM": 5, "RNN": 5}
"""Node types, and which of their inputs is the initial hidden state."""


def _dynamic_shapes(module: nn.Module, example: tuple, batch: Any) -> tuple:
    dynamic = [{0: batch} for _ in example]
    parameters = list(inspect.signature(module.forward).parameters.values())
    if not parameters or parameters[-1].kind is not inspect.Parameter.VAR_POSITIONAL:
        return tuple(dynamic)
    # torch.export takes the shapes of a variadic argument as one tuple, and none for an empty one.
    named = len(parameters) - 1
    rest = (tuple(dynamic[named:]),) if len(dynamic) > named else ()
    return (*dynamic[:named], *rest)


def export_module(
    module: nn.Module,
    example: tuple,
    file: Path,
    input_names: Sequence[str],
    output_names: Sequence[str],
) -> None:
    """Writes a torch module (put in eval mode) as one ONNX file with a dynamic batch.

    `example` holds one tensor an input, each with the batch first; the batch must be 2 or more (3
    is usual), since 1 would freeze it.

    Raises:
        CheckFailedError: the written graph has no dynamic batch, or does not pass ONNX's checker.
    """
    import torch
    from onnxscript import optimizer

    # It would list the operators of torchvision, which is not needed.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    module.eval()
    batch = torch.export.Dim("batch", min=1, max=LARGEST_BATCH)
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module,
            example,
            input_names=list(input_names),
            output_names=list(output_names),
            opset_version=OPSET,
            dynamic_shapes=_dynamic_shapes(module, example, batch),
            external_data=False,
            dynamo=True,
            optimize=True,
            verbose=False,
        )
    if program is None:
        raise CheckFailedError(f"{file.name}: torch exported no graph")
    program.save(str(file), external_data=False)
    # The exporter leaves the reordering of a GRU's weights to be computed at load: do it now.
    size = 1 << 24
    model = optimizer.optimize(onnx.load(str(file)), input_size_limit=size, output_size_limit=size)
    scrub(model)
    onnx.checker.check_model(model)
    for value in [*model.graph.input, *model.graph.output]:
        dimensions = value.type.tensor_type.shape.dim
        if not dimensions or not dimensions[0].dim_param:
            raise CheckFailedError(f"{file.name}: {value.name} has no dynamic batch dimension")
    onnx.save(model, str(file))


def scrub(model: onnx.ModelProto) -> None:
    """Keeps only what inference needs: source traces hold paths of the exporting machine."""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        value.doc_string = ""
        del value.metadata_props[:]
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    model.doc_string = model.graph.doc_string = ""


def recurrent_nodes(file: Path, carried: bool) -> dict[str, int]:
    """Counts the GRU, LSTM and RNN nodes of a graph.

    `carried` says that the graph is a step, whose nodes must take their initial state as an input.

    Raises:
        CheckFailedError: an attribute that CUDA would refuse or compute on the CPU, sequence_lens,
            or a step's node that starts from zero at every frame.
    """
    counts = dict.fromkeys(RECURRENT, 0)
    for node in onnx.load(str(file), load_external_data=False).graph.node:
        if node.op_type not in RECURRENT:
            continue
        kind = node.op_type
        counts[kind] += 1
        attributes = {a.name: a.i for a in node.attribute}
        reset = attributes.get("linear_before_reset", 0)
        if kind == "GRU" and reset != 1:
            raise CheckFailedError(f"{file.name}: GRU with linear_before_reset={reset}, wanted 1")
        layout = attributes.get("layout", 0)
        if layout != 0:
            raise CheckFailedError(f"{file.name}: {kind} with layout={layout}, wanted 0")
        if len(node.input) > 4 and node.input[4]:
            raise CheckFailedError(f"{file.name}: {kind} takes sequence_lens")
        initial = RECURRENT[kind]
        if carried and (len(node.input) <= initial or not node.input[initial]):
            raise CheckFailedError(f"{file.name}: {kind} has no initial state input")
        if carried and kind == "LSTM" and (len(node.input) < 7 or not node.input[6]):
            raise CheckFailedError(f"{file.name}: LSTM has no initial cell state input")
    return counts


def check_layers(module: nn.Module, file: Path, carried: bool) -> None:
    """Checks the nodes of a graph, and that each GRU or LSTM layer of `module` is one of them.

    A plain RNN is left out: the exporter writes it as products and a tanh.
    """
    from torch import nn

    found = recurrent_nodes(file, carried)
    for name, kind in (("GRU", nn.GRU), ("LSTM", nn.LSTM)):
        layers = sum(m.num_layers for m in module.modules() if isinstance(m, kind))
        if found[name] != layers:
            raise CheckFailedError(
                f"{file.name} holds {found[name]} {name} nodes, wanted {layers}: one a layer"
            )


def require_one_file(file: Path) -> None:
    """Refuses a graph whose weights lie in a file beside it, or that is no ONNX graph."""
    try:
        model = onnx.load(str(file), load_external_data=False)
    except Exception as broken:  # Protobuf's and ONNX's errors share no base class.
        raise CheckFailedError(f"{file} is no ONNX graph: {broken}") from broken
    outside = [t.name for t in model.graph.initializer if t.data_location == t.EXTERNAL]
    if outside:
        raise CheckFailedError(
            f"{file}: {len(outside)} weights lie in a file beside it: export it with"
            " external_data=False"
        )
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as broken:
        raise CheckFailedError(f"{file} is no valid ONNX graph: {broken}") from broken


def count_parameters(file: Path) -> int:
    """Floats in the graph's constants of one dimension or more."""
    graph = onnx.load(str(file)).graph
    constants = list(graph.initializer)
    for node in graph.node:
        constants += [a.t for a in node.attribute if node.op_type == "Constant" and a.HasField("t")]
    floats = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE)
    return sum(math.prod(c.dims) for c in constants if c.data_type in floats and c.dims)

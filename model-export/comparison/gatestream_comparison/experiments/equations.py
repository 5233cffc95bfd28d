"""System 4: the GRU cell from its equations against torch and ONNX Runtime, state carried."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from gatestream_comparison.settings import UNITS, Context
from gatestream_export.bundle.runtime import open_session
from gatestream_export.nets import equations
from gatestream_export.nets.equations import GateWeights, GruWeights

INPUTS = 64
BATCH = 3
FRAMES = 1000


def run(context: Context) -> dict[str, Any]:
    """The largest difference of a state over 1,000 frames, each side carrying its own."""
    torch.manual_seed(1)
    cell = torch.nn.GRUCell(INPUTS, UNITS).double()
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(FRAMES, BATCH, INPUTS))
    start = rng.normal(size=(BATCH, UNITS))
    weights = equations.from_torch(cell)
    single = _single(weights)
    found = {"torch, float64, after the product": _torch(cell, weights, inputs, start)}
    for form in (equations.AFTER, equations.BEFORE):
        flag = equations.LINEAR_BEFORE_RESET[form]
        found[f"ONNX Runtime, float32, {form} the product (linear_before_reset {flag})"] = _onnx(
            single, inputs.astype(np.float32), start.astype(np.float32), form
        )
    return {"frames": FRAMES, "units": UNITS, "differences": found}


def _single(weights: GruWeights) -> GruWeights:
    gates = (getattr(weights, f.name) for f in fields(weights))
    return GruWeights(
        *(GateWeights(*(getattr(g, f.name).astype(np.float32) for f in fields(g))) for g in gates)
    )


def _torch(
    cell: torch.nn.GRUCell, weights: GruWeights, inputs: np.ndarray, start: np.ndarray
) -> float:
    ours, theirs, worst = start, torch.from_numpy(start), 0.0
    with torch.inference_mode():
        for x in inputs:
            ours = equations.step(weights, x, ours)
            theirs = cell(torch.from_numpy(x), theirs)
            worst = max(worst, float(np.abs(ours - theirs.numpy()).max()))
    return worst


def _onnx(weights: GruWeights, inputs: np.ndarray, start: np.ndarray, form: str) -> float:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "gru.onnx"
        onnx.save(node(weights, form), str(file))
        session = open_session(file)
        ours, theirs, worst = start, start[None], 0.0
        for x in inputs:
            ours = equations.step(weights, x, ours, form)
            theirs = session.run(["Y_h"], {"X": x[None], "initial_h": theirs})[0]
            worst = max(worst, float(np.abs(ours - theirs[0]).max()))
    return worst


def node(weights: GruWeights, form: str) -> onnx.ModelProto:
    """A graph of one GRU node: X [1,B,I] and initial_h [1,B,H] to Y_h [1,B,H]."""
    hidden, inputs = weights.update.input.shape
    names = ("W", "R", "B")
    arrays = zip(equations.to_onnx(weights), names, strict=True)
    gru = helper.make_node(
        "GRU",
        ["X", *names, "", "initial_h"],
        ["", "Y_h"],
        hidden_size=hidden,
        linear_before_reset=equations.LINEAR_BEFORE_RESET[form],
    )

    def value(name: str, size: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "batch", size])

    graph = helper.make_graph(
        [gru],
        "gru",
        [value("X", inputs), value("initial_h", hidden)],
        [value("Y_h", hidden)],
        [numpy_helper.from_array(np.ascontiguousarray(array), name) for array, name in arrays],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)

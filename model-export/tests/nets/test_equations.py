"""torch and ONNX Runtime against the cell's equations."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from gatestream_export.bundle import runtime
from gatestream_export.nets import equations
from gatestream_export.nets.equations import AFTER, BEFORE, GateWeights, GruWeights

TORCH_LIMIT = 1e-6
ONNX_LIMIT = 1e-5
# Seed, batch, inputs and hidden units of each.
SIZES = [(1, 1, 1, 1), (2, 3, 5, 7), (3, 2, 33, 16), (4, 64, 8, 24), (5, 1, 16, 128)]


def draw(seed: int, batch: int, inputs: int, hidden: int, frames: int = 60) -> tuple:
    """Weights wide enough that gates open and close, a non-zero start and a sequence."""
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)

    def part() -> GateWeights:
        return GateWeights(
            rng.normal(0, 1.5 / np.sqrt(inputs), (hidden, inputs)),
            rng.normal(0, 1.5 / np.sqrt(hidden), (hidden, hidden)),
            rng.normal(0, 0.5, hidden),
            rng.normal(0, 0.5, hidden),
        )

    weights = GruWeights(part(), part(), part())
    return weights, rng.normal(size=(frames, batch, inputs)), rng.normal(0, 0.5, (batch, hidden))


def as_type(weights: GruWeights, dtype: type) -> GruWeights:
    parts = (weights.update, weights.reset, weights.candidate)
    return GruWeights(*(GateWeights(*(v.astype(dtype) for v in vars(p).values())) for p in parts))


def one_node(weights: GruWeights, form: str, file: Path) -> ort.InferenceSession:
    """A graph of one GRU node: X [T,B,I], initial_h [1,B,H] -> Y [T,1,B,H]."""
    names = ["W", "R", "B"]
    constants = [
        numpy_helper.from_array(value, name)
        for name, value in zip(names, equations.to_onnx(weights), strict=True)
    ]
    hidden, inputs = weights.update.input.shape
    node = helper.make_node(
        "GRU",
        ["X", *names, "", "initial_h"],
        ["Y"],
        hidden_size=hidden,
        linear_before_reset=equations.LINEAR_BEFORE_RESET[form],
    )
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [node],
        "gru",
        [
            value("X", TensorProto.FLOAT, ["T", "B", inputs]),
            value("initial_h", TensorProto.FLOAT, [1, "B", hidden]),
        ],
        [value("Y", TensorProto.FLOAT, ["T", 1, "B", hidden])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(file))
    return runtime.open_session(file)


def difference_from_onnx(size: tuple, form: str, file: Path) -> float:
    """Frame by frame, each side carrying its own state."""
    weights, xs, start = (
        as_type(v, np.float32) if isinstance(v, GruWeights) else v.astype(np.float32)
        for v in draw(*size)
    )
    session = one_node(weights, form, file)
    theirs, ours, worst = start[None], start, 0.0
    for x in xs:
        theirs = session.run(["Y"], {"X": x[None], "initial_h": theirs})[0][0]
        ours = equations.step(weights, x, ours, form)
        assert ours.dtype == np.float32
        worst = max(worst, float(np.abs(ours - theirs[0]).max()))
    return worst


def cell_of(weights: GruWeights) -> torch.nn.GRUCell:
    hidden, inputs = weights.update.input.shape
    cell = torch.nn.GRUCell(inputs, hidden, dtype=torch.float64)
    order = (weights.reset, weights.update, weights.candidate)
    names = ("input", "recurrent", "input_bias", "recurrent_bias")
    with torch.no_grad():
        for name, parameter in zip(names, cell.parameters(), strict=True):
            stacked = np.concatenate([getattr(part, name) for part in order])
            parameter.copy_(torch.from_numpy(stacked))
    return cell


def difference_from_cell(size: tuple) -> float:
    weights, xs, start = draw(*size, frames=300)
    cell = cell_of(weights)
    theirs, ours, worst = torch.from_numpy(start), start, 0.0
    with torch.inference_mode():
        for x in xs:
            theirs = cell(torch.from_numpy(x), theirs)
            ours = equations.step(equations.from_torch(cell), x, ours)
            worst = max(worst, float(np.abs(ours - theirs.numpy()).max()))
    assert ours.dtype == np.float64
    return worst


@pytest.mark.parametrize("size", SIZES)
def test_float64_equals_the_torch_cell_over_carried_state(size: tuple) -> None:
    assert difference_from_cell(size) < TORCH_LIMIT


@pytest.mark.parametrize("bias", [True, False])
def test_float64_equals_every_layer_of_the_torch_layers(bias: bool) -> None:
    torch.manual_seed(6)
    gru = torch.nn.GRU(9, 13, num_layers=3, bias=bias, dtype=torch.float64)
    xs = np.random.default_rng(6).normal(size=(400, 4, 9))
    start = np.random.default_rng(7).normal(0, 0.5, (3, 4, 13))
    with torch.inference_mode():
        outputs, last = gru(torch.from_numpy(xs), torch.from_numpy(start))
    values = xs
    for layer in range(3):
        values = equations.run(equations.from_torch(gru, layer), values, start[layer])
        assert np.abs(values[-1] - last[layer].numpy()).max() < TORCH_LIMIT
    assert np.abs(values - outputs.numpy()).max() < TORCH_LIMIT


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", [BEFORE, AFTER])
def test_onnx_runtime_equals_the_equations_in_both_forms(
    size: tuple, form: str, tmp_path: Path
) -> None:
    assert difference_from_onnx(size, form, tmp_path / "gru.onnx") < ONNX_LIMIT


def test_the_forms_differ(tmp_path: Path) -> None:
    weights, xs, start = draw(*SIZES[1])
    before = equations.run(weights, xs, start, BEFORE)
    after = equations.run(weights, xs, start, AFTER)
    assert np.abs(before - after).max() > 0.1


def test_the_forms_agree_where_the_reset_gate_is_open() -> None:
    weights, xs, start = draw(*SIZES[1])
    reset = weights.reset
    always = GateWeights(
        reset.input * 0, reset.recurrent * 0, reset.input_bias * 0 + 99, reset.recurrent_bias * 0
    )
    weights = GruWeights(weights.update, always, weights.candidate)
    before = equations.run(weights, xs, start, BEFORE)
    assert np.allclose(before, equations.run(weights, xs, start, AFTER), atol=1e-12)


def test_a_form_taken_for_the_other_is_detected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equations, "LINEAR_BEFORE_RESET", {BEFORE: 1, AFTER: 0})
    assert difference_from_onnx(SIZES[1], BEFORE, tmp_path / "gru.onnx") > 0.1
    assert difference_from_onnx(SIZES[1], AFTER, tmp_path / "gru.onnx") > 0.1


def test_a_swapped_update_gate_is_detected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equations, "new_state", lambda z, h, n: (1 - z) * h + z * n)
    assert difference_from_cell(SIZES[1]) > 0.1
    assert difference_from_onnx(SIZES[1], AFTER, tmp_path / "gru.onnx") > 0.1


def test_negated_update_weights_convert_between_the_conventions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weights, xs, start = draw(*SIZES[1])
    here = equations.run(weights, xs, start)
    monkeypatch.setattr(equations, "new_state", lambda z, h, n: (1 - z) * h + z * n)
    there = equations.run(weights.update_negated(), xs, start)
    assert np.abs(here - there).max() < 1e-12


def test_a_large_input_does_not_overflow() -> None:
    with np.errstate(all="raise"):
        values = equations.sigmoid(np.array([-1e4, 0, 1e4], np.float32))
    assert values.tolist() == [0, 0.5, 1]


def test_wrong_shapes_and_forms_are_refused() -> None:
    weights, xs, start = draw(*SIZES[1])
    with pytest.raises(ValueError, match="unknown form 'v1'"):
        equations.step(weights, xs[0], start, "v1")
    part = weights.update
    with pytest.raises(ValueError, match="recurrent has shape"):
        GateWeights(part.input, part.input, part.input_bias, part.recurrent_bias)
    narrow = GateWeights(part.input[:, :2], part.recurrent, part.input_bias, part.recurrent_bias)
    with pytest.raises(ValueError, match="differ in shape"):
        GruWeights(part, part, narrow)

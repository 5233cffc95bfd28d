"""Any torch or ONNX parts become a verified bundle, or nothing at all."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import helper
from torch import nn

from gatestream_export.bundle import contract, golden, parity, verify
from gatestream_export.bundle.golden import Shot
from gatestream_export.bundle.reference import Reference, unoptimised
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Specification, Tolerance
from gatestream_export.bundle.writing import Parts, write_bundle
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape, Step
from gatestream_export.picture import still
from gatestream_export.picture.resize import ResizeRule


class TinyEncoder(nn.Module):
    """uint8 [B,H,W,3] to float32 [B,6]."""

    def __init__(self, height=16, width=16):
        super().__init__()
        self.project = nn.Linear(height * width * 3, 6)

    def forward(self, frames):
        return self.project(frames.to(torch.float32).flatten(1) / 255.0 - 0.5)


def specification(width=16, height=16, **changes):
    values = {
        "name": "tiny",
        "version": "1.0.0",
        "labels": ("a", "b", "c"),
        "resize": ResizeRule(width, height),
        "frame_interval_millis": 100,
        "licence": "Apache-2.0",
        "notice": "Made by a test.\n",
        "data": "random",
        "command": "pytest",
        "metrics": {"seed": 1},
    }
    return Specification(**(values | changes))


def step(cell="gru", **changes):
    return Step(Recurrent(RecurrentShape(cell, 6, 3, hidden=5, layers=2, **changes)))


def frames(count=20, width=16, height=16):
    return np.random.default_rng(3).integers(0, 256, (count, height, width, 3), dtype=np.uint8)


TINY = (
    Path(__file__).parents[3] / "stream-app" / "src" / "test" / "resources" / "bundles" / "tiny-gru"
)


def copied(**changes):
    """Parts whose graphs are there already, which is quicker than exporting them."""
    return Parts(TINY / "encoder.onnx", TINY / "step.onnx", specification(**changes))


@pytest.mark.parametrize(
    ("cell", "extras", "inputs"),
    [
        (
            "lstm",
            {"elapsed": True, "auxiliary": 2},
            ("features", "hidden", "cell", "elapsed", "auxiliary"),
        ),
        ("none", {}, ("features",)),
    ],
)
def test_every_cell_becomes_a_bundle_that_verify_takes(tmp_path, cell, extras, inputs):
    torch.manual_seed(1)
    runs = [golden.shots(frames(5), 0.25, extras.get("auxiliary", 0))]
    made = step(cell, **extras)
    assert made.input_names() == inputs
    parts = Parts(TinyEncoder(), made, specification())
    bundle = write_bundle(parts, tmp_path / "bundle", frames(), runs)
    assert verify.problems(bundle.folder) == []
    c = bundle.contract
    assert tuple(s.input for s in c.states) == made.recurrent.shape.states()
    assert (c.elapsed, c.auxiliary) == (
        "elapsed" if "elapsed" in extras else None,
        {"name": "auxiliary", "size": 2} if "auxiliary" in extras else None,
    )
    measured = c.document["training"]["metrics"]["parity"]
    assert measured["reference"] == "torch"
    assert (measured["steps"], measured["batches"]) == (1200, [1, 2, 3, 64])
    assert measured["realFrames"] == 20
    assert c.document["tolerance"]["exact"] == 1e-5
    entries = golden.entries(bundle.folder / "golden")
    assert [e["elapsed"] for e in entries] == [0.0, 0.25, 0.25, 0.25, 0.25]
    assert {len(e["auxiliary"]) for e in entries} == {extras.get("auxiliary", 0)}
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


def test_golden_rows_of_eight_pixels_keep_their_own_size(tmp_path):
    torch.manual_seed(1)
    rows = [Shot(row, "PNG") for row in frames(8, width=8, height=1)]
    parts = Parts(TinyEncoder(1, 8), TINY / "step.onnx", specification(width=8, height=1))
    bundle = write_bundle(parts, tmp_path / "rows", frames(8, 8, 1), [rows])
    for entry, shot in zip(golden.entries(bundle.folder / "golden"), rows, strict=True):
        assert (entry["width"], entry["height"], entry["encoding"]) == (8, 1, "PNG")
        pixels = (bundle.folder / "golden" / entry["pixels"]).read_bytes()
        assert pixels == shot.picture.tobytes()


def test_golden_frames_of_another_size_are_resized_by_the_rule(tmp_path):
    rule = ResizeRule(16, 16, interpolation="linear")
    big = [Shot(p, "PNG") for p in frames(3, width=50, height=31)]
    parts = copied(resize=rule)
    bundle = write_bundle(parts, tmp_path / "b", frames(), [big])
    assert np.array_equal(golden.pixels(bundle), np.stack([rule.apply(s.picture) for s in big]))


def test_golden_jpegs_are_decoded_at_the_scale_of_the_rule(tmp_path):
    rule = ResizeRule(16, 16, reduced_scale_jpeg=True)
    big = golden.shots(frames(5, width=70, height=67), 0.1)
    bundle = write_bundle(copied(resize=rule), tmp_path / "b", frames(), [big])
    folder = bundle.folder / "golden"
    for entry, pixels in zip(golden.entries(folder), golden.pixels(bundle), strict=True):
        data = (folder / entry["file"]).read_bytes()
        small = still.decode(data, rule)
        assert small.shape == ((67, 70, 3) if entry["encoding"] == "PNG" else (17, 18, 3))
        assert np.array_equal(pixels, rule.apply(small))
    assert verify.problems(bundle.folder) == []
    model = bundle.folder / "model.json"
    document = json.loads(model.read_text())
    assert document["input"]["resize"]["reducedScaleJpeg"] is True
    document["input"]["resize"]["reducedScaleJpeg"] = False
    model.write_text(json.dumps(document))
    assert "pixels differ by" in " ".join(verify.problems(bundle.folder))


def test_the_run_with_the_clearest_labels_is_kept(damaged):
    bundle = Bundle(damaged)
    for file in (damaged / "golden").iterdir():
        file.unlink()
    (damaged / "golden").rmdir()
    grey = [Shot(np.full((64, 64, 3), 128, np.uint8), "PNG")]
    noise = [Shot(f, "PNG") for f in frames(1, 64, 64)]
    both = [golden._run(bundle, run)[0] for run in (grey, noise)]
    assert golden.write(bundle, [grey, noise]) == max(both)


def test_graphs_are_copied_and_held_to_their_unoptimised_selves(tmp_path):
    made = write_bundle(copied(), tmp_path / "b", frames(0), [golden.shots(frames(3), 0.1)])
    assert (made.folder / "step.onnx").read_bytes() == (TINY / "step.onnx").read_bytes()
    assert made.contract.states == contract.load(TINY).states
    measured = made.contract.document["training"]["metrics"]["parity"]
    assert measured["reference"] == "ONNX Runtime without graph optimisations"
    assert measured["realFrames"] == 0


def test_a_graph_that_differs_from_torch_leaves_nothing_behind(tmp_path):
    torch.manual_seed(1)
    encoder, other = TinyEncoder(), TinyEncoder()
    parts = Parts(encoder, TINY / "step.onnx", specification(), reference_encoder=other)
    with pytest.raises(CheckFailedError, match=r"features differ from torch \(encoder\) and ONNX"):
        write_bundle(parts, tmp_path / "b", frames(), [golden.shots(frames(3), 0.1)])
    assert list(tmp_path.iterdir()) == []


def test_a_state_that_grows_without_bound_is_found(tmp_path):
    model = onnx.load(str(TINY / "step.onnx"))
    for node in model.graph.node:
        node.output[:] = ["small" if n == "hidden_next" else n for n in node.output]
    model.graph.node.extend(
        [
            helper.make_node("Add", ["hidden", "hidden"], ["double"]),
            helper.make_node("Add", ["double", "small"], ["hidden_next"]),
        ]
    )
    onnx.save(model, str(tmp_path / "growing.onnx"))
    parts = Parts(TINY / "encoder.onnx", tmp_path / "growing.onnx", specification())
    with pytest.raises(CheckFailedError, match="not finite after [0-9]+ steps"):
        write_bundle(parts, tmp_path / "b", frames(), [golden.shots(frames(3), 0.1)])


def test_a_wrong_number_of_labels_says_expected_and_found(tmp_path):
    parts = copied(labels=("a", "b"))
    with pytest.raises(CheckFailedError, match=r"logits \[-1, 3\] for 2 labels"):
        write_bundle(parts, tmp_path / "b", frames(), [golden.shots(frames(3), 0.1)])


def test_a_folder_with_other_files_is_not_replaced(tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(UsageError, match="no bundle"):
        write_bundle(copied(), tmp_path, frames(), [golden.shots(frames(3), 0.1)])
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_an_old_bundle_at_the_target_is_replaced(damaged):
    write_bundle(copied(), damaged, frames(), [golden.shots(frames(3), 0.1)])
    assert json.loads((damaged / "model.json").read_text())["name"] == "tiny"
    assert len(list((damaged / "golden").iterdir())) == 7
    assert [p.name for p in damaged.parent.iterdir()] == [damaged.name]


def test_parity_carries_the_state_and_varies_the_time_between_frames():
    tiny = TINY.parent / "tiny-elapsed"
    bundle = Bundle(tiny)
    plain = unoptimised(tiny)
    seen = []

    def spy(features, states, elapsed, auxiliary):
        seen.append((elapsed.copy(), auxiliary.copy(), states[0].copy()))
        return plain.step(features, states, elapsed, auxiliary)

    reference = Reference("spy", plain.encode, spy)
    measured = parity.measure(bundle, reference, golden.pixels(bundle), steps=50)
    assert measured.problems(1e-5, 1e-3) == []
    assert seen[0][2].any()
    assert len({float(e[0, 0]) for e, _, _ in seen}) == 50
    assert seen[0][1].shape == (3, 2)
    assert Tolerance.of(contract.load(tiny).document) == Tolerance()

"""`verify`: everything that can be checked of a bundle without the trainer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from gatestream_export.bundle import contract, golden
from gatestream_export.bundle.contract import BATCHES
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError

CARRIED_STEPS = 1000


def check_gru(file: Path) -> int:
    """Counts the graph's GRU nodes; refuses attributes that CUDA would compute elsewhere."""
    nodes = [n for n in onnx.load(str(file)).graph.node if n.op_type == "GRU"]
    for node in nodes:
        attributes = {a.name: a for a in node.attribute}
        reset = attributes["linear_before_reset"].i if "linear_before_reset" in attributes else 0
        layout = attributes["layout"].i if "layout" in attributes else 0
        if reset != 1:
            raise CheckFailedError(f"{file.name}: GRU with linear_before_reset={reset}, wanted 1")
        if layout != 0:
            raise CheckFailedError(f"{file.name}: GRU with layout={layout}, wanted 0")
        if len(node.input) > 4 and node.input[4]:
            raise CheckFailedError(f"{file.name}: GRU takes sequence_lens")
        if len(node.input) < 6 or not node.input[5]:
            raise CheckFailedError(f"{file.name}: GRU has no initial state input")
    return len(nodes)


def _inputs(bundle: Bundle, count: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    c = bundle.contract
    rng = np.random.default_rng(5)
    coarse = rng.integers(0, 256, (count, c.height // 8 + 1, c.width // 8 + 1, 3))
    frames = np.repeat(np.repeat(coarse, 8, axis=1), 8, axis=2)[:, : c.height, : c.width]
    frames = np.clip(frames + rng.normal(0, 12, frames.shape), 0, 255).astype(np.uint8)
    states = [rng.normal(0, 0.5, (count, *s.shape)).astype(np.float32) for s in c.states]
    return frames, np.concatenate([bundle.encode(f[None]) for f in frames]), states


def _extras(bundle: Bundle, count: int) -> tuple[np.ndarray, np.ndarray]:
    auxiliary = bundle.contract.auxiliary
    size = 0 if auxiliary is None else auxiliary["size"]
    return np.full((count, 1), 0.1, np.float32), np.full((count, size), 0.5, np.float32)


def bit_equal_sizes(bundle: Bundle) -> dict[str, list[int]]:
    """Batch sizes whose rows equal batch 1 bit for bit, on one CPU thread."""
    count = max(BATCHES)
    frames, features, states = _inputs(bundle, count)
    elapsed, auxiliary = _extras(bundle, count)

    def run_step(rows: slice) -> list[np.ndarray]:
        logits, after = bundle.step(
            features[rows], [s[rows] for s in states], elapsed[rows], auxiliary[rows]
        )
        return [logits, *after]

    singles = [run_step(slice(i, i + 1)) for i in range(count)]
    alone = [np.concatenate([row[k] for row in singles]) for k in range(1 + len(states))]
    found: dict[str, list[int]] = {"encoder": [], "step": []}
    for size in BATCHES:
        chunks = [slice(i, i + size) for i in range(0, count - count % size, size)]
        if all(np.array_equal(bundle.encode(frames[rows]), features[rows]) for rows in chunks):
            found["encoder"].append(size)
        if all(
            np.array_equal(value, alone[k][rows])
            for rows in chunks
            for k, value in enumerate(run_step(rows))
        ):
            found["step"].append(size)
    return found


def carried_drift(bundle: Bundle, steps: int = CARRIED_STEPS, batch: int = 3) -> float:
    """Largest difference between a row in a batch and the same row alone, state carried on."""
    frames, features, states = _inputs(bundle, 50 * batch)
    elapsed, auxiliary = _extras(bundle, batch)
    together = [s[:batch] for s in states]
    alone = [[s[i : i + 1] for s in states] for i in range(batch)]
    worst = 0.0
    for t in range(steps):
        rows = features[(t % 50) * batch :][:batch]
        logits, together = bundle.step(rows, together, elapsed, auxiliary)
        if not all(np.isfinite(s).all() for s in together):
            raise CheckFailedError(f"the state is not finite after {t + 1} steps")
        for i in range(batch):
            one, alone[i] = bundle.step(
                rows[i : i + 1], alone[i], elapsed[i : i + 1], auxiliary[i : i + 1]
            )
            worst = max(worst, float(np.abs(one[0] - logits[i]).max()))
    return worst


def problems(folder: Path) -> list[str]:
    """All problems of a bundle, each one line; empty when it is sound."""
    description = contract.load(folder)
    found: list[str] = []
    for part in ("encoder", "step"):
        file = folder / description.document[part]["file"]
        wanted = description.document[part]["sha256"]
        if not file.is_file():
            found.append(f"{part}: {file.name} is missing")
        elif contract.sha256(file) != wanted:
            found.append(
                f"{part}: {file.name} has SHA-256 {contract.sha256(file)}, model.json says {wanted}"
            )
    for notice in description.document["attribution"]:
        if not (folder / notice).is_file():
            found.append(f"attribution: {notice} is missing")
    if found:
        return found
    try:
        check_gru(folder / description.document["step"]["file"])
        bundle = Bundle(folder)
        bundle.check_borders()
        found += golden.problems(bundle)
        equal = bit_equal_sizes(bundle)
        for part in ("encoder", "step"):
            recorded = description.document[part]["bitEqualBatchSizes"]
            lost = sorted(set(recorded) - set(equal[part]))
            if lost:
                found.append(f"{part}: batch sizes {lost} are recorded as bit-equal, but are not")
        drift = carried_drift(bundle)
        if drift > description.document["tolerance"]["logits"]:
            found.append(f"step: rows of a batch drift by {drift:.2g} over {CARRIED_STEPS} steps")
    except CheckFailedError as failed:
        found.append(str(failed))
    except FileNotFoundError as missing:
        found.append(f"golden: {Path(missing.filename).name} is missing")
    return found

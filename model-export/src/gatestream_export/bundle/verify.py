"""`verify`: everything that can be checked of a bundle without the trainer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gatestream_export import files
from gatestream_export.bundle import contract, golden, golden_check, graphs, parity, reference
from gatestream_export.bundle.contract import BATCHES
from gatestream_export.bundle.random_pictures import random_frames
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Tolerance
from gatestream_export.errors import CheckFailedError, UsageError

CARRIED_STEPS = 1000


def bit_equal_sizes(bundle: Bundle) -> dict[str, list[int]]:
    """Batch sizes whose rows equal batch 1 bit for bit, on one CPU thread."""
    count = max(BATCHES)
    frames = random_frames(bundle, count)
    rng = np.random.default_rng(6)
    states = [
        rng.normal(0, 0.5, (count, *s.shape)).astype(np.float32) for s in bundle.contract.states
    ]
    features = np.concatenate([bundle.encode(f[None]) for f in frames])
    size = 0 if bundle.contract.auxiliary is None else bundle.contract.auxiliary["size"]
    elapsed = rng.exponential(0.2, (count, 1)).astype(np.float32)
    auxiliary = rng.normal(0, 1, (count, size)).astype(np.float32)

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


def carried(bundle: Bundle, steps: int = CARRIED_STEPS) -> parity.Parity:
    """The bundle at batches 1, 2, 3 and 64 against its graphs as written, state carried on."""
    return parity.measure(
        bundle, reference.unoptimised(bundle.folder), golden.pixels(bundle), steps
    )


def _file_problems(folder: Path, description: contract.Contract) -> list[str]:
    found: list[str] = []
    for part in ("encoder", "step"):
        file = folder / description.document[part]["file"]
        wanted = description.document[part]["sha256"]
        if not file.is_file():
            found.append(f"{part}: {file.name} is missing")
        elif files.sha256(file) != wanted:
            found.append(
                f"{part}: {file.name} has SHA-256 {files.sha256(file)}, model.json says {wanted}"
            )
    notices = description.document["attribution"]
    return found + [f"attribution: {n} is missing" for n in notices if not (folder / n).is_file()]


def problems(folder: Path) -> list[str]:
    """All problems of a bundle, each one line; empty when it is sound."""
    description = contract.load(folder)
    document = description.document
    found = _file_problems(folder, description)
    if found:
        return found
    try:
        graphs.recurrent_nodes(folder / document["encoder"]["file"], carried=False)
        graphs.recurrent_nodes(folder / document["step"]["file"], carried=True)
        bundle = Bundle(folder)
        bundle.check_borders()
        found += golden_check.problems(bundle)
        equal = bit_equal_sizes(bundle)
        for part in ("encoder", "step"):
            lost = sorted(set(document[part]["bitEqualBatchSizes"]) - set(equal[part]))
            if lost:
                found.append(f"{part}: batch sizes {lost} are recorded as bit-equal, but are not")
        tolerance = Tolerance.of(document)
        found += carried(bundle).problems(tolerance.parity, tolerance.logits)
    except (CheckFailedError, UsageError) as failed:
        found.append(str(failed))
    except FileNotFoundError as missing:
        found.append(f"golden: {Path(missing.filename).name} is missing")
    return found

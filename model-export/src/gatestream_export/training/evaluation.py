"""Runs networks over whole streams, the state carried from the first frame to the last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from gatestream_export.data.sequences import IGNORED, Stream
from gatestream_export.training.networks import Networks

TOGETHER = 64
"""Streams advanced together; those of like length, so that little is computed past an end."""


def _chunk(values: list[np.ndarray], start: int, end: int) -> torch.Tensor:
    first = values[0]
    out = np.zeros((len(values), end - start, *first.shape[1:]), first.dtype)
    for row, value in enumerate(values):
        part = value[start:end]
        out[row, : len(part)] = part
    return torch.from_numpy(out)


def logits(networks: Networks, streams: Sequence[Stream], chunk: int = 64) -> list[np.ndarray]:
    """float32 [T,C] of each stream, from the initial state, in the order of `streams`.

    Leaves the networks in evaluation mode.
    """
    networks.eval()
    found: list[np.ndarray] = [np.empty((0, networks.recurrent.shape.classes))] * len(streams)
    order = sorted(range(len(streams)), key=lambda i: len(streams[i]))
    with torch.inference_mode():
        for begin in range(0, len(order), TOGETHER):
            rows = order[begin : begin + TOGETHER]
            for row, values in zip(
                rows, _together(networks, [streams[i] for i in rows], chunk), strict=True
            ):
                found[row] = values
    return found


def _together(networks: Networks, streams: list[Stream], chunk: int) -> list[np.ndarray]:
    length = max(len(s) for s in streams)
    elapsed = [s.elapsed()[:, None] for s in streams]
    states = networks.recurrent.zero_states(len(streams))
    parts = []
    for start in range(0, length, chunk):
        end = min(length, start + chunk)
        inputs = _chunk([s.inputs for s in streams], start, end)
        values, states = networks.recurrent(
            networks.features(inputs),
            states,
            _chunk(elapsed, start, end),
            _chunk([s.auxiliary for s in streams], start, end),
        )
        parts.append(values)
    together = torch.cat(parts, dim=1).numpy()
    return [together[row, : len(s)] for row, s in enumerate(streams)]


def accuracy(labels: Sequence[np.ndarray], predicted: Sequence[np.ndarray]) -> float:
    """Share of labelled frames whose label is right, over all streams; NaN without any."""
    right = total = 0
    for truth, guess in zip(labels, predicted, strict=True):
        known = truth != IGNORED
        right += int((truth[known] == guess[known]).sum())
        total += int(known.sum())
    return right / total if total else float("nan")


def by_class(
    names: Sequence[str], labels: Sequence[np.ndarray], predicted: Sequence[np.ndarray]
) -> dict[str, float]:
    """The share of each class's frames that were recognised; classes without a frame are absent."""
    truth, guess = np.concatenate(list(labels)), np.concatenate(list(predicted))
    present = [i for i in range(len(names)) if (truth == i).any()]
    return {names[i]: float((guess[truth == i] == i).mean()) for i in present}

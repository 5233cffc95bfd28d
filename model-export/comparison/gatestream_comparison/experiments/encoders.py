"""System 7: frozen encoders with cached features under the same GRU, on a subset of the clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gatestream_comparison import encoder_features, fits
from gatestream_comparison.cost import milliseconds
from gatestream_comparison.fits import Fit
from gatestream_comparison.settings import Context, shape
from gatestream_export.bundle.runtime import open_session


def run(context: Context) -> dict[str, Any]:
    """Encodes the subset with every encoder, trains a GRU on each, scores and times."""
    s, source = context.settings, context.source
    encoder_features.prepare_all(source, s.encoders, context.processes)
    found: dict[str, Any] = {}
    for name in s.encoders:
        file = encoder_features.graph(source, name)
        given, wanted = _border(file)
        form = shape("gru", features=wanted)
        several = [
            Fit(
                f"encoder:{name}",
                form,
                s.carried(seed, steps=s.subset_steps, every=max(1, s.subset_steps // 6)),
                ("test",),
            )
            for seed in s.few_seeds
        ]
        done = fits.run_all(source, several, context.kept, context.processes, name)
        found[name] = {
            "features": wanted,
            "side": given,
            "megabytes": file.stat().st_size / 1e6,
            "milliseconds": milliseconds(file),
            "validation": [f.validation for f in done],
            "test": [f.scores["test"]["settled"] for f in done],
        }
    return found


def _border(encoder: Path) -> tuple[int, int]:
    session = open_session(encoder)
    return int(session.get_inputs()[0].shape[1]), int(session.get_outputs()[0].shape[1])

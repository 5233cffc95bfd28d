"""A picture of a run: loss and validation accuracy against the step, from its metrics file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np


def read(metrics: Path) -> list[dict[str, Any]]:
    """The records of a metrics file; a last line that was cut off is left out."""
    records = []
    for line in metrics.read_text(encoding="utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except ValueError:
            break
    return records


def draw(metrics: Path, picture: Path, title: str) -> None:
    """Writes `picture` (PNG): the loss above, validation accuracy, also of each class, below."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    records = read(metrics)
    losses = [(r["step"], r["loss"]) for r in records if r.get("loss") is not None]
    scored = [r for r in records if r.get("accuracy") is not None]
    figure, (above, below) = pyplot.subplots(
        2, 1, figsize=(8, 7), sharex=True, layout="constrained"
    )
    figure.suptitle(title)
    if losses:
        steps, values = np.array(losses, np.float64).T
        above.plot(steps, values, color="tab:blue", marker="o", ms=3)
    above.set_ylabel("training loss (mean between validations)")
    above.grid(alpha=0.3)
    if scored:
        steps = [r["step"] for r in scored]
        names = sorted({name for r in scored for name in r.get("byClass") or {}})
        for k, name in enumerate(names[:10]):
            values = [(r.get("byClass") or {}).get(name) for r in scored]
            values = [np.nan if v is None else v for v in values]
            colour = matplotlib.colormaps["tab10"](k)
            below.plot(steps, values, color=colour, linewidth=0.9, alpha=0.7, label=name)
        accuracy = [r["accuracy"] for r in scored]
        below.plot(steps, accuracy, color="black", linewidth=2, marker="o", ms=3, label="all")
        best = max(scored, key=lambda r: r["accuracy"])
        below.axvline(best["step"], color="black", linestyle=":", linewidth=1)
        below.set_title(f"best {best['accuracy']:.3f} at step {best['step']}", fontsize=10)
        below.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    else:
        below.text(0.5, 0.5, "no validation yet", ha="center", transform=below.transAxes)
    below.set_ylim(-0.02, 1.02)
    below.set_ylabel("validation accuracy")
    below.set_xlabel("step")
    below.grid(alpha=0.3)
    figure.savefig(picture, dpi=110)
    pyplot.close(figure)

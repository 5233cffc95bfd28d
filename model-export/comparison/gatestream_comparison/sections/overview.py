"""The report's first part: a row for each system, and how the run was made."""

from __future__ import annotations

import json
from typing import Any

from gatestream_comparison import wording
from gatestream_comparison.figures import Table
from gatestream_comparison.report import Section
from gatestream_comparison.sections import drift
from gatestream_comparison.settings import Context
from gatestream_export.objectmotion.evaluation import SETTLED_FROM

NOT_RUN = "not in this run"


def section(context: Context, results: dict[str, dict[str, Any]], command: str) -> Section:
    """The overview of what was run; `results` are the kept files' contents by experiment."""
    source = context.source
    times = ", ".join(f"{name} {_minutes(one['seconds'])}" for name, one in results.items())
    total = sum(one["seconds"] for one in results.values())
    processor = training_seconds(context, results)
    text = wording.paragraphs(f"""\
Made by `{command}` in {_minutes(total)} ({times}); trainings {context.processes} at a time, one
thread each. A run that goes on from an earlier one counts its own time only; `drift` uses the
trainings of `cells`. All trainings together took {_minutes(processor)} of one core.
Everything but times comes out alike on the same machine.

**Settled accuracy** is the share of right labels among frames at least {SETTLED_FROM} frames (half
a second) after the label changed; raw is over all frames. **Carried** means that a stream's state
is never reset. ± is the standard deviation over seeds. Sizes, rates and weights are chosen on
training and validation photographs; test photographs are used once, for these figures.

Object motion: {source.train.clips} training clips of {source.train.frames} frames,
{source.validation.clips} validation clips of {source.validation.frames} and {source.test.clips}
test clips of {source.test.frames} at 10 frames a second, rendered, through H.264, decoded, resized;
split by photograph. Unless said otherwise the features are those of the shipped bundle's encoder,
frozen, computed once in ONNX Runtime.""")
    table = Table(("system", "what", "data", "result"), _rows(results))
    return Section("Overview", text, (table,))


def training_seconds(context: Context, results: dict[str, dict[str, Any]]) -> float:
    """Processor seconds of every training that is kept, whichever run it was."""
    kept = context.kept.glob("*.json") if context.kept.is_dir() else ()
    seconds = sum(json.loads(file.read_text(encoding="utf-8"))["seconds"] for file in kept)
    rows = results["images"]["result"].values() if "images" in results else ()
    return seconds + sum(sum(row["seconds"]) for row in rows)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _rows(results: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    found = {name: one["result"] for name, one in results.items()}
    image, motion = "digits", "object motion"
    return [
        ("1", "GRU over a sequence, an output at every step", image, _image(found, "gru-sequence")),
        ("2", "CNN + GRU image classifier", image, _image(found, "cnn-gru")),
        ("3", "image rows as time steps, two GRU(128)", image, _image(found, "digit-rows")),
        ("4", "the cell from its equations", "random", _equations(found)),
        ("5", "plain RNN, LSTM and GRU", motion, _cells(found)),
        ("6", "long, irregular and multimodal sequences", motion, _sequences(found)),
        ("7", "training craft, frozen encoders", motion, _encoders(found)),
        ("8", "MiniROAD's recipe against carried state", motion, _recipes(found)),
    ]


def _image(found: dict[str, Any], system: str) -> str:
    rows = {k: v for k, v in found.get("images", {}).items() if k.split(" on ")[0] == system}
    texts = [f"{one['data']}: {wording.over_seeds(one['accuracies'])}" for one in rows.values()]
    return "; ".join(texts) or NOT_RUN


def _equations(found: dict[str, Any]) -> str:
    if "equations" not in found:
        return NOT_RUN
    worst = max(found["equations"]["differences"].values())
    return f"states differ by {worst:.1e} at most over {found['equations']['frames']:,} frames"


def _cells(found: dict[str, Any]) -> str:
    if "cells" not in found:
        return NOT_RUN
    return "settled: " + ", ".join(
        f"{cell} {wording.over_seeds([t['settled'] for t in one['scores']['test']])}"
        for cell, one in found["cells"]["cells"].items()
    )


def _sequences(found: dict[str, Any]) -> str:
    texts = []
    if "drift" in found:
        name, one = next(iter(found["drift"]["methods"].items()))
        hour = wording.over_seeds(drift.of_seeds(one["hour"]))
        texts.append(f"an hour in one pass ({name}): {hour}")
    if "irregular" in found:
        texts += [
            f"{name}: {wording.over_seeds([v['settled'] for v in one['compared']])}"
            for name, one in found["irregular"].items()
        ]
    return "; ".join(texts) or NOT_RUN


def _encoders(found: dict[str, Any]) -> str:
    rows = found.get("encoders", {})
    texts = [f"encoder {name}: {wording.over_seeds(one['test'])}" for name, one in rows.items()]
    if "craft" in found:
        texts.append(f"{len(found['craft'])} variants of the training")
    return "; ".join(texts) or NOT_RUN


def _recipes(found: dict[str, Any]) -> str:
    if "drift" not in found:
        return NOT_RUN
    return "the hour, settled: " + "; ".join(
        f"{name}: {wording.over_seeds(drift.of_seeds(one['hour']))}"
        for name, one in found["drift"]["methods"].items()
        if name.startswith("GRU")
    )

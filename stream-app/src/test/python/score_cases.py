"""Made-up labels and truth: every case is drawn from its own seed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Case:
    name: str
    labels: list[str]
    background: str | None
    multi_label: bool
    thresholds: dict[str, float]
    streams: list[dict]  # stream, times (microseconds), scores (frame by class)
    truth: list[dict] = field(default_factory=list)  # as in a truth file

    @property
    def foreground(self) -> list[int]:
        return [i for i, label in enumerate(self.labels) if label != self.background]


def times(random: np.random.Generator, frames: int) -> list[int]:
    """Source times of a camera that is not quite regular and sometimes stops."""
    steps = random.integers(80, 121, frames) * 1000
    steps[random.random(frames) < 0.02] = 1_500_000
    return [int(time) for time in np.cumsum(steps)]


def stretches(
    random: np.random.Generator, stream: str, end: int, labels: list[str], gaps: float
) -> list[dict]:
    rows, start = [], 0
    while start < end:
        stop = start + int(random.integers(8, 60)) * 100_000
        if random.random() >= gaps:
            label = str(random.choice(labels))
            rows.append({"stream": stream, "start": start / 1e6, "end": stop / 1e6, "label": label})
        start = stop
    return rows


def holds(rows: list[dict], stream: str, time: int) -> set[str]:
    return {
        row["label"]
        for row in rows
        if row["stream"] == stream
        and row["label"]
        and round(row["start"] * 1e6) <= time < round(row["end"] * 1e6)
    }


def scores(
    random: np.random.Generator, case: Case, stream: str, at: list[int], skill: float
) -> np.ndarray:
    """Noise that drifts, and the truth of half a second before."""
    drift = np.zeros(len(case.labels))
    rows = []
    for time in at:
        drift = 0.96 * drift + random.normal(0, 0.3, len(case.labels))
        true = holds(case.truth, stream, max(0, time - 500_000)) or {case.background}
        logits = drift + skill * np.array([label in true for label in case.labels])
        if case.multi_label:
            rows.append(1 / (1 + np.exp(1 - logits)))
        else:
            rows.append(np.exp(logits) / np.exp(logits).sum())
    return np.array(rows, dtype=np.float32)


def draw(
    name: str,
    seed: int,
    labels: list[str],
    *,
    background: str | None = None,
    multi_label: bool = False,
    thresholds: dict[str, float] | None = None,
    frames: tuple[int, ...] = (150, 90, 211),
    gaps: float = 0.0,
    true_labels: list[str] | None = None,
    empty: tuple[str, ...] = (),
    skill: float = 2.0,
    decimals: int | None = None,
) -> Case:
    random = np.random.default_rng(seed)
    case = Case(name, labels, background, multi_label, thresholds or {}, [])
    for index, count in enumerate(frames):
        stream = f"cam-{index}"
        at = times(random, count)
        drawn = true_labels or case_labels(case)
        if stream in empty:
            case.truth.append({"stream": stream, "start": 0, "end": at[-1] / 1e6, "label": []})
        elif multi_label:
            for label in drawn:
                case.truth.extend(stretches(random, stream, at[-1] + 1, [label], 0.6))
        else:
            case.truth.extend(stretches(random, stream, at[-1] + 1, drawn, gaps))
        if not any(row["stream"] == stream for row in case.truth):
            case.truth.append({"stream": stream, "start": 0, "end": at[-1] / 1e6, "label": []})
        values = scores(random, case, stream, at, skill)
        if decimals is not None:
            values = np.round(values, decimals)
        case.streams.append({"stream": stream, "times": at, "scores": values})
    return case


def case_labels(case: Case) -> list[str]:
    return [label for label in case.labels if label != case.background]


def cases() -> list[Case]:
    letters = list("abcdef")
    return [
        draw("single-label", 1, letters[:4]),
        draw("background", 2, letters[:5], background="c", gaps=0.4),
        draw("ties", 3, letters[:4], background="a", gaps=0.3, decimals=1),
        draw("absent-classes", 4, letters, background="a", gaps=0.3, true_labels=["b", "d"]),
        draw("some-empty-truth", 5, letters[:3], background="a", gaps=0.3, empty=("cam-1",)),
        draw(
            "only-empty-truth",
            6,
            letters[:3],
            background="a",
            frames=(60, 40),
            empty=("cam-0", "cam-1"),
        ),
        draw("one-stream", 7, letters[:5], background="e", frames=(400,), gaps=0.5),
        draw("truth-with-holes", 8, letters[:3], gaps=0.4),
        draw(
            "perfectly-quiet",
            9,
            letters[:2],
            background="a",
            frames=(30,),
            empty=("cam-0",),
            skill=60.0,
        ),
        draw("multi-label", 10, letters[:4], multi_label=True, thresholds={"b": 0.4, "d": 0.7}),
        draw(
            "multi-label-ties-background-absent",
            11,
            letters[:5],
            background="b",
            multi_label=True,
            true_labels=["a", "d", "e"],
            empty=("cam-2",),
            decimals=1,
        ),
    ]

"""Training and validation apart by file, photograph or scene; never by frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from gatestream_export.data.sequences import IGNORED, Sequences
from gatestream_export.errors import CheckFailedError, UsageError

TRIES = 200


def split(sequences: Sequences, share: float, seed: int) -> tuple[Sequences, Sequences]:
    """(training, validation): of each class about `share` of its groups, and one at least, is held.

    The same sequences, share and seed give the same split. A group, with all of its streams, is on
    one side. Raises UsageError for a share outside 0 to 1, and CheckFailedError that names every
    class with fewer than two groups. Where groups of several classes leave no way to have every
    class on both sides, the best of many tries is taken, and a line of the validation's `left_out`
    names each class that one side lacks; the training's is that of `sequences`.
    """
    if not 0 < share < 1:
        raise UsageError(f"validation share {share}, wanted above 0 and below 1")
    classes = _classes(sequences)
    problems = []
    for index, label in enumerate(sequences.labels):
        count = sum(index in of_group for of_group in classes.values())
        if count < 2:
            problems.append(f"the class {label!r} has {('no clip', 'one clip only')[count]}")
    if problems:
        raise CheckFailedError(
            f"{'; '.join(problems)}: wanted 2 or more, one to train on and one to validate on"
        )
    rng = np.random.default_rng(seed)
    best: set[str] = set()
    lacking: list[str] | None = None
    for _ in range(TRIES):
        held = _try(classes, len(sequences.labels), share, rng)
        found = _lacking(classes, held, sequences.labels)
        if lacking is None or len(found) < len(lacking):
            best, lacking = held, found
        if not lacking:
            break
    return (
        _side(sequences, lambda group: group not in best, sequences.left_out),
        _side(sequences, lambda group: group in best, lacking or ()),
    )


def _classes(sequences: Sequences) -> dict[str, frozenset[int]]:
    """The classes that each group's frames have, groups in the order of their first stream."""
    found: dict[str, set[int]] = {}
    for stream in sequences.streams:
        labels = {int(label) for label in np.unique(stream.labels)} - {IGNORED}
        found.setdefault(stream.group, set()).update(labels)
    return {group: frozenset(labels) for group, labels in found.items()}


def _try(
    classes: dict[str, frozenset[int]], labels: int, share: float, rng: np.random.Generator
) -> set[str]:
    """The groups to hold back: classes with the fewest groups choose first."""
    groups = list(classes)
    order = [groups[i] for i in rng.permutation(len(groups))]
    of_class = {c: [g for g in order if c in classes[g]] for c in range(labels)}
    held: set[str] = set()
    kept: set[str] = set()
    for c in sorted(range(labels), key=lambda c: len(of_class[c])):
        members = of_class[c]
        wanted = min(max(1, math.floor(share * len(members) + 0.5)), len(members) - 1)
        free = [g for g in members if g not in held and g not in kept]
        if free and not any(g in kept for g in members):
            kept.add(free.pop())
        missing = max(0, wanted - sum(g in held for g in members))
        held.update(free[:missing])
        kept.update(free[missing:])
    return held


def _lacking(
    classes: dict[str, frozenset[int]], held: set[str], labels: Iterable[str]
) -> list[str]:
    lines = []
    for c, label in enumerate(labels):
        sides = {group in held for group, of_group in classes.items() if c in of_group}
        if len(sides) < 2:
            side = "validation" if sides == {True} else "training"
            lines.append(f"class {label!r} is in {side} only: its clips hold other classes too")
    return lines


def _side(sequences: Sequences, takes: Callable[[str], bool], lines: Iterable[str]) -> Sequences:
    streams = tuple(s for s in sequences.streams if takes(s.group))
    return replace(sequences, streams=streams, left_out=tuple(lines))

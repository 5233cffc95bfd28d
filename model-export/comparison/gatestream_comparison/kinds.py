"""The data sets of the comparison, by kind, built the same in every process."""

from __future__ import annotations

from functools import lru_cache

from gatestream_comparison import encoder_features
from gatestream_comparison.parts import Parts, Source, both_cameras, irregular, regular


@lru_cache(maxsize=4)
def load(source: Source, kind: str) -> Parts:
    """The parts of a kind: `motion`, `irregular`, `cameras`, `encoder:NAME`."""
    train, validation, test = (
        source.encoded(s) for s in (source.train, source.validation, source.test)
    )
    if kind == "motion":
        return Parts(regular(train), regular(validation), regular(test))
    if kind == "irregular":
        return Parts(irregular(train, 0), irregular(validation, 1), irregular(test, 2))
    if kind == "cameras":
        count = min(source.mirrored, len(train))
        pairs = (
            (train.take(range(count)), source.encoded(source.train, source.mirrored, True)),
            (validation, source.encoded(source.validation, None, True)),
            (test, source.encoded(source.test, None, True)),
        )
        return Parts(*(both_cameras(plain, mirror) for plain, mirror in pairs))
    if kind.startswith("encoder:"):
        return encoder_features.parts(source, kind.removeprefix("encoder:"))
    raise ValueError(f"unknown kind {kind!r}")

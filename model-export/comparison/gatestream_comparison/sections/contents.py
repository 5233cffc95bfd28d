"""From kept results to the report's sections."""

from __future__ import annotations

from typing import Any

from gatestream_comparison.report import Section
from gatestream_comparison.sections import cells, craft, drift, images, irregular, overview
from gatestream_comparison.settings import Context

WRITERS = {
    "images": images.images,
    "equations": images.equations,
    "cells": cells.section,
    "drift": drift.section,
    "irregular": irregular.section,
    "craft": craft.craft,
    "encoders": craft.encoders,
}
"""In the order of the report."""

TITLE = "Recurrent frame classifiers compared"


def all_sections(
    context: Context, results: dict[str, dict[str, Any]], command: str
) -> list[Section]:
    """The overview, then a section for each experiment that there is a result of."""
    found = {name: results[name] for name in WRITERS if name in results}
    written = [WRITERS[name](context, one["result"]) for name, one in found.items()]
    return [overview.section(context, found, command), *written]

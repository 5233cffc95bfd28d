"""From kept results to the report's sections."""

from __future__ import annotations

from typing import Any

from gatestream_export.compare import (
    overview,
    section_cells,
    section_craft,
    section_drift,
    section_images,
    section_irregular,
)
from gatestream_export.compare.report import Section
from gatestream_export.compare.settings import Context

WRITERS = {
    "images": section_images.images,
    "equations": section_images.equations,
    "cells": section_cells.section,
    "drift": section_drift.section,
    "irregular": section_irregular.section,
    "craft": section_craft.craft,
    "encoders": section_craft.encoders,
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

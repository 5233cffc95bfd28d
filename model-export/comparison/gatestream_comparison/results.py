"""The experiments by name, each kept on disk as soon as it is done."""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import time
from dataclasses import asdict
from typing import Any

from gatestream_comparison.fits import VERSION
from gatestream_comparison.settings import Context
from gatestream_export import files

_log = logging.getLogger(__name__)


def identity(context: Context) -> str:
    """Hash of everything that decides the results besides the code."""
    source = context.source
    known = [
        VERSION,
        asdict(context.settings),
        files.sha256(source.encoder),
        [s.key() for s in (source.train, source.validation, source.test)],
        [source.mirrored, list(source.subset), source.hour],
        str(context.cifar10),
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]


def kept(context: Context, name: str) -> dict[str, Any] | None:
    """What an earlier run left of an experiment with the same settings: `result`, `seconds`."""
    file = context.output / f"{name}.json"
    if not file.is_file():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    return found if found.get("identity") == identity(context) else None


def perform(context: Context, name: str) -> dict[str, Any]:
    """Runs an experiment, or takes what is kept of it."""
    found = kept(context, name)
    if found is not None:
        _log.info("%s: kept from an earlier run", name)
        return found
    started = time.monotonic()
    if name not in ("equations", "images"):
        # Before processes start: two must not fill the cache at once.
        context.source.prepare()
    result = importlib.import_module(f"{__package__}.experiments.{name}").run(context)
    found = {
        "identity": identity(context),
        "seconds": round(time.monotonic() - started, 1),
        "result": result,
    }
    context.output.mkdir(parents=True, exist_ok=True)
    files.write_text(context.output / f"{name}.json", json.dumps(found) + "\n")
    return found

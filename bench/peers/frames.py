"""Frames and labels as records: Avro in, JSON out."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import fastavro
import numpy as np
import orjson

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "schemas/src/main/avro/Frame.avsc"

# Avro's mark of a single object; the schema's fingerprint of eight bytes follows.
MARK = b"\xc3\x01"
HEADER_LENGTH = 10

Frame = dict[str, Any]


def _schema() -> Any:
    """The schema without logical types: times stay integers, which cost nothing to read."""
    schema = json.loads(SCHEMA_FILE.read_text())
    for field in schema["fields"]:
        if isinstance(field["type"], dict) and "logicalType" in field["type"]:
            field["type"] = field["type"]["type"]
    return fastavro.parse_schema(schema)


SCHEMA = _schema()


def read_frame(value: bytes) -> Frame:
    """The frame in a record's value; times in microseconds since the epoch."""
    if not value.startswith(MARK):
        raise ValueError(f"no frame: the value begins with {value[:HEADER_LENGTH].hex(' ')}")
    stream = io.BytesIO(value)
    stream.seek(HEADER_LENGTH)
    frame: Frame = fastavro.schemaless_reader(stream, SCHEMA, None)
    return frame


def write_label(frame: Frame, labels: list[str], scores: np.ndarray) -> bytes:
    """The label of a frame, best score first."""
    best_first = np.argsort(-scores, kind="stable").tolist()
    values = scores.tolist()
    return orjson.dumps(
        {
            "streamId": frame["streamId"],
            "session": frame["session"],
            "sequence": frame["sequence"],
            "captureTime": frame["captureTime"],
            "sourceTime": frame["sourceTime"],
            "scores": [{"label": labels[i], "score": values[i]} for i in best_first],
        }
    )

"""Prints the labels of all streams as they are committed.

    python consume.py localhost:9092

It begins with the oldest label and goes on until Ctrl-C, or until --count labels were printed.
docs/clients.md explains every part of it.
"""

import argparse
import io
import sys
from pathlib import Path

import fastavro
from confluent_kafka import Consumer

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "schemas/src/main/avro/FrameLabel.avsc"
SCHEMA = fastavro.schema.load_schema(SCHEMA_FILE)

# The fingerprint of the schema, as docs/clients.md lists it: CRC-64-AVRO, little endian.
HEADER = bytes.fromhex("c3 01 55 3f 29 38 ed c3 14 8a")


def label_of(value: bytes) -> dict:
    """The label in a record's value."""
    if not value.startswith(HEADER):
        raise ValueError(f"no label of this schema: the value begins with {value[:10].hex(' ')}")
    return fastavro.schemaless_reader(io.BytesIO(value[len(HEADER) :]), SCHEMA)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bootstrap_servers")
    parser.add_argument("--topic", default="labels")
    parser.add_argument("--group", default="label-printer", help="the consumer group")
    parser.add_argument("--count", type=int, help="ends after so many labels")
    arguments = parser.parse_args()

    consumer = Consumer(
        {
            "bootstrap.servers": arguments.bootstrap_servers,
            "group.id": arguments.group,
            # Labels of a transaction that is aborted later must not be seen.
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            # Every start of this program prints everything.
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([arguments.topic])
    printed = 0
    try:
        while arguments.count is None or printed < arguments.count:
            message = consumer.poll(1)
            if message is None:
                continue
            if message.error():
                sys.exit(str(message.error()))
            label = label_of(message.value())
            best = label["scores"][0]
            print(
                label["streamId"],
                label["sequence"],
                best["label"],
                f"{best['score']:.3f}",
                label["reset"],
                flush=True,
            )
            printed += 1
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()


if __name__ == "__main__":
    main()

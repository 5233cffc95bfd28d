"""Sends pictures as the frames of one stream, at a steady rate.

    python produce.py localhost:9092 door-1 frame-*.jpg

Each picture is a JPEG or PNG file. The program prints the partition and the number of frames that
Kafka confirmed. docs/clients.md explains every part of it.
"""

import argparse
import io
import sys
import time
from pathlib import Path

import fastavro
from confluent_kafka import Producer

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "schemas/src/main/avro/Frame.avsc"
SCHEMA = fastavro.schema.load_schema(SCHEMA_FILE)

# The fingerprint of the schema, as docs/clients.md lists it: CRC-64-AVRO, little endian.
HEADER = bytes.fromhex("c3 01 4b 81 6e d7 91 67 ff bf")

ENCODINGS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}


def frame_value(frame: dict) -> bytes:
    """A record's value: the header of ten bytes, then the frame in Avro's binary encoding."""
    out = io.BytesIO()
    out.write(HEADER)
    fastavro.schemaless_writer(out, SCHEMA, frame)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bootstrap_servers")
    parser.add_argument("stream", help="the stream's id, which is the key of its records")
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--topic", default="frames")
    parser.add_argument("--fps", type=float, default=10, help="frames a second (default 10)")
    arguments = parser.parse_args()
    for picture in arguments.pictures:
        if picture.suffix.lower() not in ENCODINGS:
            parser.error(f"{picture} is no .jpg or .png file")

    producer = Producer(
        {
            "bootstrap.servers": arguments.bootstrap_servers,
            # librdkafka's own default is another one: a stream must stay where Kafka's puts it.
            "partitioner": "murmur2_random",
            # No frame twice and none out of order, even if the connection breaks.
            "enable.idempotence": True,
        }
    )
    partitions: list[int] = []
    failures: list[str] = []

    def delivered(error, message) -> None:
        if error is None:
            partitions.append(message.partition())
        else:
            failures.append(str(error))

    # A session is one run of a producer; within it, sequence numbers only grow.
    session = time.time_ns() // 1000
    for sequence, picture in enumerate(arguments.pictures):
        source_time = round(sequence * 1_000_000 / arguments.fps)
        capture_time = session + source_time
        time.sleep(max(0, capture_time / 1e6 - time.time()))
        value = frame_value(
            {
                "streamId": arguments.stream,
                "session": session,
                "sequence": sequence,
                "captureTime": capture_time,
                "sourceTime": source_time,
                "encoding": ENCODINGS[picture.suffix.lower()],
                "payload": picture.read_bytes(),
            }
        )
        producer.produce(
            arguments.topic,
            key=arguments.stream.encode(),
            value=value,
            timestamp=capture_time // 1000,
            on_delivery=delivered,
        )
        producer.poll(0)
    producer.flush()
    if failures:
        sys.exit(f"{len(failures)} frames were not delivered: {failures[0]}")
    print(f"{arguments.stream}: {len(partitions)} frames on partition {partitions[0]}")


if __name__ == "__main__":
    main()

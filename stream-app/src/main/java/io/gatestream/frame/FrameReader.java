package io.gatestream.frame;

import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a frame's fields in the order of its schema. In place of Avro's own reader, which took a
 * fifth of a free frame's time; a test holds it to that one.
 */
final class FrameReader {
  private static final Encoding[] ENCODINGS = Encoding.values();

  private FrameReader() {}

  static Frame read(ValueDecoder in) throws IOException {
    return new Frame(
        in.readString(),
        Micros.instant(in.readLong()),
        in.readInt(),
        in.readLong(),
        Micros.instant(in.readLong()),
        in.readLong(),
        encoding(in.readEnum()),
        in.readBytes(null),
        in.readInt(),
        in.readInt(),
        auxiliary(in));
  }

  private static Encoding encoding(int ordinal) throws IOException {
    if (ordinal < 0 || ordinal >= ENCODINGS.length) {
      throw new IOException("encoding number %d of %d".formatted(ordinal, ENCODINGS.length));
    }
    return ENCODINGS[ordinal];
  }

  private static List<Float> auxiliary(ValueDecoder in) throws IOException {
    long items = in.readArrayStart();
    if (items == 0) {
      return List.of();
    }
    List<Float> values = new ArrayList<>((int) items);
    for (; items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        values.add(in.readFloat());
      }
    }
    return values;
  }
}

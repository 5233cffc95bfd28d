package io.gatestream.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * What an Avro single object of one schema begins with: C3 01, the schema's CRC-64-AVRO fingerprint
 * in little endian. Immutable.
 */
public final class SingleObjectHeader {
  private static final int LENGTH = 10;

  private final byte[] header;

  public SingleObjectHeader(Schema schema) {
    header =
        ByteBuffer.allocate(LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 1)
            .putLong(SchemaNormalization.parsingFingerprint64(schema))
            .array();
  }

  /** A value of this header and a body, in one array of its very length. */
  public byte[] value(ValueWriter.Content body) {
    ValueWriter out = write(ValueWriter.length(body));
    body.write(out);
    return out.bytes();
  }

  /** A writer for the body, of {@code expected} bytes or some more, after this header. */
  public ValueWriter write(int expected) {
    ValueWriter out = new ValueWriter(LENGTH + expected);
    out.raw(header);
    return out;
  }

  /** Whether a value is a single object of this schema. */
  public boolean begins(byte[] value) {
    return value.length >= LENGTH && Arrays.equals(value, 0, LENGTH, header, 0, LENGTH);
  }

  /** Whether a value is a single object of any schema. */
  boolean marks(byte[] value) {
    return value.length >= LENGTH && value[0] == header[0] && value[1] == header[1];
  }

  /** The body of a value that {@link #begins} with this header. */
  public ValueDecoder body(byte[] value) {
    return body(value, ValueLimits.PLAIN);
  }

  ValueDecoder body(byte[] value, ValueLimits limits) {
    return new ValueDecoder(value, LENGTH, limits);
  }

  /** The schema's fingerprint. */
  long fingerprint() {
    return fingerprint(header);
  }

  /** The fingerprint in a value that is {@link #marks marked}. */
  static long fingerprint(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
  }
}

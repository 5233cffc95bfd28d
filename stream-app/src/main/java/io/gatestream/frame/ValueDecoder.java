package io.gatestream.frame;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding, read from one array. In place of Avro's own decoder for two reasons: no
 * length or count in the value makes it allocate more than the value can hold or its {@link
 * ValueLimits} allow, and bytes are returned as views of the array, not copied. Used by one thread
 * for one value.
 */
public final class ValueDecoder extends Decoder {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] in;
  private final ValueLimits limits;
  private int position;
  private int items;

  /** A count or length above what values of its kind may have, whatever the bytes that follow. */
  static final class LimitException extends IOException {
    private static final long serialVersionUID = 1L;

    LimitException(String message) {
      super(message);
    }
  }

  /** Reads {@code value} from {@code offset} to its end. */
  ValueDecoder(byte[] value, int offset, ValueLimits limits) {
    this.limits = limits;
    this.in = value;
    this.position = offset;
  }

  /** Bytes that have not been read. */
  public int remaining() {
    return in.length - position;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    int value = in[take(1)];
    if (value != 0 && value != 1) {
      throw new IOException("boolean of " + value);
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("int of " + value);
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    long bits = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in[take(1)];
      if (shift == 63 && (next & 0xFE) != 0) {
        break;
      }
      bits |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new IOException("number of more than 64 bits");
  }

  @Override
  public float readFloat() throws IOException {
    return (float) FLOAT.get(in, take(Float.BYTES));
  }

  @Override
  public double readDouble() throws IOException {
    return (double) DOUBLE.get(in, take(Double.BYTES));
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    return new Utf8(readString());
  }

  @Override
  public String readString() throws IOException {
    int length = length();
    if (length > limits.text()) {
      throw new LimitException("a string of %d bytes, at most %d".formatted(length, limits.text()));
    }
    int start = take(length);
    for (int i = start; i < start + length; i++) {
      if (in[i] < 0) {
        ByteBuffer bytes = ByteBuffer.wrap(in, start, length);
        return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(); // refuses what is none
      }
    }
    return new String(in, start, length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void skipString() throws IOException {
    take(length());
  }

  /** A view of the value; {@code old} is left alone. */
  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    int length = length();
    return ByteBuffer.wrap(in, take(length), length).slice();
  }

  /**
   * Bytes that are float32 in little endian.
   *
   * @throws IOException they are no whole number of values
   */
  public float[] readFloats() throws IOException {
    int length = length();
    if (length % Float.BYTES != 0) {
      throw new IOException("%d bytes, which are no whole floats".formatted(length));
    }
    float[] values = new float[length / Float.BYTES];
    ByteBuffer.wrap(in, take(length), length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  @Override
  public void skipBytes() throws IOException {
    take(length());
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    System.arraycopy(in, take(length), bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    take(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    long count = readLong();
    if (count < 0) {
      // a block that says its size in bytes too
      count = -count;
      length();
    }
    claim(count);
    return count;
  }

  /** Holds a count against the bytes that are left and the limit, before it is acted upon. */
  private void claim(long count) throws IOException {
    if (count < 0 || count > remaining() / limits.itemBytes()) {
      throw new EOFException("%d items in %d bytes".formatted(count, remaining()));
    }
    if (count > limits.items() - items) {
      throw new LimitException(
          "%d values in its arrays, at most %d".formatted(items + count, limits.items()));
    }
    items += (int) count;
  }

  @Override
  public long arrayNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipArray() throws IOException {
    for (long count = readLong(); count != 0; count = readLong()) {
      if (count > 0) {
        claim(count);
        return count;
      }
      skipFixed(length());
    }
    return 0;
  }

  @Override
  public long readMapStart() throws IOException {
    return readArrayStart();
  }

  @Override
  public long mapNext() throws IOException {
    return readArrayStart();
  }

  @Override
  public long skipMap() throws IOException {
    return skipArray();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  private int length() throws IOException {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new EOFException("length of %d where %d bytes remain".formatted(length, remaining()));
    }
    return (int) length;
  }

  /** Goes on by so many bytes, and returns where they begin. */
  private int take(int bytes) throws EOFException {
    if (bytes < 0 || bytes > remaining()) {
      throw new EOFException("%d bytes wanted, %d remain".formatted(bytes, remaining()));
    }
    int start = position;
    position += bytes;
    return start;
  }
}

package io.gatestream.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;

/**
 * Avro's binary encoding, written to one growing array. In place of Avro's own encoder for values
 * that are written for every frame: the profile had a third of a free frame's time in generated
 * records and streams. Used by one thread for one value.
 */
public final class ValueWriter {
  private byte[] out;
  private int size;

  /** Starts with room for {@code expected} bytes; more are no error. */
  ValueWriter(int expected) {
    this.out = new byte[expected];
  }

  /** What was written; the array itself where it is full. */
  public byte[] bytes() {
    return size == out.length ? out : Arrays.copyOf(out, size);
  }

  /** Makes room for exactly so many more bytes, so that {@link #bytes} need not copy them. */
  public void fit(int more) {
    out = Arrays.copyOf(out, Math.addExact(size, more));
  }

  /** Bytes that {@link #number} writes: 7 bits in each, the sign in the lowest. */
  public static int numberLength(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    return Math.max(1, (70 - Long.numberOfLeadingZeros(zigzag)) / 7);
  }

  /** Bytes that {@link #floats} writes. */
  public static int floatsLength(float[] values) {
    int length = Math.multiplyExact(values.length, Float.BYTES);
    return Math.addExact(numberLength(length), length);
  }

  /** An int or long, or an enum's ordinal. */
  public void number(long value) {
    room(numberLength(value));
    size += BinaryData.encodeLong(value, out, size);
  }

  public void float32(float value) {
    room(Float.BYTES);
    size += BinaryData.encodeFloat(value, out, size);
  }

  /** A string; a lone surrogate becomes a question mark. */
  public void string(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes, or a string's UTF-8, which is encoded the same way. */
  public void bytes(byte[] bytes) {
    number(bytes.length);
    raw(bytes);
  }

  /** Bytes that are float32 in little endian. */
  public void floats(float[] values) {
    int length = Math.multiplyExact(values.length, Float.BYTES);
    number(length);
    room(length);
    ByteBuffer.wrap(out, size, length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    size += length;
  }

  /** Before an array's items; {@link #endArray} comes after them. */
  public void beginArray(int count) {
    if (count > 0) {
      number(count);
    }
  }

  public void endArray() {
    number(0);
  }

  /** Bytes without their length, as those of a record that was written before. */
  public void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
  }

  private void room(int bytes) {
    int needed = Math.addExact(size, bytes);
    if (needed > out.length) {
      out = Arrays.copyOf(out, Math.max(needed, Math.min(out.length, Integer.MAX_VALUE / 4) * 2));
    }
  }
}

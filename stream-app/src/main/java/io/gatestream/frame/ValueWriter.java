package io.gatestream.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;

/**
 * Avro's binary encoding, written to one growing array, or only measured. In place of Avro's own
 * encoder for values that are written for every frame: the profile had a third of a free frame's
 * time in generated records and streams. Used by one thread for one value.
 */
public final class ValueWriter {
  private static final byte[] NOTHING = new byte[0];

  private final boolean measures;
  private byte[] out;
  private int size;

  /** What is written; run twice, so that its length is known before the array is made. */
  public interface Content {
    /** Writes it, the same each time. */
    void write(ValueWriter out);
  }

  /** Starts with room for {@code expected} bytes; more are no error. */
  ValueWriter(int expected) {
    this.measures = false;
    this.out = new byte[expected];
  }

  private ValueWriter() {
    this.measures = true;
    this.out = NOTHING;
  }

  /** Bytes that a content writes. */
  static int length(Content content) {
    ValueWriter measure = new ValueWriter();
    content.write(measure);
    return measure.size;
  }

  /** What was written; the array itself where it is full. */
  public byte[] bytes() {
    return size == out.length ? out : Arrays.copyOf(out, size);
  }

  /** Bytes that {@link #number} writes: 7 bits in each, the sign in the lowest. */
  static int numberLength(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    return Math.max(1, (70 - Long.numberOfLeadingZeros(zigzag)) / 7);
  }

  /** An int or long, or an enum's ordinal. */
  public void number(long value) {
    int length = numberLength(value);
    if (room(length)) {
      BinaryData.encodeLong(value, out, size);
    }
    size += length;
  }

  public void float32(float value) {
    if (room(Float.BYTES)) {
      BinaryData.encodeFloat(value, out, size);
    }
    size += Float.BYTES;
  }

  public void float64(double value) {
    if (room(Double.BYTES)) {
      BinaryData.encodeDouble(value, out, size);
    }
    size += Double.BYTES;
  }

  /** A string; a lone surrogate becomes a question mark. */
  public void string(String text) {
    if (!isAscii(text)) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
      return;
    }
    int length = text.length();
    number(length);
    if (room(length)) {
      for (int i = 0; i < length; i++) {
        out[size + i] = (byte) text.charAt(i);
      }
    }
    size += length;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
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
    if (room(length)) {
      ByteBuffer.wrap(out, size, length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    }
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
    if (room(bytes.length)) {
      System.arraycopy(bytes, 0, out, size, bytes.length);
    }
    size += bytes.length;
  }

  /** Makes room, where bytes are written and not only measured. */
  private boolean room(int bytes) {
    int needed = Math.addExact(size, bytes);
    if (measures) {
      return false;
    }
    if (needed > out.length) {
      out = Arrays.copyOf(out, Math.max(needed, Math.min(out.length, Integer.MAX_VALUE / 4) * 2));
    }
    return true;
  }
}

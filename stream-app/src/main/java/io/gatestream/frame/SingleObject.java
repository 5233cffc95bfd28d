package io.gatestream.frame;

import io.gatestream.frame.FrameDecodeException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Avro's single-object encoding of one schema. Thread-safe. */
final class SingleObject<T extends SpecificRecord> {
  private final String name;
  private final SingleObjectHeader header;
  private final BinaryMessageEncoder<T> encoder;
  private final Map<SingleObjectHeader, Body<T>> bodies = new LinkedHashMap<>();
  private final ValueLimits limits;

  /** Reads an object's fields. */
  interface Body<T> {
    T read(ValueDecoder in) throws IOException;
  }

  /**
   * Encoding of one type, whose objects Avro reads.
   *
   * @param items in all arrays and maps of a value together, at most
   * @param text bytes of a string, at most
   */
  SingleObject(Class<T> type, int items, int text) {
    this(type, items, text, avro(type));
  }

  /** As the other, with a reader of its own. */
  SingleObject(Class<T> type, int items, int text, Body<T> body) {
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    this.name = schema.getName();
    this.header = new SingleObjectHeader(schema);
    this.encoder = new BinaryMessageEncoder<>(model, schema);
    this.limits = ValueLimits.of(schema, items, text);
    bodies.put(header, body);
  }

  private static <T> Body<T> avro(Class<T> type) {
    return avro(type, SpecificData.getForClass(type).getSchema(type));
  }

  private static <T> Body<T> avro(Class<T> type, Schema written) {
    SpecificData model = SpecificData.getForClass(type);
    DatumReader<T> reader = new SpecificDatumReader<>(written, model.getSchema(type), model);
    return in -> reader.read(null, in);
  }

  /** Reads objects of an earlier schema too, as if they had the defaults of newer fields. */
  SingleObject<T> alsoReading(Class<T> type, Schema earlier) {
    bodies.put(new SingleObjectHeader(earlier), avro(type, earlier));
    return this;
  }

  /** Whether a value begins as an object that {@link #decode} reads. */
  boolean begins(byte[] value) {
    return headerOf(value) != null;
  }

  byte[] encode(T object) {
    try {
      ByteBuffer encoded = encoder.encode(object);
      int start = encoded.arrayOffset() + encoded.position();
      boolean whole = start == 0 && encoded.remaining() == encoded.array().length;
      return whole
          ? encoded.array()
          : Arrays.copyOfRange(encoded.array(), start, start + encoded.remaining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads an object; its bytes fields are views of {@code value}. */
  T decode(byte[] value) throws FrameDecodeException {
    SingleObjectHeader found = headerOf(value);
    if (found == null) {
      if (!header.marks(value)) {
        throw unparsable("%d bytes without the header of an Avro single object", value.length);
      }
      throw unparsable(
          "schema fingerprint %016x, expected %016x of %s",
          SingleObjectHeader.fingerprint(value), header.fingerprint(), name);
    }
    ValueDecoder in = found.body(value, limits);
    T object;
    try {
      object = Objects.requireNonNull(bodies.get(found)).read(in);
    } catch (ValueDecoder.LimitException e) {
      throw new FrameDecodeException(
          Reason.BAD_FIELD, "%s with %s".formatted(name, e.getMessage()), e);
    } catch (IOException | AvroRuntimeException | ArithmeticException e) {
      throw new FrameDecodeException(
          Reason.UNPARSABLE, "no %s: %s".formatted(name, e.getMessage()), e);
    } catch (RuntimeException e) {
      // Avro throws what it meets: IndexOutOfBounds, ClassCast and others
      throw new FrameDecodeException(Reason.UNPARSABLE, "no %s: %s".formatted(name, e), e);
    }
    if (in.remaining() != 0) {
      throw unparsable("%d bytes after the end of the %s", in.remaining(), name);
    }
    return object;
  }

  private @Nullable SingleObjectHeader headerOf(byte[] value) {
    for (SingleObjectHeader known : bodies.keySet()) {
      if (known.begins(value)) {
        return known;
      }
    }
    return null;
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static FrameDecodeException unparsable(String message, Object... values) {
    return new FrameDecodeException(Reason.UNPARSABLE, message.formatted(values));
  }
}

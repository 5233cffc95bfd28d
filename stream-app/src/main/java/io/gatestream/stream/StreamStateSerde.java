package io.gatestream.stream;

import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.frame.ValueDecoder;
import io.gatestream.frame.ValueWriter;
import io.gatestream.schema.Reset;
import io.gatestream.schema.StreamStateRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Stream states as values of the store and its changelog: Avro single objects of {@link
 * StreamStateRecord}, so that a later version reads what an earlier one wrote. Thread-safe, as the
 * Avro message coders are.
 */
final class StreamStateSerde
    implements Serde<StreamState>, Serializer<StreamState>, Deserializer<StreamState> {
  /** Bytes of what is written before the tensors, or more: numbers, two short strings. */
  private static final int FIELDS = 200;

  private static final int FORMAT = 2;

  private final SingleObjectHeader current =
      new SingleObjectHeader(StreamStateRecord.getClassSchema());
  private final BinaryMessageDecoder<StreamStateRecord> earlier = earlierFormats();

  private static BinaryMessageDecoder<StreamStateRecord> earlierFormats() {
    BinaryMessageDecoder<StreamStateRecord> decoder =
        new BinaryMessageDecoder<>(new SpecificData(), StreamStateRecord.getClassSchema());
    try (InputStream format1 =
        Objects.requireNonNull(
            StreamStateSerde.class.getResourceAsStream("/state/StreamStateRecord-1.avsc"))) {
      decoder.addSchema(new Schema.Parser().parse(format1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return decoder;
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable StreamState state) {
    if (state == null) {
      return null;
    }
    StreamProgress progress = state.progress();
    ValueWriter out = current.write(FIELDS);
    out.number(FORMAT);
    out.string(progress.modelFingerprint());
    out.number(progress.session());
    out.number(progress.lastSequence());
    out.number(progress.lastCaptureTime());
    out.number(progress.lastStepTime());
    out.number(progress.due());
    out.number(progress.framesSinceReset());
    out.number(progress.duplicates());
    out.number(progress.skipped());
    out.number(progress.rejected());
    out.string(progress.pendingReset().name());
    out.beginArray(state.tensors().length);
    int rest = 1 + ValueWriter.numberLength(state.lastOffset());
    for (float[] tensor : state.tensors()) {
      rest = Math.addExact(rest, ValueWriter.floatsLength(tensor));
    }
    out.fit(rest);
    for (float[] tensor : state.tensors()) {
      out.floats(tensor);
    }
    out.endArray();
    out.number(state.lastOffset());
    return out.bytes();
  }

  @Override
  public @Nullable StreamState deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return current.begins(bytes) ? read(current.body(bytes)) : state(earlier.decode(bytes));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "a stream state in %s is of no format that this version reads".formatted(topic), e);
    }
  }

  /** The fields in the order of the schema. */
  private static StreamState read(ValueDecoder in) throws IOException {
    in.readInt(); // the format, which the schema's fingerprint told already
    StreamProgress progress =
        new StreamProgress(
            in.readString(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            new StreamProgress.Counts(in.readLong(), in.readLong(), in.readLong()),
            Reset.valueOf(in.readString()));
    List<float[]> tensors = new ArrayList<>();
    for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        tensors.add(in.readFloats());
      }
    }
    long lastOffset = in.readLong();
    if (in.remaining() != 0) {
      throw new IOException("%d bytes after the end".formatted(in.remaining()));
    }
    return new StreamState(progress, tensors.toArray(float[][]::new), lastOffset);
  }

  private static StreamState state(StreamStateRecord record) throws IOException {
    float[][] tensors = new float[record.getTensors().size()][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = ValueDecoder.floats(record.getTensors().get(i));
    }
    return new StreamState(
        new StreamProgress(
            record.getModelFingerprint(),
            record.getSession(),
            record.getLastSequence(),
            record.getLastCaptureTime(),
            record.getLastStepTime(),
            record.getDue(),
            record.getFramesSinceReset(),
            new StreamProgress.Counts(
                record.getDuplicates(), record.getSkipped(), record.getRejected()),
            Reset.valueOf(record.getPendingReset())),
        tensors,
        record.getLastOffset());
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    // nothing to configure
  }

  @Override
  public Serializer<StreamState> serializer() {
    return this;
  }

  @Override
  public Deserializer<StreamState> deserializer() {
    return this;
  }

  @Override
  public void close() {
    // holds nothing
  }
}

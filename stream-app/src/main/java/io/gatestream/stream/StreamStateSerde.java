package io.gatestream.stream;

import io.gatestream.schema.Reset;
import io.gatestream.schema.StreamStateRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
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
  private static final SpecificData MODEL = new SpecificData();

  private final BinaryMessageEncoder<StreamStateRecord> encoder =
      new BinaryMessageEncoder<>(MODEL, StreamStateRecord.getClassSchema());
  private final BinaryMessageDecoder<StreamStateRecord> decoder = decoder();

  /** Reads this version's format and all before it. */
  private static BinaryMessageDecoder<StreamStateRecord> decoder() {
    BinaryMessageDecoder<StreamStateRecord> decoder =
        new BinaryMessageDecoder<>(MODEL, StreamStateRecord.getClassSchema());
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
    List<ByteBuffer> tensors = new ArrayList<>(state.tensors().length);
    for (float[] tensor : state.tensors()) {
      ByteBuffer bytes =
          ByteBuffer.allocate(tensor.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(tensor);
      tensors.add(bytes);
    }
    StreamStateRecord record =
        StreamStateRecord.newBuilder()
            .setModelFingerprint(progress.modelFingerprint())
            .setSession(progress.session())
            .setLastSequence(progress.lastSequence())
            .setLastCaptureTime(progress.lastCaptureTime())
            .setLastStepTime(progress.lastStepTime())
            .setDue(progress.due())
            .setFramesSinceReset(progress.framesSinceReset())
            .setDuplicates(progress.duplicates())
            .setSkipped(progress.skipped())
            .setRejected(progress.rejected())
            .setPendingReset(progress.pendingReset().name())
            .setTensors(tensors)
            .setLastOffset(state.lastOffset())
            .build();
    try {
      ByteBuffer encoded = encoder.encode(record);
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new SerializationException("cannot write a stream state", e);
    }
  }

  @Override
  public @Nullable StreamState deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return state(decoder.decode(bytes));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "a stream state in %s is of no format that this version reads".formatted(topic), e);
    }
  }

  private static StreamState state(StreamStateRecord record) {
    float[][] tensors = new float[record.getTensors().size()][];
    for (int i = 0; i < tensors.length; i++) {
      ByteBuffer values = record.getTensors().get(i).order(ByteOrder.LITTLE_ENDIAN);
      if (values.remaining() % Float.BYTES != 0) {
        throw new IllegalArgumentException(
            "tensor %d of %d bytes, which are no whole floats".formatted(i, values.remaining()));
      }
      tensors[i] = new float[values.remaining() / Float.BYTES];
      values.asFloatBuffer().get(tensors[i]);
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

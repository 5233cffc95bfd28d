package io.gatestream.stream.state;

import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.frame.ValueDecoder;
import io.gatestream.frame.ValueWriter;
import io.gatestream.schema.Reset;
import io.gatestream.schema.StreamStateRecord;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.policy.Contender;
import io.gatestream.stream.policy.SessionRun;
import io.gatestream.stream.policy.Sessions;
import io.gatestream.stream.policy.StreamProgress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
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
public final class StreamStateSerde
    implements Serde<StreamState>, Serializer<StreamState>, Deserializer<StreamState> {
  private static final int FORMAT = 4;

  private final SingleObjectHeader current =
      new SingleObjectHeader(StreamStateRecord.getClassSchema());
  private final SingleObjectHeader format3 = new SingleObjectHeader(schema(3));
  private final SingleObjectHeader format2 = new SingleObjectHeader(schema(2));
  private final SingleObjectHeader format1 = new SingleObjectHeader(schema(1));

  private volatile EncodedText lastModel = new EncodedText("", new byte[0]);

  private static Schema schema(int format) {
    try (InputStream schema =
        Objects.requireNonNull(
            StreamStateSerde.class.getResourceAsStream(
                "/state/StreamStateRecord-%d.avsc".formatted(format)))) {
      return new Schema.Parser().parse(schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable StreamState state) {
    if (state == null) {
      return null;
    }
    byte[] model = utf8(state.progress().modelFingerprint());
    return current.value(out -> write(state, model, out));
  }

  /** All states that are written are of one model, or have none yet. */
  private byte[] utf8(String fingerprint) {
    EncodedText known = lastModel;
    if (!known.text.equals(fingerprint)) {
      known = new EncodedText(fingerprint, fingerprint.getBytes(StandardCharsets.UTF_8));
      lastModel = known;
    }
    return known.utf8;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record EncodedText(String text, byte[] utf8) {}

  private static void write(StreamState state, byte[] model, ValueWriter out) {
    StreamProgress progress = state.progress();
    out.number(FORMAT);
    out.bytes(model);
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
    for (float[] tensor : state.tensors()) {
      out.floats(tensor);
    }
    out.endArray();
    out.number(state.lastOffset());
    write(progress.sessions(), out);
    EventFields.write(state.events(), out);
  }

  private static void write(Sessions sessions, ValueWriter out) {
    out.number(sessions.firstSequence());
    out.beginArray(sessions.left().size());
    for (SessionRun run : sessions.left()) {
      out.number(run.session());
      out.number(run.firstSequence());
      out.number(run.lastSequence());
      out.number(run.lastCaptureTime());
    }
    out.endArray();
    Contender contender = sessions.contender();
    if (contender != null) {
      out.beginArray(1);
      out.number(contender.session());
      out.number(contender.firstCaptureTime());
      out.number(contender.lastSequence());
      out.number(contender.lastCaptureTime());
      out.number(contender.records());
      out.number(contender.misses());
    }
    out.endArray();
    out.number(sessions.returns());
  }

  @Override
  public @Nullable StreamState deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      if (current.begins(bytes)) {
        return read(current.body(bytes), FORMAT);
      }
      if (format3.begins(bytes)) {
        return read(format3.body(bytes), 3);
      }
      if (format2.begins(bytes)) {
        return read(format2.body(bytes), 2);
      }
      if (format1.begins(bytes)) {
        return read(format1.body(bytes), 1);
      }
      throw new IOException("its header is that of no format from 1 to %d".formatted(FORMAT));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "a stream state in %s is of no format that this version reads".formatted(topic), e);
    }
  }

  /** The fields in the order of the schema; older formats end before the last ones. */
  private static StreamState read(ValueDecoder in, int format) throws IOException {
    in.readInt(); // the format, which the schema's fingerprint told already
    String model = in.readString();
    long session = in.readLong();
    long lastSequence = in.readLong();
    long lastCaptureTime = in.readLong();
    long lastStepTime = in.readLong();
    long due = in.readLong();
    long framesSinceReset = in.readLong();
    StreamProgress.Counts counts =
        new StreamProgress.Counts(in.readLong(), in.readLong(), in.readLong());
    Reset pendingReset = Reset.valueOf(in.readString());
    List<float[]> tensors = new ArrayList<>();
    for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        tensors.add(in.readFloats());
      }
    }
    long lastOffset = format == 1 ? -1 : in.readLong();
    Sessions sessions = format < 3 ? Sessions.NONE : readSessions(in);
    StreamEvents events = format < 4 ? StreamEvents.NONE : EventFields.read(in);
    if (in.remaining() != 0) {
      throw new IOException("%d bytes after the end".formatted(in.remaining()));
    }
    return new StreamState(
        new StreamProgress(
            model,
            session,
            lastSequence,
            lastCaptureTime,
            lastStepTime,
            due,
            framesSinceReset,
            counts,
            pendingReset,
            sessions),
        tensors.toArray(float[][]::new),
        lastOffset,
        events);
  }

  private static Sessions readSessions(ValueDecoder in) throws IOException {
    long firstSequence = in.readLong();
    List<SessionRun> left = new ArrayList<>();
    for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        left.add(new SessionRun(in.readLong(), in.readLong(), in.readLong(), in.readLong()));
      }
    }
    Contender contender = null;
    for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
      for (long i = 0; i < items; i++) {
        contender =
            new Contender(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt());
      }
    }
    return new Sessions(firstSequence, left, contender, in.readInt());
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

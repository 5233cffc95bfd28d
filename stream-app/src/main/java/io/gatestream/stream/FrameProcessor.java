package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.Micros;
import io.gatestream.lookahead.EncodedRecord;
import io.gatestream.lookahead.FeatureSource;
import io.gatestream.lookahead.PictureFilter;
import io.gatestream.model.Classifier;
import io.gatestream.model.RecurrentStep;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.IdleStates;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.state.SweepBudget;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Advances each stream's state by each of its frames and forwards one label per frame, or the
 * record itself where it is bad.
 *
 * <p>One per task; its stream thread alone calls it. A label depends on the record, the stream's
 * state, the bundle and the settings only. The state is written last.
 */
final class FrameProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /**
   * A record with this header and the value {@code reset} asks for a reset of its stream; so does a
   * null value.
   */
  static final String CONTROL_HEADER = "gatestream.control";

  /** How often idle states are looked for. */
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final Parts parts;
  private final FeatureSource features;
  private final StreamPolicy policy;
  private final StreamMetrics metrics;

  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable KeyValueStore<Bytes, StreamState> store;
  private @Nullable IdleStates idle;

  /** Offset of the last record, -1 before the first. */
  private long position = -1;

  /** Why frames of the record at hand are dropped, where some are. */
  private Admission.Cause cause = Admission.Cause.SEQUENCE;

  /** Whether what comes of the record at hand is written. */
  private boolean written = true;

  FrameProcessor(Parts parts) {
    this.parts = parts;
    this.features = parts.features();
    this.policy = parts.policy();
    this.metrics = parts.metrics();
  }

  /**
   * What all processors of an application share; each is thread-safe or immutable.
   *
   * @param framesTopic the only source topic
   * @param auxiliarySize side features that the model takes of each frame, 0 for none
   */
  record Parts(
      String framesTopic,
      String storeName,
      FrameCodec codec,
      FeatureSource features,
      RecurrentStep step,
      int auxiliarySize,
      StreamPolicy policy,
      LabelMaker labels,
      Rejections rejections,
      StreamMetrics metrics,
      RecordSelection selection,
      Overload overload,
      StreamWatch watch) {}

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    KeyValueStore<Bytes, StreamState> states = newContext.getStateStore(parts.storeName());
    store = states;
    position = -1;
    if (policy.removesStates()) {
      IdleStates sweeping = new IdleStates(states, policy, SweepBudget.ofThisThread());
      idle = sweeping;
      newContext.schedule(
          SWEEP,
          PunctuationType.WALL_CLOCK_TIME,
          now -> {
            if (position >= 0) {
              metrics.removed(sweeping.sweep(position, now));
            }
          });
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    TopicPartition partition = new TopicPartition(at.topic(), at.partition());
    try {
      RecordUse use =
          parts.selection().of(at.partition(), at.offset(), record.timestamp(), record.key());
      written = use == RecordUse.LABELLED;
      if (use != RecordUse.IGNORED) {
        process(record, at, partition);
      }
      position = at.offset();
      features.passed(partition, at.offset());
    } catch (TaskMigratedException | TaskCorruptedException e) {
      throw e; // Kafka Streams handles these: a rebalance or a lost transaction, not this record
    } catch (RuntimeException e) {
      throw new FrameProcessingException(at.topic(), at.partition(), at.offset(), e);
    }
  }

  private void process(Record<byte[], byte[]> record, RecordMetadata at, TopicPartition partition) {
    if (record.key() == null) {
      reject(
          record,
          at,
          new FrameDecodeException(Reason.KEY_MISMATCH, "the record has no key"),
          StreamProgress.START);
      metrics.countedWithoutStream();
      return;
    }
    if (record.key().length > StreamPolicy.LONGEST_KEY) {
      reject(
          record,
          at,
          new FrameDecodeException(
              Reason.KEY_MISMATCH,
              "a key of %d bytes; a stream id has %d at most"
                  .formatted(record.key().length, StreamPolicy.LONGEST_KEY)),
          StreamProgress.START);
      metrics.countedWithoutStream();
      return;
    }
    Bytes id = Bytes.wrap(record.key());
    StreamState state = load(id, at.offset());
    parts.watch().placed(id, at.partition(), state.progress());
    boolean control = isControl(record);
    if (control || record.value() == null) {
      if (control || policy.tombstoneResets()) {
        store().put(id, state.with(state.progress().withPendingReset(Reset.REQUESTED)));
        metrics.resetRequested(!control);
      }
      return;
    }
    // A frame that does not parse counts as one.
    int frames = 1;
    List<Labelled> labels = new ArrayList<>();
    StreamState after;
    cause = Admission.Cause.SEQUENCE;
    try {
      Frame frame = parts.codec().decode(record.value());
      frames = frame.getFrameCount();
      check(frame, record.key());
      after = label(record, frame, state, partition, at.offset(), labels);
      if (written) {
        for (Labelled label : labels) {
          context().forward(label.record(), FrameTopology.LABELS);
          metrics.labelled(label.reset());
        }
        parts.watch().decided(id, at.partition(), frame, state.progress(), after.progress(), cause);
      }
    } catch (FrameDecodeException bad) {
      after = state.with(state.progress().withRejected(frames));
      reject(record, at, bad, after.progress());
    }
    metrics.counted(state.progress(), after.progress(), cause);
    store().put(id, after);
  }

  /** A label, and whether its stream began anew. */
  private record Labelled(Record<byte[], byte[]> record, Reset reset) {}

  /**
   * Labels what the policy lets through, all of the record or nothing, and returns the state after
   * it.
   */
  private StreamState label(
      Record<byte[], byte[]> record,
      Frame frame,
      StreamState state,
      TopicPartition partition,
      long offset,
      List<Labelled> labels)
      throws FrameDecodeException {
    long session = Micros.of(frame.getSession());
    int count = frame.getFrameCount();
    long captureTime = Micros.of(frame.getCaptureTime());
    Admission admission =
        policy.admit(state.progress(), session, frame.getSequence(), count, captureTime);
    StreamState admitted = state.with(admission.progress());
    if (admission instanceof Admission.Dropped dropped) {
      cause = dropped.cause();
      return admitted;
    }
    if (count == 1
        && policy.decide(admitted.progress(), session, frame.getSequence(), captureTime)
            instanceof Decision.Skip skip) {
      return admitted.with(skip.after());
    }
    if (parts.overload().skips(partition.partition())) {
      metrics.overrun(count);
      return admitted.with(admitted.progress().withOverrun(count));
    }
    EncodedRecord encoded =
        features.take(partition, offset, record.value(), wantedFrom(admitted.progress(), frame));
    for (int i = 0; i < encoded.count(); i++) {
      if (!policy.isPossible(encoded.captureTime(i))) {
        throw impossible("capture time of picture " + i, encoded.captureTime(i));
      }
    }
    encoded = complete(encoded, partition, offset, record.value(), admitted.progress());
    StreamState now = admitted;
    for (int i = 0; i < encoded.count(); i++) {
      now = advance(record.key(), encoded, i, now, labels);
    }
    return now;
  }

  private StreamState advance(
      byte[] key, EncodedRecord encoded, int picture, StreamState state, List<Labelled> labels)
      throws FrameDecodeException {
    Frame frame = encoded.frame();
    Decision decision = decide(state.progress(), encoded, picture);
    if (!(decision instanceof Decision.Step go)) {
      return state.with(decision.after());
    }
    float[] feature = encoded.features(picture).orElseThrow();
    float[] auxiliary = auxiliary(frame);
    RecurrentStep step = parts.step();
    boolean anew = go.reset() != Reset.NONE;
    float[][] before = anew ? step.initialState() : state.tensors();
    RecurrentStep.Result result = step.step(feature, before, go.elapsed(), auxiliary);
    if (!Classifier.isFinite(result) && !anew) {
      go = new Decision.Step(Reset.NON_FINITE_STATE, 0, go.after().asFirstSinceReset());
      result = step.step(feature, step.initialState(), 0, auxiliary);
    }
    if (!Classifier.isFinite(result)) {
      throw new FrameDecodeException(
          Reason.NOT_FINITE, "the model gives values that are no finite numbers for this frame");
    }
    long captureTime = encoded.captureTime(picture);
    byte[] label =
        parts
            .labels()
            .encode(frame, picture, captureTime, encoded.sourceTime(picture), go, result.logits());
    labels.add(new Labelled(new Record<>(key, label, captureTime / 1_000), go.reset()));
    return new StreamState(go.after(), result.state(), state.lastOffset());
  }

  /** Adds the features that a wrong guess of the policy left out. */
  private EncodedRecord complete(
      EncodedRecord encoded,
      TopicPartition partition,
      long offset,
      byte[] value,
      StreamProgress from)
      throws FrameDecodeException {
    BitSet missing = new BitSet();
    StreamProgress progress = from;
    for (int i = 0; i < encoded.count(); i++) {
      Decision decision = decide(progress, encoded, i);
      progress = decision.after();
      missing.set(i, decision instanceof Decision.Step && encoded.features(i).isEmpty());
    }
    return missing.isEmpty()
        ? encoded
        : encoded.orElse(
            features.encode(partition, offset, value, (index, time) -> missing.get(index)));
  }

  /** What the policy will let through, asked picture by picture while the record is decoded. */
  private PictureFilter wantedFrom(StreamProgress from, Frame frame) {
    StreamProgress[] progress = {from};
    long session = Micros.of(frame.getSession());
    return (index, captureTime) -> {
      Decision decision =
          policy.decide(progress[0], session, frame.getSequence() + index, captureTime);
      progress[0] = decision.after();
      return decision instanceof Decision.Step;
    };
  }

  private Decision decide(StreamProgress progress, EncodedRecord encoded, int picture) {
    Frame frame = encoded.frame();
    return policy.decide(
        progress,
        Micros.of(frame.getSession()),
        frame.getSequence() + picture,
        encoded.captureTime(picture));
  }

  /** The stream's state, already at the record's offset. */
  private StreamState load(Bytes id, long offset) {
    StreamState state = store().get(id);
    if (state == null) {
      return StreamState.START.at(offset);
    }
    if (!policy.accepts(state.progress())) {
      metrics.refused();
      throw new ModelRefusedException(
          "stream '%s' has a state of another model (%s), and model.change is 'refuse'"
              .formatted(new String(id.get(), UTF_8), state.progress().modelFingerprint()));
    }
    return (policy.isIdle(state.lastOffset(), offset) ? state.withoutTensors() : state).at(offset);
  }

  private void check(Frame frame, byte[] key) throws FrameDecodeException {
    if (!Arrays.equals(frame.getStreamId().getBytes(UTF_8), key)) {
      throw new FrameDecodeException(
          Reason.KEY_MISMATCH,
          "the key '%s' is not the frame's streamId '%s'"
              .formatted(new String(key, UTF_8), frame.getStreamId()));
    }
    checkTime("capture time", Micros.of(frame.getCaptureTime()));
    checkTime("session", Micros.of(frame.getSession()));
    if (parts.auxiliarySize() > 0 && frame.getAuxiliary().size() != parts.auxiliarySize()) {
      throw new FrameDecodeException(
          Reason.BAD_FIELD,
          "the model takes %d auxiliary values and the frame has %d"
              .formatted(parts.auxiliarySize(), frame.getAuxiliary().size()));
    }
  }

  private void checkTime(String what, long time) throws FrameDecodeException {
    if (!policy.isPossible(time)) {
      throw impossible(what, time);
    }
  }

  private FrameDecodeException impossible(String what, long time) {
    return new FrameDecodeException(
        Reason.BAD_TIME,
        "%s %d µs is not between 1970 and %s"
            .formatted(what, time, Micros.instant(policy.latestTime())));
  }

  private float[] auxiliary(Frame frame) {
    float[] values = new float[parts.auxiliarySize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = frame.getAuxiliary().get(i);
    }
    return values;
  }

  private void reject(
      Record<byte[], byte[]> record,
      RecordMetadata at,
      FrameDecodeException bad,
      StreamProgress after) {
    if (written) {
      context().forward(parts.rejections().of(record, at, bad), FrameTopology.REJECTED);
      metrics.rejected(bad.reason());
      parts.watch().rejected(record, at, bad, after);
    }
  }

  private static boolean isControl(Record<byte[], byte[]> record) {
    var header = record.headers().lastHeader(CONTROL_HEADER);
    return header != null
        && header.value() != null
        && "reset".equals(new String(header.value(), UTF_8));
  }

  @Override
  public void close() {
    if (idle != null) {
      idle.close();
      idle = null;
    }
    if (context != null) {
      features.purge(new TopicPartition(parts.framesTopic(), context.taskId().partition()));
    }
  }

  private ProcessorContext<byte[], byte[]> context() {
    if (context == null) {
      throw new IllegalStateException("init has not been called");
    }
    return context;
  }

  private KeyValueStore<Bytes, StreamState> store() {
    if (store == null) {
      throw new IllegalStateException("init has not been called");
    }
    return store;
  }
}

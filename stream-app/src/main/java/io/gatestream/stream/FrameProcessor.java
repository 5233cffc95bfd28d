package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.lookahead.FeatureSource;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.schema.Reset;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.steps.RecordRules;
import io.gatestream.stream.steps.StepThreads;
import io.gatestream.stream.steps.StepsAhead;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka half of the advance: loads the stream's state, has {@link FrameAdvance} make the next
 * one, forwards its labels or the record itself where it is bad, and writes the state last.
 *
 * <p>One per task; its stream thread alone calls it.
 */
final class FrameProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /**
   * A record with this header and the value {@code reset} asks for a reset of its stream, as a null
   * value does; with the value {@code end-events} it ends the stream's events.
   */
  static final String CONTROL_HEADER = "gatestream.control";

  private static final String RESET = "reset";
  private static final String END_EVENTS = "end-events";

  private final Parts parts;
  private final FeatureSource features;
  private final StreamPolicy policy;
  private final StreamMetrics metrics;

  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable TaskStates states;
  private @Nullable StepsAhead steps;
  private @Nullable TaskEvents events;

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
   * @param tasks told which tasks are open, for whoever asks for their states
   */
  record Parts(
      String framesTopic,
      String storeName,
      FeatureSource features,
      StreamPolicy policy,
      RecordRules rules,
      FrameAdvance advance,
      StepThreads steps,
      TaskEvents.Parts events,
      Rejections rejections,
      StreamMetrics metrics,
      RecordSelection selection,
      Overload overload,
      StreamWatch watch,
      OpenTasks tasks) {}

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    TaskStates opened =
        TaskStates.of(
            newContext,
            parts.storeName(),
            policy,
            parts.rules(),
            parts.steps().newTask(),
            parts.tasks(),
            metrics);
    states = opened;
    events = TaskEvents.of(parts.events(), newContext, opened, metrics);
    steps = parts.steps().ofThisThread();
    steps.join(newContext.taskId().partition(), opened);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    TopicPartition partition = new TopicPartition(at.topic(), at.partition());
    try {
      RecordUse use =
          parts.selection().of(at.partition(), at.offset(), record.timestamp(), record.key());
      if (use != RecordUse.IGNORED) {
        process(record, at, partition, use == RecordUse.LABELLED);
      }
      states().passed(at.offset());
      features.passed(partition, at.offset());
    } catch (TaskMigratedException | TaskCorruptedException e) {
      throw e; // Kafka Streams handles these: a rebalance or a lost transaction, not this record
    } catch (RuntimeException e) {
      throw new FrameProcessingException(at.topic(), at.partition(), at.offset(), e);
    }
  }

  /** Processes a record; {@code written} is whether what comes of it is. */
  private void process(
      Record<byte[], byte[]> record, RecordMetadata at, TopicPartition partition, boolean written) {
    byte[] key = record.key();
    Optional<FrameDecodeException> bad = FrameAdvance.badKey(key);
    if (bad.isPresent()) {
      if (written) {
        reject(record, at, bad.get(), StreamProgress.START);
      }
      metrics.countedWithoutStream();
      return;
    }
    Bytes id = Bytes.wrap(key);
    StreamState before = states().load(id, at.offset());
    parts.watch().placed(id, at.partition(), before.progress());
    String control = control(record);
    if (control.equals(END_EVENTS)) {
      put(id, events().close(id, before, written), false);
      return;
    }
    boolean reset = control.equals(RESET);
    if (reset || record.value() == null) {
      if (reset || policy.tombstoneResets()) {
        put(id, before.with(before.progress().withPendingReset(Reset.REQUESTED)), false);
        metrics.resetRequested(!reset);
      }
      return;
    }
    FrameRecord frames = features.record(partition, at.offset(), record.value());
    Advanced advanced =
        parts
            .advance()
            .advance(
                key,
                frames,
                before,
                parts.overload().skips(at.partition()),
                (call, picture) ->
                    steps().step(at.partition(), id, call, frames.takeStep(picture)));
    Admission.Cause cause = Admission.Cause.SEQUENCE;
    if (advanced instanceof Advanced.Decided decided) {
      cause = decided.cause();
      if (decided.overrun() > 0) {
        metrics.overrun(decided.overrun());
      }
      if (written) {
        forward(record, decided);
        parts
            .watch()
            .decided(
                id,
                at.partition(),
                decided.frame(),
                before.progress(),
                decided.after().progress(),
                cause);
      }
    } else if (advanced instanceof Advanced.Rejected rejected && written) {
      reject(record, at, rejected.why(), rejected.after().progress());
    }
    metrics.counted(before.progress(), advanced.after().progress(), cause);
    put(
        id,
        advanced.after(),
        advanced instanceof Advanced.Decided done && !done.labels().isEmpty());
  }

  private void put(Bytes id, StreamState after, boolean labelled) {
    states().put(id, after);
    events().seen(id, after.events(), labelled);
  }

  private void forward(Record<byte[], byte[]> record, Advanced.Decided decided) {
    Headers trace = TraceContext.of(record.headers());
    for (Advanced.Label label : decided.labels()) {
      context()
          .forward(
              new Record<>(record.key(), label.value(), label.captureTime() / 1_000, trace),
              FrameTopology.LABELS);
      metrics.labelled(label.reset());
    }
    events().write(record.key(), decided.events(), trace);
  }

  private void reject(
      Record<byte[], byte[]> record,
      RecordMetadata at,
      FrameDecodeException bad,
      StreamProgress after) {
    context().forward(parts.rejections().of(record, at, bad), FrameTopology.REJECTED);
    metrics.rejected(bad.reason());
    parts.watch().rejected(record, at, bad, after);
  }

  /** What a record asks for in place of bringing a frame; empty where it does not. */
  private static String control(Record<byte[], byte[]> record) {
    var header = record.headers().lastHeader(CONTROL_HEADER);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }

  @Override
  public void close() {
    if (events != null) {
      events.close();
    }
    if (states != null) {
      states.close();
    }
    if (context != null && steps != null) {
      steps.leave(context.taskId().partition());
    }
    if (context != null) {
      features.purge(new TopicPartition(parts.framesTopic(), context.taskId().partition()));
    }
  }

  private ProcessorContext<byte[], byte[]> context() {
    return Objects.requireNonNull(context, "init has not been called");
  }

  private StepsAhead steps() {
    return Objects.requireNonNull(steps, "init has not been called");
  }

  private TaskEvents events() {
    return Objects.requireNonNull(events, "init has not been called");
  }

  private TaskStates states() {
    return Objects.requireNonNull(states, "init has not been called");
  }
}

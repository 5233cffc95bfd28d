package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.lookahead.PartitionLags;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.stream.events.EventChange;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.events.EventWriter;
import io.gatestream.stream.events.SilentStreams;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.state.OpenEventScan;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.watch.StreamMetrics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The events of one task's streams: writes what is told of them, and ends those of streams that are
 * silent by the wall clock. Used by the task's stream thread alone.
 */
final class TaskEvents implements AutoCloseable {
  /** How often silent streams are looked for. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Parts parts;
  private final ProcessorContext<byte[], byte[]> context;
  private final TaskStates states;
  private final StreamMetrics metrics;
  private final SilentStreams silent;

  /** None where no clock ends events: it would take its share of the thread's budget. */
  private final @Nullable OpenEventScan scan;

  /**
   * What the events of all tasks share; each is thread-safe or immutable.
   *
   * @param clocked whether silence by the wall clock ends events: not in a replay, where capture
   *     times alone decide
   */
  record Parts(EventTracker tracker, EventWriter writer, PartitionLags lags, boolean clocked) {
    static Parts of(ModelBundle bundle, EventRules rules, PartitionLags lags, boolean clocked) {
      return new Parts(new EventTracker(rules), new EventWriter(bundle), lags, clocked);
    }
  }

  private TaskEvents(
      Parts parts,
      ProcessorContext<byte[], byte[]> context,
      TaskStates states,
      StreamMetrics metrics) {
    this.parts = parts;
    this.context = context;
    this.states = states;
    this.metrics = metrics;
    this.silent = new SilentStreams(parts.tracker().idle());
    boolean looks = parts.clocked() && !parts.tracker().isOff();
    this.scan = looks ? states.scanOpenEvents() : null;
    if (looks) {
      context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, this::look);
    }
  }

  /** Those of the task that begins with this context. */
  static TaskEvents of(
      Parts parts,
      ProcessorContext<byte[], byte[]> context,
      TaskStates states,
      StreamMetrics metrics) {
    return new TaskEvents(parts, context, states, metrics);
  }

  /**
   * Notes where a stream is after a record of its own.
   *
   * @param labelled whether the record got a label: bad and repeated frames are silence
   */
  void seen(Bytes id, StreamEvents after, boolean labelled) {
    boolean owes = after.oweEnd();
    if (labelled || !owes) {
      silent.seen(id, owes);
    }
  }

  /** Ends all events of a stream, as a control record asks; while events are off, nothing. */
  StreamState close(Bytes id, StreamState before, boolean written) {
    if (parts.tracker().isOff()) {
      return before;
    }
    EventTracker.Result closed = parts.tracker().close(before.events());
    if (written) {
      write(id.get(), closed.changes(), new RecordHeaders());
    }
    return before.with(closed.after());
  }

  /** Writes what is to be told, in the transaction of the record. */
  void write(byte[] key, List<EventChange> changes, Headers trace) {
    if (changes.isEmpty()) {
      return;
    }
    String streamId = new String(key, UTF_8);
    for (EventChange change : changes) {
      context.forward(
          new Record<>(
              key, parts.writer().encode(streamId, change), EventWriter.timestamp(change), trace),
          FrameTopology.EVENTS);
      metrics.told(change.phase());
    }
  }

  /** Once a second: what this task began with is looked through, and who is silent is ended. */
  private void look(long now) {
    if (scan != null) {
      scan.next(now, id -> silent.seen(id, true));
    }
    int partition = context.taskId().partition();
    // frames that have not been polled may be of streams that only seem to be silent
    boolean waiting = parts.lags().of(partition) > 0 || !parts.lags().isFetched(partition);
    for (Bytes id : silent.tick(now, waiting)) {
      StreamState before = states.loadAsIs(id);
      String streamId = new String(id.get(), UTF_8);
      EventTracker.Result ended = parts.tracker().silence(before.events(), streamId);
      write(id.get(), ended.changes(), new RecordHeaders());
      states.put(id, before.with(ended.after()));
    }
  }

  @Override
  public void close() {
    if (scan != null) {
      scan.close();
    }
  }
}

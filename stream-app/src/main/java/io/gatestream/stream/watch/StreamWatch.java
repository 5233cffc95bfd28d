package io.gatestream.stream.watch;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.Micros;
import io.gatestream.frame.TimeUnitGuess;
import io.gatestream.metrics.Metric;
import io.gatestream.schema.Frame;
import io.gatestream.schema.Reset;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.watch.TroubledStreams.Seen;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what becomes of records, and tells operators what producers do wrong: by the log, by {@code
 * /trouble} and by a metric. It decides nothing, and costs a frame that is labelled a hash of its
 * key. Thread-safe.
 */
public final class StreamWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamWatch.class);

  /** Lines about streams in a minute. */
  private static final int LINES = 20;

  /** Frames that follow each other faster are of no camera: microseconds. */
  private static final long CLOSE = 1_000;

  private final int partitions;
  private final InstantSource clock;
  private final LogBudget lines;
  private final RejectionLog rejections;
  private final TroubledStreams streams;
  private final Counter misplaced;

  /**
   * Creates it.
   *
   * @param partitions of the frames topic; 0 where that is not known
   */
  public StreamWatch(
      int partitions, MeterRegistry metrics, InstantSource clock, Consumer<String> log) {
    this.partitions = partitions;
    this.clock = clock;
    this.lines = new LogBudget(LINES, clock, log);
    this.rejections = new RejectionLog(clock, log);
    this.streams = new TroubledStreams(clock, this::write);
    this.misplaced = Metric.RECORDS_MISPLACED.counter(metrics, "PARTITIONER");
  }

  private void write(TroubledStreams.Line line) {
    LogPlace.with(
        LogText.of(line.stream().get()),
        line.seen().partition(),
        () -> lines.write(TroubleText.line(line)));
  }

  /** One that tells the log. */
  public static StreamWatch logging(int partitions, MeterRegistry metrics) {
    return new StreamWatch(partitions, metrics, InstantSource.system(), log::warn);
  }

  /** A record with a key, before anything is done with it. */
  public void placed(Bytes stream, int partition, StreamProgress progress) {
    if (partitions > 1 && Utils.toPositive(Utils.murmur2(stream.get())) % partitions != partition) {
      misplaced.increment();
      streams.add(
          stream,
          Trouble.OTHER_PARTITION,
          new Seen(partition, progress, Long.MIN_VALUE, Long.MIN_VALUE),
          1);
    }
  }

  /**
   * A record whose frames the stream policy has decided on.
   *
   * @param before the stream's progress before it
   * @param cause why frames were dropped, where some were
   */
  public void decided(
      Bytes stream,
      int partition,
      Frame frame,
      StreamProgress before,
      StreamProgress after,
      Admission.Cause cause) {
    long captureTime = Micros.of(frame.getCaptureTime());
    boolean labelled = after.hasLabelSince(before);
    if (labelled && !TimeUnitGuess.isSuspicious(captureTime)) {
      return;
    }
    long session = Micros.of(frame.getSession());
    Seen seen = new Seen(partition, after, session, captureTime);
    long dropped = after.duplicates() - before.duplicates();
    long skipped = after.skipped() - before.skipped();
    if (labelled) {
      if (after.framesSinceReset() == 1 && after.pendingReset() == Reset.NONE) {
        streams.add(stream, Trouble.TIMES_IN_ANOTHER_UNIT, seen, 1);
      }
    } else if (dropped > 0) {
      streams.add(stream, Trouble.of(cause), seen, dropped);
    } else if (skipped > 0 && after.lastSequence() == before.lastSequence()) {
      streams.add(stream, Trouble.OVERLOAD, seen, skipped);
    } else if (skipped > 0 && Math.abs(captureTime - before.lastCaptureTime()) < CLOSE) {
      streams.add(
          stream,
          TimeUnitGuess.isSuspicious(captureTime)
              ? Trouble.TIMES_IN_ANOTHER_UNIT
              : Trouble.TIMES_STAND_STILL,
          seen,
          skipped);
    }
  }

  /** A record that was rejected. */
  public void rejected(
      Record<byte[], byte[]> record,
      RecordMetadata at,
      FrameDecodeException bad,
      StreamProgress after) {
    LogPlace.with(
        record.key() == null ? "" : LogText.of(record.key()),
        at.partition(),
        () -> rejections.add(record.key(), record.value(), at, bad));
    if (record.key() != null && record.key().length <= StreamPolicy.LONGEST_KEY) {
      streams.add(
          Bytes.wrap(record.key()),
          Trouble.REJECTED,
          new Seen(at.partition(), after, Long.MIN_VALUE, Long.MIN_VALUE),
          1);
    }
  }

  /** Writes what has been gathered for a minute: called now and then. */
  public void tick() {
    rejections.tick();
    lines.tick();
  }

  /** Writes all that has been gathered. */
  @Override
  public void close() {
    rejections.flush();
  }

  /** Streams in trouble, as JSON. */
  public String json() {
    return TroubleText.json(streams.list(), TroubledStreams.MOST_STREAMS, clock.instant());
  }
}

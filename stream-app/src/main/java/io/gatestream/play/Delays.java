package io.gatestream.play;

import io.gatestream.schema.FrameLabel;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The wall time from the sending of a frame to the reading of its committed label. Capture times
 * would not do: those of a file are made up, and frames may be sent faster than real time.
 *
 * <p>Memory is bounded: of each stream the newest {@link #OUTSTANDING} sent records are remembered,
 * and delays go to a histogram of two significant digits. Thread-safe.
 */
public final class Delays {
  static final int OUTSTANDING = 4096;

  private static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);

  private final Map<String, TreeMap<Long, Long>> sent = new HashMap<>();
  private final Histogram micros = new Histogram(MAX_MICROS, 2);

  /**
   * A record of {@code stream} was sent.
   *
   * @param sequence of its first frame; later frames of the record have the following numbers
   * @param nanos of {@link System#nanoTime}
   */
  public synchronized void sent(String stream, long sequence, long nanos) {
    TreeMap<Long, Long> outstanding = sent.computeIfAbsent(stream, id -> new TreeMap<>());
    outstanding.put(sequence, nanos);
    if (outstanding.size() > OUTSTANDING) {
      outstanding.pollFirstEntry();
    }
  }

  /** A label was read; gives its delay in nanoseconds, empty where the sending is not known. */
  public synchronized OptionalLong labelled(FrameLabel label, long nanos) {
    TreeMap<Long, Long> outstanding = sent.get(label.getStreamId());
    Map.Entry<Long, Long> record =
        outstanding == null ? null : outstanding.floorEntry(label.getSequence());
    if (outstanding == null || record == null) {
      return OptionalLong.empty();
    }
    outstanding.headMap(record.getKey(), false).clear();
    long delay = Math.max(0, nanos - record.getValue());
    micros.recordValue(Math.min(MAX_MICROS, TimeUnit.NANOSECONDS.toMicros(delay)));
    return OptionalLong.of(delay);
  }

  /** The delay in milliseconds that {@code percent} of the labels stayed within; 0 without any. */
  public synchronized double milliseconds(double percent) {
    return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percent) / 1000.0;
  }
}

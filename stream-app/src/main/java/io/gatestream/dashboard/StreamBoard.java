package io.gatestream.dashboard;

import io.gatestream.labels.ReadLabel;
import io.gatestream.schema.FrameLabel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * All streams, by what their labels say. One thread adds, any may look. Bounded: of more than
 * {@value #MOST_STREAMS} streams the one that is silent longest goes.
 */
final class StreamBoard {
  private static final int MOST_STREAMS = 10_000;

  private final long historyMillis;
  private final LongSupplier clock;

  private final Map<String, StreamCard> streams = new HashMap<>();

  private final RateMeter labelled = new RateMeter();
  private final RateMeter duplicates = new RateMeter();
  private final RateMeter skipped = new RateMeter();
  private long labels;
  private long version;

  /** Since this version no stream has gone. */
  private long lastGone;

  StreamBoard(long historyMillis, LongSupplier clock) {
    this.historyMillis = historyMillis;
    this.clock = clock;
  }

  /**
   * Takes labels in their partitions' order.
   *
   * @param live whether they were committed just now, and are no history
   */
  synchronized void add(List<ReadLabel> read, boolean live) {
    long now = clock.getAsLong();
    for (ReadLabel label : read) {
      add(label, now, live);
    }
  }

  private void add(ReadLabel read, long now, boolean live) {
    FrameLabel label = read.label();
    StreamCard card = streams.get(label.getStreamId());
    if (card == null) {
      card = new StreamCard(label, historyMillis);
      streams.put(label.getStreamId(), card);
    } else if (live) {
      duplicates.add(now, Math.max(0, label.getDuplicates() - card.last().getDuplicates()));
      skipped.add(now, Math.max(0, label.getSkipped() - card.last().getSkipped()));
    }
    card.add(label, read.partition(), now, live);
    card.changed(++version);
    dropTheOldest();
    labels++;
    if (live) {
      labelled.add(now, 1);
    }
  }

  /** Forgets all: the topic is read again. */
  synchronized void clear() {
    streams.clear();
    labels = 0;
    lastGone = ++version;
  }

  private void dropTheOldest() {
    if (streams.size() > MOST_STREAMS) {
      StreamCard oldest =
          Collections.min(streams.values(), Comparator.comparingLong(StreamCard::labelledAt));
      streams.remove(oldest.last().getStreamId());
      lastGone = ++version;
    }
  }

  /**
   * What changed.
   *
   * @param version of this, to ask from next time
   * @param full whether these are all streams
   */
  record Changes(long version, boolean full, List<Views.Stream> streams, double labelsPerSecond) {}

  /** What changed after a version; everything if that is -1 or a stream has gone since. */
  synchronized Changes since(long known) {
    long now = clock.getAsLong();
    for (StreamCard card : streams.values()) {
      if (card.look(now)) {
        card.changed(++version);
      }
    }
    boolean full = known < lastGone || known > version || known < 0;
    List<Views.Stream> changed = new ArrayList<>();
    for (StreamCard card : streams.values()) {
      if (full || card.version() > known) {
        changed.add(card.view(now));
      }
    }
    return new Changes(version, full, changed, labelled.perSecond(now));
  }

  synchronized Optional<StreamPlace> place(String stream) {
    long now = clock.getAsLong();
    return card(stream)
        .map(
            card ->
                new StreamPlace(
                    card.partition(),
                    card.captureTime(),
                    card.last().getSequence(),
                    card.rate(now),
                    card.sessions()));
  }

  /**
   * Where a stream's frames are to be looked for.
   *
   * @param captureTime of the last label, milliseconds since the epoch
   * @param sequence of the last label
   * @param rate labels a second, 0 where it stands still
   * @param sessions that were seen, oldest first, microseconds
   */
  record StreamPlace(
      int partition, long captureTime, long sequence, double rate, List<Long> sessions) {}

  synchronized Optional<Views.Timeline> timeline(
      String stream, List<Views.Event> events, List<Views.RejectedMark> rejected) {
    return card(stream).map(card -> card.timeline(clock.getAsLong(), events, rejected));
  }

  /** The session of a stream that was recorded at a time, in microseconds. */
  synchronized Optional<StreamCard.Session> session(String stream, long captureMicros) {
    return card(stream).flatMap(card -> card.session(captureMicros));
  }

  private Optional<StreamCard> card(String stream) {
    return Optional.ofNullable(streams.get(stream));
  }

  synchronized int size() {
    return streams.size();
  }

  synchronized long labels() {
    return labels;
  }

  /** A second, labelled, duplicates and skipped. */
  synchronized double[] rates() {
    long now = clock.getAsLong();
    return new double[] {
      labelled.perSecond(now), duplicates.perSecond(now), skipped.perSecond(now)
    };
  }
}

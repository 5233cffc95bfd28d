package io.gatestream.dashboard;

import io.gatestream.frame.Micros;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.Reset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What the labels of one stream say. For whoever holds the lock of its {@link StreamBoard}. */
final class StreamCard {
  private static final int MOST_SCORES = 5;

  /** Of resets and gaps that are kept. */
  private static final int MOST_MARKS = 500;

  private final String id;
  private final long historyMillis;
  private final ScoreHistory scores;
  private final RateMeter rate = new RateMeter();
  private final Deque<Views.Reset> resets = new ArrayDeque<>();
  private final Deque<Views.Gap> gaps = new ArrayDeque<>();
  private final TreeMap<Long, Session> sessions = new TreeMap<>();
  private FrameLabel last;
  private int partition;
  private long labels;
  private long labelledAt;

  /** Below 0 while history is read. */
  private long delay = -1;

  private long resetAt = Attention.NEVER;
  private long rejectedAt = Attention.NEVER;
  private Attention attention = Attention.NONE;

  /** Number of the last change, by which a page knows what is new to it. */
  private long version;

  /**
   * What was seen of a session, in microseconds.
   *
   * @param id its start, as the labels have it
   * @param from capture time of the first label
   * @param to capture time of the last label
   * @param sourceOffset what makes a source time of a capture time
   */
  record Session(long id, long from, long to, long sourceOffset) {}

  StreamCard(FrameLabel firstLabel, long historyMillis) {
    this.id = firstLabel.getStreamId();
    this.historyMillis = historyMillis;
    this.scores = new ScoreHistory(historyMillis);
    this.last = firstLabel;
  }

  /**
   * Takes the stream's next label.
   *
   * @param live whether it was committed just now, and is no history
   */
  void add(FrameLabel label, int fromPartition, long now, boolean live) {
    long captured = millis(Micros.of(label.getCaptureTime()));
    Reset reset = label.getReset();
    if (reset != Reset.NONE && labels > 0) {
      keep(resets, new Views.Reset(reset.name(), captured));
      resetAt = live ? now : captured;
      if (reset == Reset.GAP) {
        keep(gaps, new Views.Gap(captureTime(), captured));
      }
    }
    if (labels > 0 && label.getRejected() > last.getRejected()) {
      rejectedAt = live ? now : captured;
    }
    addToSession(label);
    last = label;
    partition = fromPartition;
    labels++;
    labelledAt = live ? now : Math.min(now, captured);
    delay = live ? now - captured : -1;
    if (live) {
      rate.add(now, 1);
    }
    scores.add(captured, label.getScores());
  }

  private void addToSession(FrameLabel label) {
    long captured = Micros.of(label.getCaptureTime());
    long id = Micros.of(label.getSession());
    sessions.merge(
        id,
        new Session(id, captured, captured, label.getSourceTime() - captured),
        (known, one) ->
            new Session(
                id,
                Math.min(known.from(), captured),
                Math.max(known.to(), captured),
                one.sourceOffset()));
    if (sessions.size() > MOST_MARKS) {
      sessions.pollFirstEntry();
    }
  }

  /** The newest session that was recorded at a time. */
  Optional<Session> session(long captureMicros) {
    return sessions.descendingMap().values().stream()
        .filter(one -> one.from() <= captureMicros && captureMicros <= one.to())
        .findFirst();
  }

  private static <T> void keep(Deque<T> marks, T mark) {
    if (marks.size() == MOST_MARKS) {
      marks.removeFirst();
    }
    marks.addLast(mark);
  }

  /** Looks whether the stream needs attention; returns whether that is not as it was. */
  boolean look(long now) {
    Attention found =
        Attention.of(
            new Attention.Signs(labelledAt, delay, rejectedAt, last.getRejected(), resetAt), now);
    boolean changed = !found.equals(attention);
    attention = found;
    return changed;
  }

  void changed(long newVersion) {
    version = newVersion;
  }

  long version() {
    return version;
  }

  FrameLabel last() {
    return last;
  }

  int partition() {
    return partition;
  }

  long labelledAt() {
    return labelledAt;
  }

  double rate(long now) {
    return rate.perSecond(now);
  }

  /** Of the last label, milliseconds since the epoch. */
  long captureTime() {
    return millis(Micros.of(last.getCaptureTime()));
  }

  /** The sessions that were seen, oldest first. */
  List<Long> sessions() {
    return List.copyOf(sessions.keySet());
  }

  Views.Stream view(long now) {
    List<LabelScore> best = last.getScores();
    return new Views.Stream(
        id,
        partition,
        millis(Micros.of(last.getSession())),
        last.getSequence(),
        captureTime(),
        labelledAt,
        best.isEmpty() ? null : best.get(0).getLabel(),
        best.isEmpty() ? 0 : best.get(0).getScore(),
        best.stream()
            .limit(MOST_SCORES)
            .map(score -> List.<Object>of(score.getLabel(), score.getScore()))
            .toList(),
        List.copyOf(last.getActive()),
        delay < 0 ? null : delay,
        Math.round(rate(now) * 10) / 10.0,
        labels,
        last.getFramesSinceReset(),
        resets.size(),
        resets.peekLast(),
        last.getDuplicates(),
        last.getSkipped(),
        last.getRejected(),
        last.getModel().getName() + " " + last.getModel().getVersion(),
        attention.level(),
        attention.why());
  }

  Views.Timeline timeline(long now, List<Views.Event> events, List<Views.RejectedMark> rejected) {
    long to = captureTime();
    long from = to - historyMillis;
    ScoreHistory.Buckets buckets = scores.since(from);
    return new Views.Timeline(
        id,
        now,
        buckets.at().isEmpty() ? from : Math.max(from, buckets.at().get(0)),
        to,
        ScoreHistory.BUCKET_MILLIS,
        scores.classes(),
        buckets.at(),
        buckets.scores(),
        buckets.best(),
        resets.stream().filter(reset -> reset.at() >= from).toList(),
        gaps.stream().filter(gap -> gap.to() >= from).toList(),
        rejected.stream().filter(mark -> mark.at() >= from).toList(),
        new ArrayList<>(events),
        view(now),
        new Views.Model(
            last.getModel().getName(),
            last.getModel().getVersion(),
            last.getModel().getFingerprint()));
  }

  static long millis(long micros) {
    return Math.floorDiv(micros, 1_000L);
  }
}

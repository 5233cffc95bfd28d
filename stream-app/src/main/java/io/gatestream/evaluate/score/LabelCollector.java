package io.gatestream.evaluate.score;

import io.gatestream.frame.Micros;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers frame labels, in each stream's order, into {@link ScoredStream}s. Used by one thread. */
public final class LabelCollector {
  private final Classes classes;
  private final Map<String, List<Session>> streams = new TreeMap<>();
  private final Map<String, Long> unknown = new TreeMap<>();
  private final Map<String, Long> stalled = new TreeMap<>();
  private long unlabelled;

  public LabelCollector(Classes classes) {
    this.classes = classes;
  }

  /** Adds the next label of its stream. */
  public void add(FrameLabel label) {
    Session session = session(label);
    session.counts =
        session.counts.plusLabel(label.getDuplicates(), label.getSkipped(), label.getRejected());
    float[] scores = new float[classes.count()];
    Arrays.fill(scores, Float.NaN);
    int top = -1;
    for (LabelScore score : label.getScores()) {
      int index = classes.index(score.getLabel());
      if (index < 0) {
        unknown.merge(score.getLabel(), 1L, Long::sum);
      } else {
        scores[index] = score.getScore();
        top = top < 0 ? index : top;
      }
    }
    if (top < 0) {
      unlabelled++;
    } else if (!session.comesAfter(label.getSourceTime())) {
      stalled.merge(label.getStreamId(), 1L, Long::sum);
    } else {
      session.frames.add(
          new ScoredFrame(
              label.getSequence(),
              label.getSourceTime(),
              Micros.of(label.getCaptureTime()),
              scores,
              top,
              label.getReset()));
    }
  }

  private Session session(FrameLabel label) {
    List<Session> sessions =
        streams.computeIfAbsent(label.getStreamId(), stream -> new ArrayList<>());
    boolean sameSession =
        !sessions.isEmpty() && sessions.get(sessions.size() - 1).started.equals(label.getSession());
    if (!sameSession) {
      sessions.add(new Session(label.getSession()));
    }
    return sessions.get(sessions.size() - 1);
  }

  /** What was gathered so far, by stream id and session. */
  public List<ScoredStream> streams() {
    List<ScoredStream> scored = new ArrayList<>();
    streams.forEach(
        (stream, sessions) -> {
          for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            scored.add(new ScoredStream(stream, i + 1, classes, session.frames, session.counts));
          }
        });
    return scored;
  }

  /** A sentence for each thing that could not be used. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    unknown.forEach(
        (label, times) ->
            notes.add(
                "%d labels name the class '%s', which the model does not have; give the bundle that made them"
                    .formatted(times, label)));
    stalled.forEach(
        (stream, times) ->
            notes.add(
                "stream %s: %d labels are not scored: their source time does not come after that of the label before"
                    .formatted(stream, times)));
    if (unlabelled > 0) {
      notes.add("%d labels are not scored: they name no class of the model".formatted(unlabelled));
    }
    return notes;
  }

  private static final class Session {
    private final Instant started;
    private final List<ScoredFrame> frames = new ArrayList<>();
    private ScoredStream.Counts counts = ScoredStream.Counts.NONE;

    private Session(Instant started) {
      this.started = started;
    }

    private boolean comesAfter(long sourceTime) {
      return frames.isEmpty() || sourceTime > frames.get(frames.size() - 1).sourceTime();
    }
  }
}

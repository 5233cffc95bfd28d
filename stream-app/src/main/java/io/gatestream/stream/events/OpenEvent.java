package io.gatestream.stream.events;

/**
 * An event that has begun and not ended. Times are microseconds. Immutable.
 *
 * @param label the class
 * @param first where it began
 * @param last the last frame that counts; frames since then are in the tail
 * @param peak the frame with the best score among those that were not below {@code exit}
 * @param counted the frames from first to last
 * @param tail the frames since, which count if the event goes on
 * @param since capture time at which the score fell
 * @param again capture time since when the score is up again within a gap, or {@link #NEVER}
 * @param said capture time of the frame that the last START or UPDATE was written for, or {@link
 *     #NEVER}
 * @param continues id of the event that it continues, or empty
 */
public record OpenEvent(
    String label,
    Phase phase,
    First first,
    Moment last,
    Peak peak,
    Tally counted,
    Tally tail,
    long since,
    long again,
    long said,
    String continues) {
  /** No time. */
  public static final long NEVER = Long.MIN_VALUE;

  /** Where an event is. */
  public enum Phase {
    /** The score is up, and not for long enough yet. */
    RISING(0),
    ON(1),
    /** The score is down, and not for long enough yet. */
    FALLING(2),
    /** It has ended, unless it begins again soon. */
    GAP(3);

    private final int number;

    Phase(int number) {
      this.number = number;
    }

    /** As a stored state has it. */
    public int number() {
      return number;
    }
  }

  /** Capture time, and time since the source's start. */
  public record Moment(long captureTime, long sourceTime) {}

  /** The frame that an event begins with. */
  public record First(long session, long sequence, Moment at) {}

  /** The best score so far, the first of several. */
  public record Peak(float score, Moment at) {
    Peak with(float other, Moment moment) {
      return other > score ? new Peak(other, moment) : this;
    }
  }

  /** Labelled frames, and the sum of their scores. */
  public record Tally(long frames, double sum) {
    static final Tally NONE = new Tally(0, 0);

    Tally with(float score) {
      return new Tally(frames + 1, sum + score);
    }

    Tally with(Tally more) {
      return new Tally(frames + more.frames, sum + more.sum);
    }
  }

  /** Whether its START is written: then an END is owed. */
  public boolean announced() {
    return said != NEVER;
  }

  /** Whether it was told, and still lasts: what may only go on again is not on. */
  public boolean isOn() {
    return announced() && phase != Phase.GAP;
  }

  static OpenEvent rising(String label, First first, float score, String continues) {
    return new OpenEvent(
        label,
        Phase.RISING,
        first,
        first.at(),
        new Peak(score, first.at()),
        Tally.NONE.with(score),
        Tally.NONE,
        NEVER,
        NEVER,
        NEVER,
        continues);
  }

  OpenEvent in(Phase next) {
    return new OpenEvent(
        label, next, first, last, peak, counted, tail, since, again, said, continues);
  }

  /** After a frame that counts, and with it all of the tail. */
  OpenEvent counting(Phase next, Moment at, float score) {
    return new OpenEvent(
        label,
        next,
        first,
        at,
        peak.with(score, at),
        counted.with(tail).with(score),
        Tally.NONE,
        NEVER,
        NEVER,
        said,
        continues);
  }

  /** After a frame that counts only if the event goes on. */
  OpenEvent waiting(Phase next, float score, long fallen, long up) {
    return new OpenEvent(
        label, next, first, last, peak, counted, tail.with(score), fallen, up, said, continues);
  }

  OpenEvent saidAt(long captureTime) {
    return new OpenEvent(
        label, phase, first, last, peak, counted, tail, since, again, captureTime, continues);
  }
}

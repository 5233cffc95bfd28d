package io.gatestream.ingest;

import java.util.List;

/**
 * Times by arrival alone: a regular beat that follows the rate at which frames come, and through it
 * the least delayed of them. For sources without stamps, or with ones that make no sense.
 */
final class ArrivalLine implements TimeLine {
  private static final double PULL = 0.1;
  private static final double MOST_CHANGE = 0.03;
  private static final double AT_ONCE = 8;
  private static final int ENOUGH = 20;

  /** A silence of so many intervals, or the network held frames up. */
  private static final double SILENCE = 3;

  /**
   * How far the first frames lie before the beat, in intervals; they come to it within some twenty
   * frames. A beat that is a little too short at first then costs no frame: a model whose interval
   * is the camera's own skips what comes a quarter of it too early.
   */
  private static final double HEAD_START = 0.4;

  private ArrivalEnvelope envelope;
  private double interval;
  private double last;
  private double number;
  private boolean settled;

  /** When the last frame arrived, and how many of the next may be late because of a silence. */
  private double arrived;

  private int mayBeLate;

  /**
   * Starts a line.
   *
   * @param interval between frames, in case there is only one
   */
  ArrivalLine(double interval) {
    this.interval = interval;
    this.envelope = new ArrivalEnvelope(1);
  }

  /**
   * Goes on from another line, whose frames {@code envelope} holds.
   *
   * @param arrived when its last frame did
   */
  ArrivalLine(
      ArrivalEnvelope envelope, double number, double arrived, double last, double interval) {
    this.envelope = envelope;
    this.number = number;
    this.arrived = arrived;
    this.last = last;
    this.interval = Math.max(StampChain.LEAST_STEP, envelope.slope().orElse(interval));
  }

  /** Times a connection's first frames: those that came at once are spread at the rate after. */
  double[] begin(List<Arrival> frames, TimeLine before) {
    int count = frames.size();
    double firstArrival = frames.get(0).exact();
    double mean = (frames.get(count - 1).exact() - firstArrival) / Math.max(1.0, count - 1);
    int edge = 0;
    double depth = mean / 2;
    for (int i = 0; i < count - 1; i++) {
      double below = firstArrival + i * mean - frames.get(i).exact();
      if (below > depth) {
        depth = below;
        edge = i;
      }
    }
    // all at once says nothing of the rate: what the container says is all there is
    double claimed = interval;
    double measured = count > 1 ? rate(frames, edge) : 0;
    interval = measured > claimed / AT_ONCE ? Math.max(StampChain.LEAST_STEP, measured) : claimed;
    envelope = ArrivalEnvelope.byNumber(interval);
    for (int i = edge; i < count; i++) {
      envelope.add(i, frames.get(i).exact(), interval);
    }
    double atLast = frames.get(count - 1).exact();
    double offset = atLast + envelope.lag(count - 1, atLast, interval) - (count - 1.0) * interval;
    double first = TimeLine.resume(before, offset - HEAD_START * interval, interval);
    arrived = atLast;
    number = count - 1.0;
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = first + i * interval;
    }
    last = times[count - 1];
    return times;
  }

  /** The edge itself may have waited in the demuxer, so it is left out where others are. */
  private static double rate(List<Arrival> frames, int edge) {
    int first = Math.min(edge + 1, frames.size() - 2);
    int last = frames.size() - 1;
    double mean = (frames.get(last).exact() - frames.get(first).exact()) / (last - first);
    ArrivalEnvelope all = new ArrivalEnvelope(Math.max(1, Math.ceil((last - first) / 22.0)));
    for (int i = first; i <= last; i++) {
      all.add(i, frames.get(i).exact(), mean);
    }
    // too long a beat is made up for without loss, one too short costs frames
    return all.slope().isPresent()
        ? all.slope().getAsDouble() + Math.min(0.05 * mean, all.doubt() / 4)
        : mean;
  }

  /** After a silence the next frame shows whether the camera paused or the network held it up. */
  @Override
  public boolean wantsMore(List<Arrival> held) {
    int count = held.size();
    if (count == 1) {
      // a line that is behind its arrivals catches up slowly: that is no silence
      double behind = Math.max(0, envelope.lag(number, last, interval));
      return held.get(0).exact() - last - behind - interval > Math.max(PAUSE, 5 * interval);
    }
    double latest = held.get(count - 1).exact();
    boolean caughtUp = latest - count * interval <= last;
    return !caughtUp && latest - held.get(count - 2).exact() < 0.75 * interval;
  }

  @Override
  public double[] next(List<Arrival> frames) {
    int count = frames.size();
    double[] times = new double[count];
    if (count > 1) {
      double lag = envelope.lag(number, last, interval);
      // the last one had to be waited for; those before it were held up together
      double byLast = frames.get(count - 1).exact() - (count - 1.0) * interval;
      double step = Math.min(frames.get(0).exact(), byLast) - lag - last;
      last += Math.max(interval, TimeLine.pause(step, Math.max(0, -lag))) - interval;
      envelope = ArrivalEnvelope.byNumber(interval);
    }
    for (int i = 0; i < count; i++) {
      boolean heldUp = i < count - 2;
      times[i] = next(frames.get(i), heldUp);
    }
    return times;
  }

  private double next(Arrival frame, boolean heldUp) {
    number++;
    last += interval;
    if (isLate(frame) || heldUp) {
      return last;
    }
    boolean fresh = envelope.add(number, frame.exact(), interval);
    double lag = envelope.lag(number, last, interval);
    last += Math.max(-PULL * interval, Math.min(PULL * interval, PULL * lag));
    if (fresh) {
      envelope.slope().ifPresent(this::turn);
    }
    return last;
  }

  /** Frames behind a silence say nothing of the beat until they have caught up with it. */
  private boolean isLate(Arrival frame) {
    double silence = frame.exact() - arrived;
    arrived = frame.exact();
    if (silence > SILENCE * interval) {
      mayBeLate = (int) Math.ceil(silence / interval) + 1;
    }
    double expected = last + envelope.lag(number, last, interval);
    boolean late = mayBeLate > 0 && frame.exact() > expected + interval / 2;
    mayBeLate = late ? mayBeLate - 1 : 0;
    return late;
  }

  /** A stall, or few points after a pause, leave the slope in doubt: the beat then stays. */
  private void turn(double measured) {
    settled |= envelope.size() >= ENOUGH;
    boolean few = settled && envelope.size() < ENOUGH;
    if (few || Math.abs(measured - interval) < envelope.doubt() / 2) {
      return;
    }
    double change = (settled ? PULL : 2.0 / envelope.size()) * (measured - interval);
    interval += Math.max(-MOST_CHANGE * interval, Math.min(MOST_CHANGE * interval, change));
    interval = Math.max(interval, StampChain.LEAST_STEP);
  }

  @Override
  public double last() {
    return last;
  }

  @Override
  public double lead() {
    return Math.max(0, -envelope.lag(number, last, interval));
  }
}

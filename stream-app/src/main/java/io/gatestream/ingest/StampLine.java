package io.gatestream.ingest;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Times by the camera's stamps: they keep its spacing, and its line is bent so slowly towards the
 * arrivals that no frame is skipped for it.
 *
 * <p>Times that fall behind are stretched, for that costs nothing. Times that run ahead are
 * believed up to {@link #MOST_LEAD}, for a sender that ships what it had buffered looks the same.
 */
final class StampLine implements TimeLine {
  /** How far times may run ahead of arrivals before the stamps are held to be too fast. */
  static final double MOST_LEAD = 6_000_000;

  static final double LEAST_LAG = 200_000;
  private static final double LAG_OF_DRIFT = 500_000;

  /** A network's delay that grows by so much within some frames looks like a slow camera. */
  private static final double GROWING_DELAY = 300_000;

  private static final double LARGEST_RATE_ERROR = 1.35;
  private static final double NOTABLE = 0.02;
  private static final long BUCKET = 500_000;

  private final StampChain chain;
  private final ClockTally tally;
  private final ArrivalEnvelope byStamp = new ArrivalEnvelope(BUCKET);
  private final ArrivalEnvelope recent;
  private final ArrivalEnvelope byNumber;
  private double x;
  private double last;
  private double arrived;
  private double slope = 1;
  private double bend = 1;
  private double squeeze = 1;
  private double number;
  private boolean wrongRate;

  StampLine(StampChain chain, ClockTally tally) {
    this.chain = chain;
    this.tally = tally;
    this.recent = new ArrivalEnvelope(interval() * 0.75);
    this.byNumber = ArrivalEnvelope.byNumber(interval());
  }

  /** Times a connection's first frames; the one that was delayed least gives the line its place. */
  double[] begin(List<Arrival> frames, TimeLine before) {
    double[] positions = new double[frames.size()];
    long room = Math.max(PAUSE, 4 * chain.interval());
    double offset = Double.POSITIVE_INFINITY;
    int edge = 0;
    for (int i = 0; i < positions.length; i++) {
      x += chain.step(frames.get(i).stamp(), () -> room);
      positions[i] = x;
      double delay = frames.get(i).exact() - x;
      if (delay < offset) {
        offset = delay;
        edge = i;
      }
    }
    double first = TimeLine.resume(before, offset, interval());
    squeeze = squeeze(first - offset - MOST_LEAD, x);
    for (int i = 0; i < positions.length; i++) {
      if (i >= edge) {
        byStamp.add(positions[i], frames.get(i).exact(), slope);
        recent.add(positions[i], frames.get(i).exact(), slope);
        byNumber.add(i, frames.get(i).exact(), interval());
      }
      positions[i] = first + squeeze * positions[i];
    }
    last = positions[positions.length - 1];
    number = positions.length - 1.0;
    arrived = frames.get(positions.length - 1).exact();
    plainRate();
    return positions;
  }

  /** A server that sends its last seconds again at each connection must not add them up. */
  private static double squeeze(double excess, double span) {
    return excess <= 0 ? 1 : Math.max(0.05, 1 - excess / Math.max(1, span));
  }

  /**
   * A camera that is far too slow for its stamps shows it in a few frames: they fall further behind
   * than a network's delay that grows.
   */
  private void plainRate() {
    double off = recent.slope().orElse(slope) - slope;
    boolean plain =
        recent.size() < 10
            ? off > Math.max(1, 2 * recent.doubt())
            : off > Math.max(LARGEST_RATE_ERROR - 1, recent.doubt());
    if (plain && off * recent.span() > GROWING_DELAY) {
      double rate = slope + off;
      wrongRate = rate > LARGEST_RATE_ERROR;
      slope = Math.min(rate, LARGEST_RATE_ERROR);
    }
  }

  @Override
  public double[] next(List<Arrival> frames) {
    double[] times = new double[frames.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = next(frames.get(i));
    }
    return times;
  }

  private double next(Arrival frame) {
    squeeze = 1;
    double lag = byStamp.lag(x, last, slope);
    double step = chain.step(frame.stamp(), () -> room(frame, lag));
    x += step;
    double taken = step * slope * bend;
    if (step > Math.max(PAUSE, 5 * chain.interval())) {
      taken = TimeLine.pause(step * slope, Math.max(0, -lag));
    }
    tally.drift(taken - step);
    last += taken;
    number++;
    arrived = frame.exact();
    byNumber.add(number, arrived, interval() * slope);
    recent.add(x, frame.exact(), slope);
    plainRate();
    if (byStamp.add(x, frame.exact(), slope)) {
      rate(byStamp.lag(x, last, slope));
    }
    bend(byStamp.lag(x, last, slope));
    return last;
  }

  /**
   * How much of the camera's time can have passed since the last frame: no more than lies between
   * the line and this arrival, and no more than this arrival is late for a frame of its number.
   */
  private long room(Arrival frame, double lag) {
    double beat = byNumber.slope().orElse(interval() * slope);
    double byLine = frame.exact() - last - lag;
    double byBeat = beat - byNumber.lag(number + 1, frame.exact(), beat);
    return Math.round(Math.min(byLine, byBeat) / slope + Math.max(100_000, interval() / 2));
  }

  private void bend(double lag) {
    if (lag > LEAST_LAG) {
      bend = 1 + Math.min(0.05, (lag - LEAST_LAG) / 20e6);
    } else if (-lag > MOST_LEAD) {
      bend = 1 - Math.min(0.5, (-lag - MOST_LEAD) / 5e6);
    } else {
      bend = 1;
    }
  }

  /** Follows a camera whose clock runs at another rate. */
  private void rate(double lag) {
    OptionalDouble measured = byStamp.slope();
    if (measured.isEmpty()) {
      return;
    }
    double rate = measured.getAsDouble();
    boolean slow = lag > LAG_OF_DRIFT && rate > slope * (1 + NOTABLE);
    boolean fast = -lag > MOST_LEAD && rate < slope * (1 - NOTABLE);
    if ((slow && rate > LARGEST_RATE_ERROR) || (fast && rate < 1 / LARGEST_RATE_ERROR)) {
      wrongRate = true;
    } else if (slow || fast || slope != 1) {
      slope += 0.5 * (Math.max(1 / LARGEST_RATE_ERROR, Math.min(LARGEST_RATE_ERROR, rate)) - slope);
    }
  }

  private double interval() {
    return (double) chain.interval();
  }

  /** Whether the stamps are not worth following. */
  boolean useless() {
    return wrongRate || chain.useless();
  }

  /** The same frames' times by arrival from here on. */
  ArrivalLine byArrival() {
    return new ArrivalLine(byNumber, number, arrived, last, interval() * slope);
  }

  @Override
  public double last() {
    return last;
  }

  @Override
  public double lead() {
    return Math.max(0, -byStamp.lag(x, last, slope));
  }

  @Override
  public double pace() {
    return slope * bend * squeeze;
  }
}

package io.gatestream.ingest;

import java.util.List;

/**
 * The times of one connection's frames on the machine's monotonic clock, in microseconds. For one
 * thread.
 */
interface TimeLine {
  /** Frames further apart are a pause of the camera. */
  long PAUSE = 1_000_000;

  /** Before the first connection. */
  TimeLine NONE =
      new TimeLine() {
        @Override
        public double[] next(List<Arrival> frames) {
          throw new IllegalStateException("not connected");
        }

        @Override
        public double last() {
          return Double.NEGATIVE_INFINITY;
        }

        @Override
        public double lead() {
          return 0;
        }
      };

  /** The times of the next frames. */
  double[] next(List<Arrival> frames);

  /** The last frame's time. */
  double last();

  /** How far times run ahead of the arrivals; 0 where they do not. */
  double lead();

  /** Whether these frames cannot be timed until more have come. */
  default boolean wantsMore(List<Arrival> held) {
    return false;
  }

  /** Machine time for each unit of the camera's time. */
  default double pace() {
    return 1;
  }

  /** A pause that the policy takes for a gap stays one; a lead is made up for in the rest of it. */
  static double pause(double length, double lead) {
    return Math.max(Math.min(length, 3 * PAUSE), length - lead);
  }

  /**
   * Where a new connection's first frame lies: after the old one's last, with the true pause
   * between.
   *
   * @param first where the new arrivals alone would put it
   * @param step between frames
   */
  static double resume(TimeLine before, double first, double step) {
    if (before == NONE) {
      return first;
    }
    double length = first - (before.last() - before.lead());
    return before.last() + Math.max(step, pause(length, before.lead()));
  }
}

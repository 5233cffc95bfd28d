package io.gatestream.ingest;

import java.util.OptionalLong;

/**
 * A frame of a camera as it came out of the demuxer, before it is decoded.
 *
 * @param micros when, by the machine's monotonic clock
 * @param stamp the camera's own time for it, in microseconds from anywhere; empty where it has none
 */
record Arrival(long micros, OptionalLong stamp) {
  /** {@link #micros}, for reckoning with fractions. */
  double exact() {
    return (double) micros;
  }
}

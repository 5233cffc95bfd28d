package io.gatestream.evaluate.score;

/**
 * An event that a rule makes of a stream's labels, in microseconds of source time.
 *
 * @param label class index
 * @param start of its first frame
 * @param end at which its last frame ends
 * @param announced of the frame that START is written for
 */
public record PredictedEvent(int label, long start, long end, long announced) {
  Segment segment() {
    return new Segment(label, start, end, 0, 0);
  }
}

package io.gatestream.bench;

/**
 * Delays from the moment at which a frame is due to be sent, which is its capture time, to the
 * reading of its committed label.
 *
 * @param load share of the rate end to end, in percent
 * @param fps frames sent a second
 * @param streams that they were sent in turn
 * @param p50 milliseconds
 * @param frames of which the label was read
 * @param unlabelled frames without a label 10 s after the last was sent: the load was too much, or
 *     they were skipped
 */
public record Delay(
    int load,
    double fps,
    int streams,
    double p50,
    double p95,
    double p99,
    long frames,
    long unlabelled) {}

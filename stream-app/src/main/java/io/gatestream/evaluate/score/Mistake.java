package io.gatestream.evaluate.score;

/**
 * The most confident wrong frame of a stretch of frames that are all wrong in the same way.
 *
 * @param truth the true label; of a multi-label model the label in question or "not LABEL"
 * @param predicted the predicted label, in the same way
 * @param confidence the best score; for a label that was missed, 1 - its score
 * @param sequence of the frame
 * @param captureTime microseconds since the epoch
 * @param seconds source time of the frame
 * @param startSeconds source time at which the stretch of wrong frames begins
 * @param endSeconds source time at which it ends
 */
public record Mistake(
    String stream,
    String truth,
    String predicted,
    double confidence,
    long sequence,
    long captureTime,
    double seconds,
    double startSeconds,
    double endSeconds,
    long frames) {}

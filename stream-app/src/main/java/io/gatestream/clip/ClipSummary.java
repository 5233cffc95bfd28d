package io.gatestream.clip;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is in a clip.
 *
 * @param frames pictures in it
 * @param missing frames that should be in it and that the topic does not have: lost on the way, or
 *     taken by retention in between
 * @param damaged frames that do not decode, and are left out
 * @param repeated frames that were sent twice, and are in it once
 * @param first capture time of its first picture
 * @param last capture time of its last picture
 * @param reencoded whether its pictures were encoded for it; else H.264 segments are in it as they
 *     were sent
 * @param width pixels
 * @param height pixels
 * @param notes a line each on what is not as it was asked for, none where all is
 */
public record ClipSummary(
    long frames,
    long missing,
    long damaged,
    long repeated,
    Instant first,
    Instant last,
    boolean reencoded,
    int width,
    int height,
    List<String> notes) {
  public ClipSummary {
    notes = List.copyOf(notes);
  }

  /** From the first picture to the last. */
  public Duration length() {
    return Duration.between(first, last);
  }
}

package io.gatestream.lookahead;

/**
 * Guesses which frames the stream policy will skip, so that they are not encoded ahead. A wrong
 * guess costs time, never a label. Thread-safe.
 */
public interface Forecast {
  /** Expects every frame to be labelled. */
  Forecast ALL = (stream, captureTime) -> true;

  /**
   * Whether the frame is likely to be labelled; frames of one stream are best asked in order.
   *
   * @param stream the record's key as text
   * @param captureTime microseconds since the epoch
   */
  boolean expects(String stream, long captureTime);

  /**
   * Guesses for the pictures of one record, the first of which was expected; asked in order. From
   * the record alone: its neighbours are decoded at the same time.
   */
  default PictureFilter withinRecord() {
    return PictureFilter.ALL;
  }
}

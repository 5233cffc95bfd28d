package io.gatestream.lookahead;

/**
 * Says which pictures of a record are worth encoding; asked once for each picture, in order, on the
 * decoding thread.
 */
@FunctionalInterface
public interface PictureFilter {
  PictureFilter ALL = (index, captureTime) -> true;

  /**
   * Whether picture {@code index} is wanted.
   *
   * @param captureTime microseconds since the epoch
   */
  boolean wants(int index, long captureTime);
}

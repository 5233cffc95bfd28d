package io.gatestream.frame;

import io.gatestream.schema.Review;

/** Reviews to record values and back, in Avro's single-object encoding. Thread-safe. */
public final class ReviewCodec {
  /** Of a stream's id, and more than any class or model is called. */
  private static final int MAX_TEXT = 65_536;

  private final SingleObject<Review> reviews = new SingleObject<>(Review.class, 0, MAX_TEXT);

  public byte[] encode(Review review) {
    return reviews.encode(review);
  }

  /**
   * Reads a review.
   *
   * @throws FrameDecodeException UNPARSABLE or BAD_FIELD
   */
  public Review decode(byte[] value) throws FrameDecodeException {
    return reviews.decode(value);
  }
}

package io.gatestream.dashboard;

/** A JPEG of one frame. */
final class StillPicture {
  private final byte[] jpeg;
  private final long captureTime;
  private final long sequence;

  /** Takes the bytes over. */
  StillPicture(byte[] jpeg, long captureTime, long sequence) {
    this.jpeg = jpeg;
    this.captureTime = captureTime;
    this.sequence = sequence;
  }

  /** The array itself. */
  byte[] jpeg() {
    return jpeg;
  }

  /** Milliseconds since the epoch. */
  long captureTime() {
    return captureTime;
  }

  long sequence() {
    return sequence;
  }
}

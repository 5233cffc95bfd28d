package io.gatestream.dashboard;

import io.gatestream.frame.decode.Stills;

/** A JPEG of one frame. */
final class StillPicture {
  private final Stills.Still still;
  private final long firstSequence;

  /** A picture of the record whose first frame has this number. */
  StillPicture(Stills.Still still, long firstSequence) {
    this.still = still;
    this.firstSequence = firstSequence;
  }

  /** The array itself. */
  byte[] jpeg() {
    return still.jpeg();
  }

  /** Milliseconds since the epoch. */
  long captureTime() {
    return StreamCard.millis(still.captureTime());
  }

  long sequence() {
    return firstSequence + still.index();
  }
}

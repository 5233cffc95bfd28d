package io.gatestream.dashboard;

import io.gatestream.frame.Micros;
import io.gatestream.frame.decode.Thumbnails;
import io.gatestream.schema.Frame;
import java.util.Optional;

/** Makes a small JPEG of one of a record's pictures. Owns native memory: for one thread. */
final class StillMaker implements AutoCloseable {
  private final Thumbnails thumbnails = new Thumbnails();

  /**
   * The last picture that was captured at or before a time.
   *
   * @param atMillis milliseconds since the epoch
   * @param width pixels; the height follows
   * @return nothing where it does not decode
   */
  Optional<StillPicture> of(Frame frame, long atMillis, int width) {
    return thumbnails
        .jpeg(frame, 0)
        .map(
            jpeg ->
                new StillPicture(
                    jpeg,
                    StreamCard.millis(Micros.of(frame.getCaptureTime())),
                    frame.getSequence()));
  }

  @Override
  public void close() {
    thumbnails.close();
  }
}

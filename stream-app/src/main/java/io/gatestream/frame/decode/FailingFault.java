package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;
import java.util.Optional;

/**
 * A fault for tests, off unless {@code -Dgatestream.fault.failing=STREAM:SEQUENCE} is given:
 * decoding that frame throws what no decoder throws of a bad frame, as a broken system would.
 */
final class FailingFault implements FrameDecoder {
  static final Optional<String> FRAME =
      Optional.ofNullable(System.getProperty("gatestream.fault.failing"));

  private final String failing;
  private final FrameDecoder decoder;

  FailingFault(String failing, FrameDecoder decoder) {
    this.failing = failing;
    this.decoder = decoder;
  }

  @Override
  public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
    if (failing.equals(frame.getStreamId() + ":" + frame.getSequence())) {
      throw new IllegalStateException("injected at " + failing);
    }
    decoder.decode(frame, sink);
  }

  @Override
  public void close() {
    decoder.close();
  }
}

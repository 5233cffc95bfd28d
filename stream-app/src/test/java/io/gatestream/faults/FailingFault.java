package io.gatestream.faults;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.DecoderStage;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Frame;

/**
 * Does nothing unless {@code -Dgatestream.fault.failing=STREAM:SEQUENCE} is given: decoding that
 * frame throws what no decoder throws of a bad frame, as a broken system would.
 */
public final class FailingFault implements DecoderStage {
  @Override
  public FrameDecoder before(FrameDecoder real) {
    String failing = System.getProperty("gatestream.fault.failing");
    return failing == null ? real : new Decoder(failing, real);
  }

  private record Decoder(String failing, FrameDecoder real) implements FrameDecoder {
    @Override
    public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
      if (failing.equals(frame.getStreamId() + ":" + frame.getSequence())) {
        throw new IllegalStateException("injected at " + failing);
      }
      real.decode(frame, sink);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}

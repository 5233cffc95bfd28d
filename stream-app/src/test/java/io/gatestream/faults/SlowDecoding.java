package io.gatestream.faults;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.DecoderStage;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Frame;

/**
 * Does nothing unless {@code -Dgatestream.fault.slow.decoding=MILLIS} is given: decoding a record
 * then takes that much longer, so a process that is killed is decoding at that moment.
 */
public final class SlowDecoding implements DecoderStage {
  @Override
  public FrameDecoder before(FrameDecoder real) {
    int millis = Integer.getInteger("gatestream.fault.slow.decoding", 0);
    return millis == 0 ? real : new Decoder(millis, real);
  }

  private record Decoder(int millis, FrameDecoder real) implements FrameDecoder {
    @Override
    public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      real.decode(frame, sink);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}

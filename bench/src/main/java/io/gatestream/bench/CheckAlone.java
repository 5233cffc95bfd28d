package io.gatestream.bench;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.jpeg.JpegCheck;
import io.gatestream.frame.jpeg.JpegTables;
import java.nio.ByteBuffer;

/** The check of a JPEG for damage, without its decoding. Used by one thread. */
final class CheckAlone implements Work {
  private final BenchFrames frames;
  private final FrameLimits limits;
  private final JpegTables room = new JpegTables();
  private long n;

  CheckAlone(BenchFrames frames, FrameLimits limits) {
    this.frames = frames;
    this.limits = limits;
  }

  @Override
  public int run() throws FrameDecodeException {
    JpegCheck.of(ByteBuffer.wrap(frames.jpeg(n++)), limits, room);
    return 1;
  }
}

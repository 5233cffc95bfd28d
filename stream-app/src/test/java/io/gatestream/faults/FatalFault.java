package io.gatestream.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.DecoderStage;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.Pointer;

/**
 * Does nothing unless {@code -Dgatestream.fault.fatal=TEXT} is given: decoding a payload that
 * begins with TEXT and {@code SIGSEGV} or {@code SIGABRT} breaks native memory, so the process dies
 * of that signal as it would of a fault in a decoder's own code.
 */
public final class FatalFault implements DecoderStage {
  @Override
  public FrameDecoder before(FrameDecoder real) {
    String mark = System.getProperty("gatestream.fault.fatal");
    return mark == null ? real : new Decoder(mark, real);
  }

  private record Decoder(String mark, FrameDecoder real) implements FrameDecoder {
    @Override
    public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
      if (begins(frame, mark + "SIGSEGV")) {
        Pointer.memset(new Address(8), 1, 64);
      }
      if (begins(frame, mark + "SIGABRT")) {
        Pointer block = Pointer.malloc(64);
        Pointer again = new Address(block.address());
        Pointer.free(block);
        Pointer.free(again);
      }
      real.decode(frame, sink);
    }

    private static boolean begins(Frame frame, String text) {
      ByteBuffer beginning = ByteBuffer.wrap(text.getBytes(US_ASCII));
      ByteBuffer payload = frame.getPayload();
      return payload.remaining() >= beginning.remaining()
          && payload.slice(payload.position(), beginning.remaining()).equals(beginning);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** A pointer that owns nothing. */
  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }
}

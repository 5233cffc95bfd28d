package io.gatestream.frame.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;

/**
 * A fault for tests, off unless {@code -Dgatestream.fault.fatal=TEXT} is given: decoding a payload
 * that begins with TEXT and {@code SIGSEGV} or {@code SIGABRT} breaks native memory, so the process
 * dies of that signal as it would of a fault in a decoder's own code.
 */
final class FatalFault implements FrameDecoder {
  static final Optional<String> MARK =
      Optional.ofNullable(System.getProperty("gatestream.fault.fatal"));

  private final String mark;
  private final FrameDecoder decoder;

  FatalFault(String mark, FrameDecoder decoder) {
    this.mark = mark;
    this.decoder = decoder;
  }

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
    decoder.decode(frame, sink);
  }

  private static boolean begins(Frame frame, String text) {
    ByteBuffer beginning = ByteBuffer.wrap(text.getBytes(US_ASCII));
    ByteBuffer payload = frame.getPayload();
    return payload.remaining() >= beginning.remaining()
        && payload.slice(payload.position(), beginning.remaining()).equals(beginning);
  }

  @Override
  public void close() {
    decoder.close();
  }

  /** A pointer that owns nothing. */
  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }
}

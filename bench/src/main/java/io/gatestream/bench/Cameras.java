package io.gatestream.bench;

import io.gatestream.frame.Micros;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Frames of many streams in turn: frame n is frame n / streams of stream n % streams. Immutable.
 */
final class Cameras {
  private static final long STANDARD_INTERVAL = 100_000;

  private final List<String> ids;
  private final BenchFrames pictures;
  private final long session;
  private final long interval;

  /**
   * Creates streams.
   *
   * @param session their start, microseconds since the epoch
   * @param interval of the frames of one stream, microseconds; 0 for a tenth of a second
   */
  Cameras(List<String> ids, BenchFrames pictures, long session, long interval) {
    this.ids = List.copyOf(ids);
    this.pictures = pictures;
    this.session = session;
    this.interval = interval == 0 ? STANDARD_INTERVAL : interval;
  }

  List<String> ids() {
    return ids;
  }

  /** Frame n, captured in turn within its stream's interval. */
  Frame frame(long n) {
    long turn = n % ids.size();
    return frame(n, session + n / ids.size() * interval + turn * interval / ids.size());
  }

  /** Frame n, captured at a time in microseconds since the epoch. */
  Frame frame(long n, long captured) {
    int stream = (int) (n % ids.size());
    long sequence = n / ids.size();
    return Frame.newBuilder()
        .setStreamId(ids.get(stream))
        .setSession(Micros.instant(session))
        .setSequence(sequence)
        .setCaptureTime(Micros.instant(captured))
        .setSourceTime(sequence * interval)
        .setEncoding(Encoding.JPEG)
        .setPayload(ByteBuffer.wrap(pictures.jpeg(n)))
        .build();
  }
}

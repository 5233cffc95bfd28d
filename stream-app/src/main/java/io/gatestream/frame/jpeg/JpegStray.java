package io.gatestream.frame.jpeg;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.StrayBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The stray bytes of one JPEG file: those before a marker that belong to nothing. The decoder would
 * step over them too, but with a complaint on standard error for each picture, so it gets the file
 * without them. One thread.
 */
final class JpegStray {
  /** Cameras leave one byte or a few; more is what damage leaves. See docs/decisions/0019. */
  static final int LONGEST = 8;

  /** Stretches in one file: one for each row of blocks of the largest pictures, and more. */
  private static final int MOST = 4_096;

  private final StrayBytes policy;
  private final List<int[]> stretches = new ArrayList<>(0);

  JpegStray(StrayBytes policy) {
    this.policy = policy;
  }

  /**
   * Notes the bytes {@code from} to {@code to}.
   *
   * @throws FrameDecodeException CORRUPT: there may be none, or not so many
   */
  void skip(int from, int to) throws FrameDecodeException {
    if (policy == StrayBytes.REFUSE) {
      throw JpegDamage.corrupt(
          "%d bytes before a marker are more data than pixels; jpeg.stray.bytes=repair passes up to %d"
              .formatted(to - from, LONGEST));
    }
    if (to - from > LONGEST) {
      throw JpegDamage.corrupt(
          "%d bytes before a marker are more data than pixels; %d are repaired"
              .formatted(to - from, LONGEST));
    }
    if (stretches.size() == MOST) {
      throw JpegDamage.corrupt(
          "bytes that belong to nothing in more than %d places".formatted(MOST));
    }
    stretches.add(new int[] {from, to});
  }

  /** What lies between two positions of {@code data}, the noted stretches left out. */
  ByteBuffer without(byte[] data, int start, int end) {
    if (stretches.isEmpty()) {
      return ByteBuffer.wrap(data, start, end - start);
    }
    ByteBuffer clean = ByteBuffer.allocate(end - start);
    int from = start;
    for (int[] stretch : stretches) {
      clean.put(data, from, stretch[0] - from);
      from = stretch[1];
    }
    return clean.put(data, from, end - from).flip();
  }
}

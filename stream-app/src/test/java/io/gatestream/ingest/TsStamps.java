package io.gatestream.ingest;

import java.util.function.LongUnaryOperator;

/**
 * Rewrites the presentation times in an MPEG-TS of one video stream: the k-th picture's, k from 0.
 */
final class TsStamps {
  private static final int PACKET = 188;
  private static final int VIDEO_STREAM_ID = 0xe0;

  private TsStamps() {}

  /**
   * Changes them in place.
   *
   * @param ticks gives picture k its time, 90,000 a second; only 33 bits of it are kept
   */
  static void rewrite(byte[] ts, LongUnaryOperator ticks) {
    int picture = 0;
    for (int at = 0; at + PACKET <= ts.length; at += PACKET) {
      boolean begins = (ts[at + 1] & 0x40) != 0;
      int start = at + 4 + ((ts[at + 3] & 0x20) == 0 ? 0 : 1 + (ts[at + 4] & 0xff));
      if (begins
          && start + 19 <= at + PACKET
          && ts[start] == 0
          && ts[start + 1] == 0
          && ts[start + 2] == 1
          && (ts[start + 3] & 0xf0) == VIDEO_STREAM_ID) {
        long time = ticks.applyAsLong(picture++);
        int flags = ts[start + 7] >> 6 & 3;
        if (flags >= 2) {
          write(ts, start + 9, flags, time);
        }
        if (flags == 3) {
          write(ts, start + 14, 1, time);
        }
      }
    }
  }

  private static void write(byte[] ts, int at, int mark, long time) {
    ts[at] = (byte) (mark << 4 | (time >> 29 & 0xe) | 1);
    ts[at + 1] = (byte) (time >> 22);
    ts[at + 2] = (byte) ((time >> 14 & 0xfe) | 1);
    ts[at + 3] = (byte) (time >> 7);
    ts[at + 4] = (byte) ((time << 1 & 0xfe) | 1);
  }
}

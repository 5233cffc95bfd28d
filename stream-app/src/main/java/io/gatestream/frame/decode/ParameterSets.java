package io.gatestream.frame.decode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;

/** The parameter sets of a stream of H.264 (ITU-T H.264, clause 7.4.1.2.1). */
final class ParameterSets {
  /** Of sequences, of pictures, and the extension of the former. */
  private static final Set<Integer> TYPES = Set.of(7, 8, 13);

  private static final byte[] START = {0, 0, 0, 1};

  private ParameterSets() {}

  /** Those of the container, or else those in the first packet; none where neither has any. */
  static byte[] of(AVStream stream, List<AVPacket> packets) {
    int size = stream.codecpar().extradata_size();
    if (size > 0) {
      byte[] extra = new byte[size];
      stream.codecpar().extradata().get(extra);
      return extra;
    }
    if (packets.isEmpty()) {
      return new byte[0];
    }
    byte[] first = new byte[packets.get(0).size()];
    packets.get(0).data().get(first);
    return ofUnits(first);
  }

  /** The sets among units with start codes between them, each once: muxers repeat them. */
  static byte[] ofUnits(byte[] units) {
    Set<ByteBuffer> sets = new LinkedHashSet<>();
    int start = afterStartCode(units, 0);
    while (start < units.length) {
      int next = afterStartCode(units, start);
      int end = next < units.length || endsWithStartCode(units) ? next - 3 : units.length;
      while (end > start && units[end - 1] == 0) {
        end--; // of a longer start code
      }
      if (TYPES.contains(units[start] & 0x1F)) {
        sets.add(ByteBuffer.wrap(units, start, end - start));
      }
      start = next;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer set : sets) {
      all.write(START, 0, START.length);
      all.write(units, set.position(), set.remaining());
    }
    return all.toByteArray();
  }

  private static boolean endsWithStartCode(byte[] units) {
    int end = units.length;
    return end >= 3 && units[end - 3] == 0 && units[end - 2] == 0 && units[end - 1] == 1;
  }

  /** Where the unit behind the next start code begins; the end where there is none. */
  private static int afterStartCode(byte[] units, int from) {
    for (int i = from; i + 2 < units.length; i++) {
      if (units[i] == 0 && units[i + 1] == 0 && units[i + 2] == 1) {
        return i + 3;
      }
    }
    return units.length;
  }
}

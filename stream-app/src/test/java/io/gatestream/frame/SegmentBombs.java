package io.gatestream.frame;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Segments made of one that is sound: small, and dear to open or to decode. */
public final class SegmentBombs {
  private static final int KEYFRAME = 0x02000000;

  private SegmentBombs() {}

  /** A fragmented MP4 and one more fragment, which claims samples in a table without entries. */
  public static byte[] claimedSamples(byte[] mp4, int samples) {
    byte[] run = box("trun", ints(0, samples));
    byte[] track = box("traf", box("tfhd", ints(0x020000, 1)), run);
    return joined(mp4, box("moof", box("mfhd", ints(0, 9)), track));
  }

  /**
   * A fragmented MP4 of one sample: {@code count} times {@code unit}, then the keyframe of {@code
   * mp4}.
   */
  public static byte[] unitsBeforeKeyframe(byte[] mp4, byte[] unit, int count) {
    ByteArrayOutputStream sample = new ByteArrayOutputStream();
    byte[] prefixed = joined(ints(unit.length), unit);
    for (int i = 0; i < count; i++) {
      sample.writeBytes(prefixed);
    }
    byte[] keyframe = keyframe(mp4);
    return ofSamples(mp4, List.of(joined(sample.toByteArray(), ints(keyframe.length), keyframe)));
  }

  /** A fragmented MP4 with the tables of another and these samples. */
  public static byte[] ofSamples(byte[] mp4, List<byte[]> samples) {
    byte[] fragment = fragment(samples, 0);
    byte[] init = Arrays.copyOf(mp4, find(mp4, "moof") - 4);
    return joined(
        init, fragment(samples, fragment.length + 8), box("mdat", samples.toArray(byte[][]::new)));
  }

  private static byte[] fragment(List<byte[]> samples, int offset) {
    List<Integer> run = new ArrayList<>(List.of(0x305, samples.size(), offset, KEYFRAME));
    for (byte[] sample : samples) {
      run.add(512);
      run.add(sample.length);
    }
    int[] fields = run.stream().mapToInt(Integer::intValue).toArray();
    byte[] track =
        box(
            "traf",
            box("tfhd", ints(0x020000, 1)),
            box("tfdt", ints(0, 0)),
            box("trun", ints(fields)));
    return box("moof", box("mfhd", ints(0, 1)), track);
  }

  /** The first slice of a fragmented MP4. */
  static byte[] keyframe(byte[] mp4) {
    int at = find(mp4, "mdat") + 4;
    while ((mp4[at + 4] & 0x1F) != 5) {
      at += 4 + ByteBuffer.wrap(mp4).getInt(at);
    }
    return Arrays.copyOfRange(mp4, at + 4, at + 4 + ByteBuffer.wrap(mp4).getInt(at));
  }

  /** The picture parameter set in the header of an MP4. */
  public static byte[] pictureParameters(byte[] mp4) {
    int at = find(mp4, "avcC") + 4 + 6;
    at += 2 + ByteBuffer.wrap(mp4).getShort(at) + 1;
    int length = ByteBuffer.wrap(mp4).getShort(at);
    return Arrays.copyOfRange(mp4, at + 2, at + 2 + length);
  }

  /** A transport stream and packets of its video that hold {@code unit} as often as they can. */
  public static byte[] unitsInStream(byte[] ts, byte[] unit, int packets) {
    byte[] packet = new byte[188];
    packet[0] = 0x47;
    packet[1] = 1;
    packet[3] = 0x10;
    byte[] coded = joined(new byte[] {0, 0, 1}, unit);
    for (int at = 4; at + coded.length <= 188; at += coded.length) {
      System.arraycopy(coded, 0, packet, at, coded.length);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ts);
    for (int i = 0; i < packets; i++) {
      out.writeBytes(packet);
    }
    return out.toByteArray();
  }

  /** A copy with the fields of a box replaced, which are counted from behind its type. */
  static byte[] withField(byte[] mp4, String box, int index, int value) {
    byte[] changed = mp4.clone();
    ByteBuffer.wrap(changed).putInt(find(mp4, box) + 4 + 4 * index, value);
    return changed;
  }

  /** The position of a type. */
  static int find(byte[] mp4, String type) {
    int at = new String(mp4, ISO_8859_1).indexOf(type);
    if (at < 0) {
      throw new IllegalArgumentException("no box " + type);
    }
    return at;
  }

  static byte[] box(String type, byte[]... contents) {
    byte[] content = joined(contents);
    return joined(ints(8 + content.length), type.getBytes(ISO_8859_1), content);
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

package io.gatestream.frame.decode;

import static io.gatestream.frame.decode.SegmentDamage.corrupt;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The boxes of an MP4 segment (ISO/IEC 14496-12), checked before FFmpeg sees them: a table may
 * claim no more entries than it holds, and all tables no more samples than a segment may have, for
 * FFmpeg makes an index of whatever is claimed. Boxes that no picture needs, other tracks too, are
 * renamed to {@code free}; what follows the last box is left out. One payload, one thread.
 */
public final class Mp4Boxes {
  private static final String ENTRY = "a sample entry of a video track";
  private static final String FILE = "the file";

  /** What is kept of each box that holds others; all else is renamed. */
  private static final Map<String, Set<String>> KEPT =
      Map.of(
          FILE,
          Set.of("ftyp", "styp", "moov", "moof", "mdat", "free"),
          "moov",
          Set.of("mvhd", "trak", "mvex"),
          "trak",
          Set.of("tkhd", "mdia"),
          "mdia",
          Set.of("mdhd", "hdlr", "minf"),
          "minf",
          Set.of("vmhd", "dinf", "stbl"),
          "stbl",
          Set.of("stsd", "stts", "ctts", "stsc", "stsz", "stz2", "stco", "co64", "stss"),
          ENTRY,
          Set.of("avcC", "colr", "pasp", "btrt", "fiel"),
          "mvex",
          Set.of("trex"),
          "moof",
          Set.of("mfhd", "traf"),
          "traf",
          Set.of("tfhd", "tfdt", "trun"));

  /** Boxes that files have beside those that are kept: these are no bytes after the end. */
  private static final Set<String> OTHERS =
      Set.of(
          "sidx", "ssix", "mfra", "skip", "wide", "udta", "meta", "uuid", "emsg", "prft", "pdin");

  private static final int VIDEO_ENTRY = 86;
  private static final byte[] FREE = "free".getBytes(US_ASCII);

  private final ByteBuffer boxes;
  private final int most;
  private final Set<Integer> videoTracks = new HashSet<>();
  private long samples;

  private Mp4Boxes(ByteBuffer boxes, FrameLimits limits) {
    this.boxes = boxes;
    // a picture may come as two fields
    this.most = (int) Math.min(2L * limits.maxSegmentFrames(), Integer.MAX_VALUE);
  }

  /**
   * A copy of {@code payload} with what pictures need.
   *
   * @throws FrameDecodeException CORRUPT, or TOO_LARGE: more samples than a segment may have
   */
  public static ByteBuffer of(ByteBuffer payload, FrameLimits limits) throws FrameDecodeException {
    ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
    copy.put(payload.duplicate()).flip();
    copy.limit(new Mp4Boxes(copy, limits).walk(FILE, 0, copy.limit()));
    return copy;
  }

  /** Walks the boxes between two positions and returns where they end. */
  private int walk(String parent, int start, int end) throws FrameDecodeException {
    int at = start;
    while (end - at >= 8) {
      String type = type(at + 4);
      long size = Integer.toUnsignedLong(boxes.getInt(at));
      int head = 8;
      if (size == 1 && end - at >= 16) {
        size = boxes.getLong(at + 8);
        head = 16;
      } else if (size == 0) {
        size = (long) end - at;
      }
      boolean kept = KEPT.getOrDefault(parent, Set.of()).contains(type);
      if (parent.equals(FILE) && !kept && !OTHERS.contains(type)) {
        return at;
      }
      if (size < head) {
        throw corrupt("a box of %d bytes".formatted(size));
      }
      // FFmpeg too takes one that is too long for one that ends with its parent
      int next = (int) Math.min(end, at + size);
      if (kept) {
        box(type, at, at + head, next);
      } else {
        boxes.put(at + 4, FREE);
      }
      at = next;
    }
    return parent.equals(FILE) ? at : end;
  }

  private void box(String type, int at, int start, int end) throws FrameDecodeException {
    switch (type) {
      case "trak" -> {
        if (isVideo(start, end)) {
          videoTracks.add(trackId(start, end));
          walk(type, start, end);
        } else {
          boxes.put(at + 4, FREE);
        }
      }
      case "traf" -> {
        if (ofOtherTrack(start, end)) {
          boxes.put(at + 4, FREE);
        } else {
          walk(type, start, end);
        }
      }
      case "moov", "mdia", "minf", "stbl", "mvex", "moof" -> walk(type, start, end);
      case "stsd" -> entries(start + 8, end);
      case "stsz" -> {
        int size = field(start, 1, end);
        samples(count(start, 2, end, size == 0 ? 4 : 0));
      }
      case "stz2" -> samples(count(start, 2, end, 0));
      case "trun" -> samples(count(start, 1, end, 0));
      case "stts", "ctts" -> times(start, count(start, 1, end, 8), end);
      case "stsc" -> count(start, 1, end, 12);
      case "stco", "stss" -> count(start, 1, end, 4);
      case "co64" -> count(start, 1, end, 8);
      default -> {
        // of fixed size, or pictures
      }
    }
  }

  private boolean isVideo(int start, int end) {
    int media = find("mdia", start, end);
    int handler = media < 0 ? -1 : find("hdlr", media + 8, end(media, end));
    return handler >= 0 && end(handler, end) - handler >= 20 && type(handler + 16).equals("vide");
  }

  /** Of a track header: behind version, flags and two times of 4 or 8 bytes; 0 where it is cut. */
  private int trackId(int start, int end) {
    int header = find("tkhd", start, end);
    if (header < 0 || end(header, end) - header < 32) {
      return 0;
    }
    return boxes.getInt(header + (boxes.get(header + 8) == 1 ? 28 : 20));
  }

  private boolean ofOtherTrack(int start, int end) {
    int header = find("tfhd", start, end);
    return header >= 0
        && end(header, end) - header >= 16
        && !videoTracks.isEmpty()
        && !videoTracks.contains(0)
        && !videoTracks.contains(boxes.getInt(header + 12));
  }

  private int find(String type, int start, int end) {
    for (int at = start; end - at >= 8; at = end(at, end)) {
      if (type(at + 4).equals(type)) {
        return at;
      }
    }
    return -1;
  }

  /** The end of a box in a parent: that of the parent where the box's own size makes no sense. */
  private int end(int at, int parentEnd) {
    long size = Integer.toUnsignedLong(boxes.getInt(at));
    return size < 8 ? parentEnd : (int) Math.min(parentEnd, at + size);
  }

  private void entries(int start, int end) throws FrameDecodeException {
    for (int at = start; end - at >= 8; at = end(at, end)) {
      int next = end(at, end);
      if (next - at >= VIDEO_ENTRY) {
        walk(ENTRY, at + VIDEO_ENTRY, next);
      }
    }
  }

  private void times(int start, int count, int end) throws FrameDecodeException {
    long covered = 0;
    for (int i = 0; i < count; i++) {
      covered += Integer.toUnsignedLong(field(start, 2 + 2 * i, end));
    }
    if (covered > most) {
      throw tooMany(covered);
    }
  }

  private void samples(int count) throws FrameDecodeException {
    samples += Integer.toUnsignedLong(count);
    if (samples > most) {
      throw tooMany(samples);
    }
  }

  private FrameDecodeException tooMany(long claimed) {
    return new FrameDecodeException(
        Reason.TOO_LARGE,
        "segment of %d samples; with max.segment.frames it may have %d".formatted(claimed, most));
  }

  /** The count in a field, held against the bytes that follow it. */
  private int count(int start, int index, int end, int entryBytes) throws FrameDecodeException {
    int count = field(start, index, end);
    long room = end - start - 4L * (index + 1);
    if (entryBytes > 0 && Integer.toUnsignedLong(count) * entryBytes > room) {
      throw corrupt(
          "a table of %s entries in %d bytes".formatted(Integer.toUnsignedString(count), room));
    }
    return count;
  }

  /** A field of 32 bits; version and flags are field 0. */
  private int field(int start, int index, int end) throws FrameDecodeException {
    int at = start + 4 * index;
    if (at > end - 4) {
      throw corrupt("a table that ends before its count");
    }
    return boxes.getInt(at);
  }

  private String type(int at) {
    byte[] type = new byte[4];
    boxes.get(at, type);
    return new String(type, US_ASCII);
  }
}

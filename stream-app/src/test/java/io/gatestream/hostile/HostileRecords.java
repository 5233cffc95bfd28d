package io.gatestream.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.Micros;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Mutated frames with valid ones among them, the same for the same seed.
 *
 * <p>What must be rejected is sent under the key of a good stream, with the sequence and the time
 * of its next valid frame: had it advanced anything, that frame would be a duplicate or too early.
 * What may turn out to be valid goes to streams of its own. For models that take two side features
 * and a frame each 100 ms. One object for one sequence of records, used by one thread.
 */
public final class HostileRecords {
  /** Streams whose valid frames are labelled as if nothing else had come. */
  public static final List<String> GOOD = List.of("good-0", "good-1", "good-2", "good-segments");

  /** Streams to which nothing is sent but valid frames. */
  public static final List<String> UNTOUCHED = List.of("untouched-0", "untouched-segments");

  private static final List<String> VALID =
      Stream.concat(GOOD.stream(), UNTOUCHED.stream()).toList();

  private static final int BAD_STREAMS = 8;
  private static final long T0 = 1_700_000_000_000_000L;
  private static final long APART = 300_000;
  private static final int EVERY = 12;

  /** Turns in which the rare ones come, of each 1,000. */
  private static final Map<Integer, Mutation> RARE =
      Map.of(100, Mutation.HUGE_KEY, 300, Mutation.RECORD_TIME, 500, Mutation.OVERSIZE);

  private static final int REORDERED_EVERY = 4_000;
  private static final AvroFrameCodec CODEC = new AvroFrameCodec(FrameLimits.DEFAULT);
  private static final List<Mutation> DRAWN = drawn();

  private final Random random;
  private final Originals originals;
  private final List<byte[]> references;
  private final int reorderedPictures;
  private final Map<String, Long> sequences = new java.util.HashMap<>();
  private final Map<Mutation, Integer> turns = new EnumMap<>(Mutation.class);

  /**
   * Makes the originals.
   *
   * @param clip an H.264 clip with reordered pictures
   * @param pictures how many it has
   * @param file named by payloads that ask for files, see {@link References}
   * @param address named by payloads that ask for addresses
   */
  public HostileRecords(long seed, Path clip, int pictures, String file, String address) {
    this.random = new Random(seed);
    this.originals = new Originals(clip);
    this.reorderedPictures = pictures;
    this.references = References.of(file, address, originals.mp4);
  }

  private static List<Mutation> drawn() {
    List<Mutation> drawn = new ArrayList<>();
    for (Mutation mutation : Mutation.values()) {
      for (int i = 0; i < mutation.weight(); i++) {
        drawn.add(mutation);
      }
    }
    return drawn;
  }

  /** The next {@code count} records, and no frame of a good stream is left half told. */
  public List<HostileRecord> next(int count) {
    List<HostileRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int turn = turns.merge(Mutation.VALID, 1, Integer::sum);
      if (turn % EVERY == 0) {
        records.add(valid(VALID.get(turn / EVERY % VALID.size())));
      } else if (turn % REORDERED_EVERY == 1) {
        records.add(mutated(Mutation.REORDERED));
      } else {
        Mutation rare = RARE.get(turn % 1_000);
        records.add(mutated(rare == null ? DRAWN.get(random.nextInt(DRAWN.size())) : rare));
      }
    }
    return records;
  }

  private HostileRecord valid(String stream) {
    long number = sequences.getOrDefault(stream, 0L);
    int turn = (int) number;
    Frame.Builder frame =
        switch (stream) {
          case "good-0", "untouched-0" -> still(stream, Encoding.JPEG, of(originals.kinds, turn));
          case "good-1" -> still(stream, Encoding.PNG, of(originals.pngKinds, turn));
          case "good-2" -> raw(stream);
          default -> segment(stream, turn % 2 == 0 ? originals.ts : originals.mp4);
        };
    HostileRecord record = record(Mutation.VALID, stream, frame);
    sequences.merge(stream, (long) frame.getFrameCount(), Long::sum);
    return record;
  }

  private HostileRecord mutated(Mutation mutation) {
    int turn = turns.merge(mutation, 1, Integer::sum) - 1;
    String good = GOOD.get(random.nextInt(GOOD.size()));
    String bad = "bad-" + random.nextInt(BAD_STREAMS);
    // turned bits of a session or a sequence may end a stream for good
    String flipped = "bad-avro-" + turn / 10;
    String stream =
        switch (mutation) {
          case AVRO_BIT_FLIPS -> flipped;
          case REORDERED -> "bad-reordered";
          default -> mutation.verdict() == Mutation.Verdict.ANY ? bad : good;
        };
    HostileRecord record = mutated(mutation, turn, stream);
    if (!GOOD.contains(stream)) {
      sequences.merge(stream, 1_000L, Long::sum);
    }
    return record;
  }

  private HostileRecord mutated(Mutation mutation, int turn, String stream) {
    Originals o = originals;
    return switch (mutation) {
      case JPEG_TRUNCATED -> jpeg(mutation, stream, cut(o.jpeg, turn));
      case PNG_TRUNCATED -> png(mutation, stream, cut(o.png, turn));
      case TS_TRUNCATED -> segment(mutation, stream, cut(o.ts, turn));
      case MP4_TRUNCATED -> segment(mutation, stream, cut(o.mp4, turn));
      case JPEG_BIT_FLIPS -> jpeg(mutation, stream, Bits.flipped(o.jpeg, random));
      case JPEG_KINDS_BIT_FLIPS -> jpeg(mutation, stream, Bits.flipped(of(o.kinds, turn), random));
      case PNG_BIT_FLIPS -> png(mutation, stream, Bits.flipped(o.png, random));
      case TS_BIT_FLIPS -> segment(mutation, stream, Bits.flipped(o.ts, random));
      case MP4_BIT_FLIPS -> segment(mutation, stream, Bits.flipped(o.mp4, random));
      case JPEG_SPLICED ->
          jpeg(mutation, stream, Bits.spliced(of(o.kinds, turn), of(o.kinds, turn / 7), random));
      case SEGMENT_SPLICED ->
          segment(mutation, stream, Bits.spliced(o.ts, turn % 2 == 0 ? o.otherTs : o.mp4, random));
      case EMPTY -> record(mutation, stream, empty(stream, turn));
      case WRONG_ENCODING -> record(mutation, stream, wrongEncoding(stream, turn));
      case ENCODING_UNKNOWN -> record(mutation, stream, still(stream, Encoding.UNKNOWN, o.jpeg));
      case WRONG_SIZE -> record(mutation, stream, wrongSize(stream, turn));
      case RAW_WRONG_LENGTH ->
          record(
              mutation,
              stream,
              raw(stream)
                  .setPayload(ByteBuffer.wrap(Arrays.copyOf(o.raw, wrongLength(o.raw.length)))));
      case JPEG_BOMB -> jpeg(mutation, stream, of(o.jpegBombs, turn));
      case PNG_BOMB -> png(mutation, stream, of(o.pngBombs, turn));
      case PNG_INFLATES -> png(mutation, stream, o.pngInflates);
      case JPEG_COSTS -> jpeg(mutation, stream, of(o.jpegCosts, turn));
      case PNG_CHUNKS -> png(mutation, stream, of(o.pngChunks, turn));
      case SEGMENT_COSTS -> segment(mutation, stream, of(o.segmentCosts, turn));
      case JPEG_STRAY -> jpeg(mutation, stream, of(o.strayTooMany, turn));
      case CMYK -> jpeg(mutation, stream, o.cmyk);
      case SIXTEEN_K_WIDE -> jpeg(mutation, stream, o.sixteenK);
      case NO_KEYFRAME -> segment(mutation, stream, withoutKeyframe(o.ts));
      case NEW_SIZE ->
          record(
              mutation,
              stream,
              segment(stream, Bits.joined(o.ts, o.otherSize))
                  .setFrameCount(2 * Originals.PICTURES));
      case BROKEN_TIMES ->
          record(
              mutation,
              stream,
              turn % 2 == 0
                  ? segment(stream, Bits.joined(o.ts, o.ts)).setFrameCount(2 * Originals.PICTURES)
                  : segment(stream, of(o.brokenTimes, turn / 2)));
      case WRONG_COUNT ->
          record(
              mutation,
              stream,
              segment(stream, turn % 2 == 0 ? o.ts : o.mp4)
                  .setFrameCount(of(List.of(1, 2, 4, 1_000), turn)));
      case REORDERED ->
          record(mutation, stream, segment(stream, o.reordered).setFrameCount(reorderedPictures));
      case REFERENCE -> segment(mutation, stream, of(references, turn));
      case UNKNOWN_FINGERPRINT -> value(mutation, stream, otherFingerprint(good(stream)));
      case AVRO_TRUNCATED -> value(mutation, stream, cut(good(stream), turn));
      case AVRO_BIT_FLIPS -> value(mutation, stream, Bits.flipped(good(stream), random));
      case AVRO_TRAILING ->
          value(
              mutation,
              stream,
              Bits.joined(good(stream), Bits.random(random, 1 + random.nextInt(9))));
      case NOT_AVRO -> value(mutation, stream, Bits.random(random, random.nextInt(400)));
      case OVERSIZE -> value(mutation, stream, Bits.random(random, 1_500_000));
      case KEY_MISMATCH ->
          record(mutation, stream, raw(turn % 2 == 0 ? "good-0 " : "somebody else"));
      case NULL_KEY, NON_UTF8_KEY, EMPTY_KEY, LONG_KEY, HUGE_KEY -> badKey(mutation, stream);
      case AUXILIARY_NOT_FINITE ->
          record(
              mutation,
              stream,
              raw(stream)
                  .setAuxiliary(
                      of(
                          List.of(
                              List.of(Float.NaN, 0f),
                              List.of(0f, Float.POSITIVE_INFINITY),
                              List.of(Float.NEGATIVE_INFINITY, Float.NaN)),
                          turn)));
      case AUXILIARY_COUNT ->
          record(
              mutation,
              stream,
              raw(stream)
                  .setAuxiliary(
                      java.util.Collections.nCopies(of(List.of(0, 1, 3, 5_000), turn), 0.5f)));
      case AUXILIARY_CLAIMED -> value(mutation, stream, claimed(good(stream), turn));
      case BAD_TIME ->
          record(mutation, stream, raw(stream).setCaptureTime(Micros.instant(absurd(turn))));
      case BAD_SESSION ->
          record(mutation, stream, raw(stream).setSession(Micros.instant(absurd(turn))));
      case BAD_SEQUENCE ->
          record(
              mutation,
              stream,
              raw(stream).setSequence(of(List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE), turn)));
      case BAD_COUNT ->
          record(
              mutation,
              stream,
              (turn % 2 == 0 ? raw(stream) : segment(stream, o.ts))
                  .setFrameCount(of(List.of(0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE), turn)));
      case RECORD_TIME ->
          new HostileRecord(
              mutation,
              stream.getBytes(UTF_8),
              Bits.random(random, 50),
              of(List.of(0L, Long.MAX_VALUE, 4_102_444_800_000L), turn));
      case VALID -> throw new IllegalArgumentException("not a mutation");
    };
  }

  private HostileRecord badKey(Mutation mutation, String stream) {
    byte[] value = good(stream);
    return switch (mutation) {
      case NULL_KEY -> new HostileRecord(mutation, null, value, millis(stream));
      case NON_UTF8_KEY ->
          new HostileRecord(
              mutation,
              new byte[] {(byte) 0xC3, (byte) 0x28, (byte) 0xFF, (byte) random.nextInt(4)},
              value,
              millis(stream));
      case EMPTY_KEY -> new HostileRecord(mutation, new byte[0], value, millis(stream));
      default -> {
        String id = "x".repeat(mutation == Mutation.LONG_KEY ? 2_000 : 1_048_000);
        yield record(mutation, id, raw(id));
      }
    };
  }

  private Frame.Builder empty(String stream, int turn) {
    Encoding encoding =
        of(List.of(Encoding.JPEG, Encoding.PNG, Encoding.RAW_BGR, Encoding.H264_SEGMENT), turn);
    return still(stream, encoding, new byte[0])
        .setWidth(encoding == Encoding.RAW_BGR ? 4 : 0)
        .setHeight(encoding == Encoding.RAW_BGR ? 4 : 0);
  }

  private Frame.Builder wrongEncoding(String stream, int turn) {
    List<byte[]> payloads = List.of(originals.jpeg, originals.png, originals.ts, originals.mp4);
    List<Encoding> encodings =
        List.of(Encoding.PNG, Encoding.H264_SEGMENT, Encoding.JPEG, Encoding.PNG, Encoding.RAW_BGR);
    Encoding encoding = of(encodings, turn);
    Frame.Builder frame = still(stream, encoding, of(payloads, turn % encodings.size() % 4));
    return encoding == Encoding.RAW_BGR ? frame.setWidth(24).setHeight(16) : frame;
  }

  private Frame.Builder wrongSize(String stream, int turn) {
    int[] sizes =
        of(
            List.of(
                new int[] {0, 7},
                new int[] {-9, -7},
                new int[] {Originals.RAW_WIDTH + 1, Originals.RAW_HEIGHT},
                new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE},
                new int[] {65_536, 65_536},
                new int[] {8_192, 2_048},
                new int[] {Integer.MIN_VALUE, 1}),
            turn);
    return raw(stream).setWidth(sizes[0]).setHeight(sizes[1]);
  }

  private int wrongLength(int right) {
    int length = random.nextInt(2 * right);
    return length == right ? right + 1 : length;
  }

  /** Leaves out the packets of the first picture but keeps the tables. */
  private static byte[] withoutKeyframe(byte[] ts) {
    int packet = 188;
    int from = ts.length / packet;
    for (int i = 4; i * packet < ts.length; i++) {
      int pid = (ts[i * packet + 1] & 0x1F) << 8 | (ts[i * packet + 2] & 0xFF);
      boolean starts = (ts[i * packet + 1] & 0x40) != 0;
      if (pid == 0x100 && starts) {
        from = i;
        break;
      }
    }
    return Bits.joined(
        Arrays.copyOf(ts, 3 * packet), Arrays.copyOfRange(ts, from * packet, ts.length));
  }

  /** A frame with more side features than it has bytes for, or than any frame may have. */
  private static byte[] claimed(byte[] frame, int turn) {
    // the frame ends with a count of two, two floats and the end of the array
    byte[] before = Arrays.copyOf(frame, frame.length - 10);
    byte[] millions = {(byte) 0x80, (byte) 0xDA, (byte) 0xC4, 9}; // 10,000,000
    byte[] manyBytes = new byte[700_000]; // for 174,000, as a count and as a block with its size
    return switch (turn % 3) {
      case 0 -> Bits.joined(before, millions);
      case 1 -> Bits.joined(before, new byte[] {(byte) 0xE0, (byte) 0x9E, 0x15}, manyBytes);
      default -> Bits.joined(before, new byte[] {(byte) 0xDF, (byte) 0x9E, 0x15, 0}, manyBytes);
    };
  }

  private static byte[] otherFingerprint(byte[] value) {
    byte[] other = value.clone();
    other[5] ^= 0x55;
    return other;
  }

  private static long absurd(int turn) {
    return of(
        List.of(-1L, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2, 7_258_118_400_000_000L, -T0), turn);
  }

  /** A valid frame of a stream as the next one that it expects. */
  private byte[] good(String stream) {
    return CODEC.encode(still(stream, Encoding.JPEG, originals.jpeg).build());
  }

  private HostileRecord jpeg(Mutation mutation, String stream, byte[] payload) {
    return record(mutation, stream, still(stream, Encoding.JPEG, payload));
  }

  private HostileRecord png(Mutation mutation, String stream, byte[] payload) {
    return record(mutation, stream, still(stream, Encoding.PNG, payload));
  }

  private HostileRecord segment(Mutation mutation, String stream, byte[] payload) {
    return record(mutation, stream, segment(stream, payload));
  }

  private Frame.Builder raw(String stream) {
    return still(stream, Encoding.RAW_BGR, originals.raw)
        .setWidth(Originals.RAW_WIDTH)
        .setHeight(Originals.RAW_HEIGHT);
  }

  private Frame.Builder segment(String stream, byte[] payload) {
    return still(stream, Encoding.H264_SEGMENT, payload).setFrameCount(Originals.PICTURES);
  }

  private Frame.Builder still(String stream, Encoding encoding, byte[] payload) {
    return Frame.newBuilder()
        .setStreamId(stream)
        .setSession(Micros.instant(T0))
        .setSequence(sequences.getOrDefault(stream, 0L))
        .setCaptureTime(Micros.instant(time(stream)))
        .setSourceTime(time(stream) - T0)
        .setEncoding(encoding)
        .setFrameCount(1)
        .setPayload(ByteBuffer.wrap(payload))
        .setAuxiliary(List.of(0.25f, -0.5f));
  }

  private long time(String stream) {
    return T0 + APART * sequences.getOrDefault(stream, 0L) / (stream.startsWith("bad") ? 1_000 : 1);
  }

  private long millis(String stream) {
    return time(stream) / 1_000;
  }

  private HostileRecord record(Mutation mutation, String key, Frame.Builder frame) {
    return value(mutation, key, CODEC.encode(frame.build()));
  }

  private HostileRecord value(Mutation mutation, String key, byte[] value) {
    return new HostileRecord(mutation, key.getBytes(UTF_8), value, millis(key));
  }

  /** Each length in turn, but the whole. */
  private static byte[] cut(byte[] whole, int turn) {
    return Arrays.copyOf(whole, turn % whole.length);
  }

  private static <T> T of(List<T> list, int turn) {
    return list.get(turn % list.size());
  }
}

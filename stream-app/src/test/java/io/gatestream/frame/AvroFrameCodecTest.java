package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroFrameCodecTest {
  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);

  @Property(tries = 300)
  void everyFrameComesBackAsItWas(
      @ForAll @StringLength(max = 20) String text,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 1000) long sequence,
      @ForAll @LongRange(min = -1_000_000_000_000_000L, max = 4_000_000_000_000_000L) long micros,
      @ForAll @IntRange(min = 1, max = 1000) int count,
      @ForAll @Size(max = 200) byte[] payload,
      @ForAll @Size(max = 5) List<@FloatRange(min = -1e9f, max = 1e9f) Float> auxiliary)
      throws Exception {
    String streamId =
        text.codePoints()
            .filter(c -> c < 0xD800 || c > 0xDFFF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    Frame frame = TestPictures.frame(Encoding.H264_SEGMENT, payload, count);
    frame.put("streamId", streamId);
    frame.put("sequence", sequence);
    frame.put("captureTime", Micros.instant(micros));
    frame.put("auxiliary", auxiliary);
    assertThat(codec.decode(codec.encode(frame))).isEqualTo(frame);
  }

  @Test
  void thePayloadIsAViewOfTheValue() throws Exception {
    byte[] value = codec.encode(TestPictures.frame(Encoding.JPEG, new byte[] {1, 2, 3}));
    assertThat(codec.decode(value).getPayload().array()).isSameAs(value);
  }

  @Test
  void aValueCutAtAnyLengthIsUnparsable() {
    byte[] value = codec.encode(TestPictures.frame(Encoding.JPEG, new byte[40]));
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      rejected(cut, Reason.UNPARSABLE);
    }
    rejected(Arrays.copyOf(value, value.length + 1), Reason.UNPARSABLE);
  }

  @Test
  void flippedBitsAreAnotherFrameOrRejected() {
    Frame frame = TestPictures.frame(Encoding.JPEG, new byte[40]);
    frame.put("auxiliary", List.of(1f, 2f));
    byte[] value = codec.encode(frame);
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] flipped = value.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(codec.decode(flipped)).isNotNull();
      } catch (FrameDecodeException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  /** What Avro's own reader makes of a value, whole or damaged, is what this one makes of it. */
  @Property(tries = 2_000)
  void everyValueIsReadAsAvroReadsIt(@ForAll long seed) {
    Random random = new Random(seed);
    Encoding encoding = List.of(Encoding.values()).get(random.nextInt(Encoding.values().length));
    Frame frame = TestPictures.frame(encoding, new byte[random.nextInt(30)], random.nextInt(3));
    frame.put("streamId", random.nextBoolean() ? "camera-1" : "kámera");
    frame.put("captureTime", Micros.instant(random.nextLong() >> random.nextInt(64)));
    frame.put("sourceTime", random.nextLong() >> random.nextInt(64));
    frame.put("auxiliary", random.doubles(random.nextInt(4)).mapToObj(v -> (float) v).toList());
    byte[] value = codec.encode(frame);
    for (int flips = random.nextInt(4); flips > 0; flips--) {
      value[10 + random.nextInt(value.length - 10)] ^= (byte) (1 << random.nextInt(8));
    }
    byte[] damaged =
        random.nextInt(5) == 0 ? Arrays.copyOf(value, random.nextInt(value.length + 3)) : value;
    assertThat(outcome(new SingleObject<>(Frame.class, 3, 10, FrameReader::read), damaged))
        .as("seed %d", seed)
        .isEqualTo(outcome(new SingleObject<>(Frame.class, 3, 10), damaged));
  }

  private static Object outcome(SingleObject<Frame> frames, byte[] value) {
    try {
      return frames.decode(value);
    } catch (FrameDecodeException e) {
      return e.reason();
    }
  }

  @Test
  void lengthsBeyondTheValueFailBeforeAnythingIsAllocated() {
    byte[] value = codec.encode(TestPictures.frame(Encoding.JPEG, new byte[0]));
    byte[] header = Arrays.copyOf(value, 10);
    for (long claimed : new long[] {1L << 30, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
      rejected(join(header, number(claimed)), Reason.UNPARSABLE);
    }
    // the last four bytes are the payload's length, width, height and the end of auxiliary
    byte[] before = Arrays.copyOf(value, value.length - 4);
    byte[] size = {0, 0};
    for (long claimed : new long[] {1L << 30, Long.MAX_VALUE}) {
      rejected(join(before, number(claimed), size, new byte[1]), Reason.UNPARSABLE);
      rejected(join(before, new byte[1], size, number(claimed)), Reason.UNPARSABLE);
      rejected(join(before, new byte[1], size, number(-claimed), number(4)), Reason.UNPARSABLE);
    }
  }

  @Test
  void anotherSchemaIsUnparsable() {
    byte[] value = codec.encode(TestPictures.frame(Encoding.JPEG, new byte[1]));
    value[5] ^= 1;
    assertThat(rejected(value, Reason.UNPARSABLE)).hasMessageContaining("fingerprint");
  }

  @ParameterizedTest
  @CsvSource({
    "JPEG, 0, 0",
    "JPEG, 2, 0",
    "JPEG, -1, 0",
    "JPEG, 1, -1",
    "H264_SEGMENT, 1001, 0",
    "H264_SEGMENT, 1000, 9223372036854775800"
  })
  void countsAndNumbersOutsideTheirRangesAreBadFields(Encoding encoding, int count, long sequence) {
    Frame frame = TestPictures.frame(encoding, new byte[1], count);
    frame.put("sequence", sequence);
    rejected(codec.encode(frame), Reason.BAD_FIELD);
  }

  @Test
  void sizesAndSideFeaturesAreChecked() {
    rejected(codec.encode(TestPictures.frame(Encoding.RAW_BGR, new byte[3])), Reason.BAD_FIELD);
    Frame negative = TestPictures.frame(Encoding.JPEG, new byte[3]);
    negative.put("height", -1);
    rejected(codec.encode(negative), Reason.BAD_FIELD);
    Frame notFinite = TestPictures.frame(Encoding.JPEG, new byte[3]);
    notFinite.put("auxiliary", List.of(Float.NaN));
    rejected(codec.encode(notFinite), Reason.BAD_FIELD);
    Frame many = TestPictures.frame(Encoding.JPEG, new byte[3]);
    many.put("auxiliary", IntStream.range(0, 4097).mapToObj(i -> 0f).toList());
    rejected(codec.encode(many), Reason.BAD_FIELD);
  }

  @Test
  void theUnknownEncodingIsNamed() {
    byte[] value = codec.encode(TestPictures.frame(Encoding.UNKNOWN, new byte[3]));
    rejected(value, Reason.UNKNOWN_ENCODING);
  }

  @Property(tries = 500)
  void microsComeBack(@ForAll long micros) {
    assertThat(Micros.of(Micros.instant(micros))).isEqualTo(micros);
  }

  @Test
  void timesBeyondReachSaturate() {
    assertThat(Micros.of(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(Micros.of(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
    assertThat(Micros.plus(Long.MAX_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(Micros.plus(Long.MIN_VALUE, -1)).isEqualTo(Long.MIN_VALUE);
    assertThat(Micros.of(Instant.EPOCH.minusNanos(1))).isEqualTo(-1);
  }

  private FrameDecodeException rejected(byte[] value, Reason reason) {
    FrameDecodeException[] caught = new FrameDecodeException[1];
    assertThatThrownBy(() -> codec.decode(value))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> {
              caught[0] = e;
              assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
            });
    return caught[0];
  }

  private static byte[] number(long value) {
    ByteBuffer bytes = ByteBuffer.allocate(10);
    long bits = value << 1 ^ value >> 63;
    for (; (bits & ~0x7FL) != 0; bits >>>= 7) {
      bytes.put((byte) ((bits & 0x7F) | 0x80));
    }
    bytes.put((byte) bits);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(joined::writeBytes);
    return joined.toByteArray();
  }
}

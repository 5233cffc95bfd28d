package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;

/** Any bytes as a frame's record: refused as bad data, or what Avro reads too, and no dearer. */
class ValueDecoderFuzzTest {
  private static final Set<Reason> REASONS =
      EnumSet.of(Reason.UNPARSABLE, Reason.BAD_FIELD, Reason.UNKNOWN_ENCODING);
  private static final int HEADER = 10;

  /** A frame's object and its counted side features, or an exception's trace. */
  private static final long MOST_BYTES = 1 << 18;

  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
  private final byte[] frame = codec.encode(TestPictures.frame(Encoding.JPEG, new byte[1]));
  private final BinaryMessageDecoder<Frame> avro =
      new BinaryMessageDecoder<>(SpecificData.getForClass(Frame.class), Frame.getClassSchema());

  @FuzzTest
  void everyValueIsRefusedOrAFrame(byte[] value) throws Exception {
    check(value);
    // what follows the right fingerprint, which a changed value has lost
    byte[] body = Arrays.copyOf(frame, HEADER + value.length);
    System.arraycopy(value, 0, body, HEADER, value.length);
    check(body);
  }

  private void check(byte[] value) throws Exception {
    byte[] given = value.clone();
    Optional<Frame> read = read(given);
    assertThat(given).as("the value is left alone").isEqualTo(value);
    long most = MOST_BYTES + 16L * value.length;
    assertThat(Allocation.least(most, () -> read(value))).isLessThanOrEqualTo(most);
    if (read.isEmpty()) {
      return;
    }
    Frame found = read.get();
    requireLimits(found);
    assertThat(found).as("what Avro reads").isEqualTo(avro.decode(value));
    byte[] again = codec.encode(found);
    assertThat(codec.decode(again)).isEqualTo(found);
    assertThat(codec.encode(codec.decode(again))).isEqualTo(again);
  }

  private static void requireLimits(Frame frame) {
    assertThat(frame.getEncoding()).isNotEqualTo(Encoding.UNKNOWN);
    int most =
        frame.getEncoding() == Encoding.H264_SEGMENT ? FrameLimits.DEFAULT.maxSegmentFrames() : 1;
    assertThat(frame.getFrameCount()).isBetween(1, most);
    assertThat(frame.getSequence()).isBetween(0L, Long.MAX_VALUE - frame.getFrameCount());
    assertThat(Math.min(frame.getWidth(), frame.getHeight()))
        .isGreaterThanOrEqualTo(frame.getEncoding() == Encoding.RAW_BGR ? 1 : 0);
    assertThat(frame.getStreamId().getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(AvroFrameCodec.MAX_STREAM_ID);
    assertThat(frame.getAuxiliary())
        .hasSizeLessThanOrEqualTo(AvroFrameCodec.MAX_AUXILIARY)
        .allMatch(Float::isFinite);
  }

  private Optional<Frame> read(byte[] value) {
    try {
      return Optional.of(codec.decode(value));
    } catch (FrameDecodeException e) {
      assertThat(e.reason()).isIn(REASONS);
      assertThat(e).message().isNotBlank();
      return Optional.empty();
    }
  }
}

package io.gatestream.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LikelyCauseTest {
  private static final byte[] KEY = "cam-1".getBytes(UTF_8);
  private final LikelyCause causes = new LikelyCause();
  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);

  private static Frame.Builder frame() {
    return Frame.newBuilder()
        .setStreamId("cam-1")
        .setSession(Micros.instant(1_790_000_000_000_000L))
        .setSequence(0)
        .setCaptureTime(Micros.instant(1_790_000_000_000_000L))
        .setSourceTime(0)
        .setEncoding(Encoding.JPEG)
        .setPayload(ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0, 0}));
  }

  private String unparsable(byte[] value) {
    return causes.of("UNPARSABLE", KEY, value).orElse("");
  }

  private byte[] body() {
    byte[] value = codec.encode(frame().build());
    return Arrays.copyOfRange(value, 10, value.length);
  }

  private static byte[] join(byte[] start, byte[] end) {
    return ByteBuffer.allocate(start.length + end.length).put(start).put(end).array();
  }

  @Test
  void valuesOfOtherSerializersAreTold() {
    assertThat(unparsable(join(new byte[] {0, 0, 0, 0, 1}, body()))).contains("schema registry");
    assertThat(unparsable(body())).contains("without its header");
    byte[] otherSchema = codec.encode(frame().build());
    otherSchema[5] ^= 1;
    assertThat(unparsable(otherSchema)).contains("another schema");
    assertThat(unparsable(join(codec.encode(frame().build()), new byte[] {1})))
        .contains("cut off, or with bytes behind");
    assertThat(unparsable(new byte[0])).contains("empty value");
    assertThat(unparsable("{\"a\": 1}".getBytes(UTF_8))).contains("the value is JSON");
    assertThat(unparsable("/9j/4AAQSkZJRg".getBytes(UTF_8))).contains("in Base64");
    assertThat(unparsable(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1}))
        .contains("a JPEG picture, not a Frame around one");
    assertThat(unparsable(new byte[] {5, 4, 3})).contains("no Frame at all");
  }

  @Test
  void keysOfOtherSerializersAreTold() {
    byte[] value = codec.encode(frame().build());
    assertThat(causes.of("KEY_MISMATCH", null, value).orElse("")).contains("sends no key");
    assertThat(causes.of("KEY_MISMATCH", "\"cam-1\"".getBytes(UTF_8), value).orElse(""))
        .contains("writes JSON");
    assertThat(causes.of("KEY_MISMATCH", new byte[] {0, 0, 0, 0, 1, 'c'}, value).orElse(""))
        .contains("schema registry");
    assertThat(causes.of("KEY_MISMATCH", "other".getBytes(UTF_8), value).orElse(""))
        .contains("something else than the stream");
  }

  @Test
  void timesInNanosecondsAreTold() {
    Frame nanos = frame().setCaptureTime(Micros.instant(1_790_000_000_000_000_000L)).build();
    assertThat(causes.of("BAD_TIME", KEY, codec.encode(nanos)).orElse("")).contains("nanoseconds");
    Frame negative = frame().setCaptureTime(Micros.instant(-1)).build();
    assertThat(causes.of("BAD_TIME", KEY, codec.encode(negative)).orElse("")).contains("never set");
  }

  @Test
  void aPayloadThatIsNotWhatItsEncodingSaysIsTold() {
    Frame png = frame().setEncoding(Encoding.PNG).build();
    assertThat(causes.of("CORRUPT", KEY, codec.encode(png)).orElse(""))
        .isEqualTo("the payload is a JPEG picture, and the encoding says PNG");
    assertThat(causes.of("CORRUPT", KEY, codec.encode(frame().build())).orElse(""))
        .contains("cut off or damaged");
    Frame empty = frame().setPayload(ByteBuffer.allocate(0)).build();
    assertThat(causes.of("CORRUPT", KEY, codec.encode(empty)).orElse("")).contains("empty payload");
  }

  @Test
  void whatIsLeftOutOrUnknownHasNoCause() {
    assertThat(causes.of("CORRUPT", KEY, new byte[0])).isEmpty();
    assertThat(causes.of("SOMETHING_NEW", KEY, body())).isEmpty();
  }

  @Test
  void theUnitOfATimeIsGuessed() {
    assertThat(TimeUnitGuess.of(1_790_000_000L)).contains("seconds");
    assertThat(TimeUnitGuess.of(1_790_000_000_000L)).contains("milliseconds");
    assertThat(TimeUnitGuess.of(1_790_000_000_000_000L)).isEmpty();
    assertThat(TimeUnitGuess.of(1_790_000_000_000_000_000L)).contains("nanoseconds");
    assertThat(TimeUnitGuess.of(0)).isEmpty();
    assertThat(TimeUnitGuess.of(600_000_000L)).as("a recording that counts from 0").isEmpty();
    assertThat(TimeUnitGuess.isSuspicious(1_790_000_000_000_000L)).isFalse();
    assertThat(TimeUnitGuess.isSuspicious(1_790_000_000_000L)).isTrue();
  }
}

package io.gatestream.stream.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class SilentStreamsTest {
  private static final Bytes A = id("a");
  private static final Bytes B = id("b");
  private final SilentStreams streams = new SilentStreams(3_000_000);

  private static Bytes id(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aStreamThatOwesAnEndIsSilentAfterItsTime() {
    streams.tick(0, false);
    streams.seen(B, true);
    streams.seen(A, true);
    streams.seen(id("c"), false);
    assertThat(streams.tick(1_000, false)).isEmpty();
    assertThat(streams.tick(2_999, false)).isEmpty();
    assertThat(streams.tick(3_000, false)).containsExactly(A, B);
    assertThat(streams.tick(9_000, false)).as("told once").isEmpty();
  }

  @Test
  void aFrameOrAnEndBeginsTheTimeAnew() {
    streams.tick(0, false);
    streams.seen(A, true);
    streams.seen(B, true);
    streams.tick(2_000, false);
    streams.seen(A, true);
    streams.seen(B, false);
    assertThat(streams.tick(4_000, false)).isEmpty();
    assertThat(streams.tick(5_000, false)).containsExactly(A);
  }

  @Test
  void timeInWhichFramesWaitedDoesNotCount() {
    streams.tick(0, false);
    streams.seen(A, true);
    for (int second = 1; second < 20; second++) {
      assertThat(streams.tick(second * 1_000L, true)).isEmpty();
    }
    streams.tick(20_000, false);
    streams.tick(21_000, false);
    assertThat(streams.tick(22_000, false)).containsExactly(A);
  }

  @Test
  void aProcessThatStoodStillDoesNotMakeStreamsSilent() {
    streams.tick(0, false);
    streams.seen(A, true);
    assertThat(streams.tick(3_600_000, false)).as("an hour's sleep").isEmpty();
    assertThat(streams.tick(3_500_000, false)).as("the clock went back").isEmpty();
    assertThat(streams.tick(3_501_000, false)).containsExactly(A);
  }
}

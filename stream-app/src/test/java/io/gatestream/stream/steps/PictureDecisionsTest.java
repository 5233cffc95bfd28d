package io.gatestream.stream.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.frame.Micros;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PictureDecisionsTest {
  private static final long T0 = 1_700_000_000_000_000L;

  private final StreamPolicy policy = new StreamPolicy(PolicySettings.DEFAULT, 100_000, "model");
  private final Frame frame =
      Frame.newBuilder()
          .setStreamId("s")
          .setSession(Micros.instant(T0))
          .setSequence(0)
          .setFrameCount(2)
          .setCaptureTime(Micros.instant(T0))
          .setSourceTime(0)
          .setEncoding(Encoding.H264_SEGMENT)
          .setPayload(ByteBuffer.wrap(new byte[1]))
          .build();

  @Test
  void aPictureIsDecidedOnOnceWhoeverAsks() {
    PictureDecisions decisions = new PictureDecisions(policy, frame, StreamProgress.START);
    assertThat(decisions.wants(0, T0)).isTrue();
    assertThat(decisions.of(0, T0)).isSameAs(decisions.of(0, T0));
    assertThat(decisions.wants(1, T0 + 1)).isFalse();
    assertThat(decisions.of(1, T0 + 1).after().skipped()).isEqualTo(1);
    assertThat(decisions.of(0, T0).after().skipped()).isZero();
  }
}

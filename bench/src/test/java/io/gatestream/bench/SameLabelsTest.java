package io.gatestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.OutageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SameLabelsTest {
  private static SameLabels labels(double score) {
    SameLabels labels = new SameLabels();
    labels.add(new PeerLabel("door", 6, 0, Map.of("left", 0.25, "right", 0.75)));
    labels.add(new PeerLabel("door", 7, 0, Map.of("left", score, "right", 1 - score)));
    return labels;
  }

  @Test
  void scoresWithinTheToleranceAreTheSame() {
    assertThatCode(() -> labels(0.3).requireSame(Peer.P1, labels(0.300009)))
        .doesNotThrowAnyException();
  }

  @Test
  void aDifferenceNamesPeerStreamAndSequence() {
    assertThatThrownBy(() -> labels(0.3).requireSame(Peer.P3F, labels(0.300011)))
        .isInstanceOf(OutageException.class)
        .hasMessageContainingAll("p3f", "stream door", "sequence 7", "apart at most");
    assertThatThrownBy(() -> labels(0.3).requireSame(Peer.P1, labels(Double.NaN)))
        .isInstanceOf(OutageException.class);
  }

  @Test
  void aFrameOrAScoreThatIsMissingIsADifference() {
    SameLabels one = new SameLabels();
    one.add(new PeerLabel("door", 6, 0, Map.of("left", 0.25)));

    assertThatThrownBy(() -> labels(0.3).requireSame(Peer.P2, one))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("door");
    assertThatThrownBy(() -> labels(0.3).requireSame(Peer.P2, new SameLabels()))
        .hasMessageContaining("gave no label");
  }

  @Test
  void aPeersJsonIsRead() {
    String json =
        "{\"streamId\":\"door\",\"session\":1,\"sequence\":7,\"captureTime\":1700000000000001,"
            + "\"sourceTime\":0,\"scores\":[{\"label\":\"right\",\"score\":0.75},"
            + "{\"label\":\"left\",\"score\":0.25}]}";

    assertThat(PeerLabel.of(json.getBytes(UTF_8)))
        .isEqualTo(
            new PeerLabel("door", 7, 1_700_000_000_000_001L, Map.of("left", 0.25, "right", 0.75)));
    assertThatThrownBy(() -> PeerLabel.of(new byte[] {1, 2}))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("a label cannot be read");
  }
}

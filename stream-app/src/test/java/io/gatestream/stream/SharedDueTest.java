package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatestream.config.PolicySettings;
import io.gatestream.frame.SharedInput;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The frames that model-export picks for training are those that the policy labels. */
class SharedDueTest {
  private static final long CAPTURED = 1_700_000_000_000_000L;

  static Stream<JsonNode> cases() throws Exception {
    return SharedInput.cases("due.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void labelledFramesAreThoseOfTraining(JsonNode shared) {
    StreamPolicy policy =
        new StreamPolicy(PolicySettings.DEFAULT, shared.get("interval").asLong(), "m");
    StreamProgress progress = StreamProgress.START;
    List<Integer> labelled = new ArrayList<>();
    for (int i = 0; i < shared.get("times").size(); i++) {
      Decision decision =
          policy.decide(progress, 1, i, CAPTURED + shared.get("times").get(i).asLong());
      if (decision instanceof Decision.Step) {
        labelled.add(i);
      }
      progress = decision.after();
    }
    List<Integer> due = new ArrayList<>();
    shared.get("due").forEach(index -> due.add(index.asInt()));
    assertThat(labelled).isEqualTo(due);
  }
}

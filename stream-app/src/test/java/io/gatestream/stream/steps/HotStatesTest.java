package io.gatestream.stream.steps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class HotStatesTest {
  private static Bytes key(String stream) {
    return Bytes.wrap(stream.getBytes(UTF_8));
  }

  private static StreamState state(int floats) {
    return new StreamState(StreamProgress.START, new float[][] {new float[floats]}, 0);
  }

  @Test
  void theStateUsedLongestAgoMakesRoomAndTheObjectItselfIsKept() {
    HotStates hot = new HotStates(new HotStates.Budget(4_000));
    StreamState first = state(100);
    hot.put(key("a"), first);
    hot.put(key("b"), state(100));
    hot.put(key("c"), state(100));
    assertThat(hot.get(key("a"))).isSameAs(first);
    hot.put(key("d"), state(100));
    hot.put(key("e"), state(100)); // 5 of 913 bytes
    assertThat(hot.get(key("b"))).isNull();
    assertThat(hot.get(key("a"))).isSameAs(first);
    StreamState next = state(100);
    hot.put(key("a"), next);
    assertThat(hot.get(key("a"))).isSameAs(next);
    assertThat(hot.get(key("c"))).as("its place is not counted twice").isNotNull();
  }

  @Test
  void tasksShareTheBudgetAndAClosedOneGivesItsPartBack() {
    HotStates.Budget budget = new HotStates.Budget(2_000);
    HotStates one = new HotStates(budget);
    HotStates other = new HotStates(budget);
    one.put(key("a"), state(100));
    one.put(key("b"), state(100));
    other.put(key("c"), state(100));
    assertThat(other.get(key("c"))).as("nothing is left for it").isNull();
    one.clear();
    assertThat(one.get(key("a"))).isNull();
    other.put(key("c"), state(100));
    assertThat(other.get(key("c"))).isNotNull();
  }

  @Test
  void withoutABudgetNothingIsKept() {
    HotStates hot = new HotStates(new HotStates.Budget(0));
    hot.put(key("a"), state(1));
    assertThat(hot.get(key("a"))).isNull();
  }
}

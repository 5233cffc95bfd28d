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
  void eachTaskHasItsShareWhicheverCameFirst() {
    HotStates.Budget budget = new HotStates.Budget(4_000);
    HotStates one = new HotStates(budget);
    for (String stream : new String[] {"a", "b", "c", "d"}) {
      one.put(key(stream), state(100));
    }
    HotStates other = new HotStates(budget);
    other.put(key("e"), state(100));
    other.put(key("f"), state(100));
    assertThat(other.get(key("e"))).isNotNull();
    one.put(key("d"), state(100));
    assertThat(one.get(key("b"))).as("2 of 913 bytes are its share now").isNull();
    assertThat(one.get(key("c"))).isNotNull();
    other.close();
    other.close();
    one.put(key("a"), state(100));
    one.put(key("b"), state(100));
    assertThat(one.get(key("c"))).as("the share of the other came back").isNotNull();
  }

  @Test
  void withoutABudgetNothingIsKept() {
    HotStates hot = new HotStates(new HotStates.Budget(0));
    hot.put(key("a"), state(1));
    assertThat(hot.get(key("a"))).isNull();
  }
}

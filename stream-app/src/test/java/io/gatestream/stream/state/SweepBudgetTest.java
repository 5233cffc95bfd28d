package io.gatestream.stream.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepBudgetTest {
  private final SweepBudget budget = new SweepBudget(3, 100);

  @Test
  void whatOneTaskLeavesIsForTheNext() {
    join("a", "b", "c");
    assertThat(budget.take("a", 0)).isTrue();
    assertThat(budget.spend(1)).isTrue();
    assertThat(budget.take("b", 0)).isTrue();
    assertThat(budget.spend(1)).isTrue();
    assertThat(budget.spend(1)).as("the third state").isFalse();
    assertThat(budget.take("c", 0)).as("nothing is left").isFalse();
    assertThat(budget.take("a", 1_000)).as("not before c").isFalse();
    assertThat(budget.take("c", 1_000)).isTrue();
  }

  @Test
  void bytesCountToo() {
    join("a", "b");
    assertThat(budget.take("a", 0)).isTrue();
    assertThat(budget.spend(100)).isFalse();
    assertThat(budget.take("b", 500)).isFalse();
    assertThat(budget.take("b", 1_000)).isTrue();
  }

  @Test
  void everyTaskHasAsManyTurnsInWhateverOrderTheyAsk() {
    join("a", "b", "c", "d", "e");
    Map<String, Integer> turns = new HashMap<>();
    for (int second = 0; second < 50; second++) {
      for (String task : List.of("a", "b", "c", "d", "e")) {
        if (budget.take(task, second * 1_000L)) {
          turns.merge(task, 1, Integer::sum);
          budget.spend(60);
          budget.spend(60);
        }
      }
    }
    assertThat(turns.values()).as("%s", turns).hasSize(5).containsOnly(10);
  }

  @Test
  void tasksThatLeaveOrDoNotAskKeepNoOneWaiting() {
    join("a", "gone", "silent");
    assertThat(budget.take("a", 0)).isTrue();
    budget.leave("gone");
    assertThat(budget.take("a", 1_000)).as("silent may still come").isFalse();
    assertThat(budget.take("a", 2_000)).isTrue();
    assertThat(budget.take("gone", 2_000)).isFalse();
  }

  @Test
  void aClockThatIsSetBackBeginsAPeriod() {
    join("a");
    assertThat(budget.take("a", 100_000)).isTrue();
    assertThat(budget.take("a", 99_000)).isTrue();
  }

  private void join(String... tasks) {
    for (String task : tasks) {
      budget.join(task);
    }
  }
}

package io.gatestream.stream.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeadTransactionsTest {
  private static final String OWN = "11111111-1111-1111-1111-111111111111";
  private static final String LIVE = "22222222-2222-2222-2222-222222222222";
  private static final String DEAD = "33333333-3333-3333-3333-333333333333";

  private final DeadTransactions dead = new DeadTransactions(new ProcessNames("app.1"), OWN);

  private static String id(String process, int thread) {
    return "app.1-%s-%d".formatted(process, thread);
  }

  private static String thread(String process, int thread) {
    return "app.1-%s-StreamThread-%d".formatted(process, thread);
  }

  private static Set<String> members(String... processes) {
    return Arrays.stream(processes)
        .map(process -> thread(process, 1) + "-consumer")
        .collect(Collectors.toSet());
  }

  @Test
  void thoseOfProcessesThatAreNoMembersAreDead() {
    assertThat(
            dead.among(
                Set.of(id(OWN, 1), id(LIVE, 1), id(LIVE, 9), id(DEAD, 1), id(DEAD, 2)),
                members(OWN, LIVE),
                Set.of(thread(OWN, 1))))
        .containsExactlyInAnyOrder(id(DEAD, 1), id(DEAD, 2));
  }

  @Test
  void thoseOfThreadsThatThisProcessNoLongerHasAreDead() {
    Set<String> open = Set.of(id(OWN, 1), id(OWN, 2), id(OWN, 3));
    assertThat(dead.among(open, members(OWN), Set.of(thread(OWN, 1), thread(OWN, 3))))
        .containsExactly(id(OWN, 2));
    assertThat(dead.among(open, members(OWN), Set.of())).as("threads are not known").isEmpty();
  }

  @Test
  void beforeTheStartAllOfThisProcessAreOfAnEarlierRun() {
    assertThat(dead.beforeStart(Set.of(id(OWN, 1), id(OWN, 77), id(LIVE, 1), id(DEAD, 1))))
        .containsExactlyInAnyOrder(id(OWN, 1), id(OWN, 77));
  }

  @Test
  void otherApplicationsAreLeftAlone() {
    Set<String> open =
        Set.of(
            "app.1-" + DEAD + "-x",
            "app.1-" + DEAD,
            "app.1-other-" + DEAD + "-1",
            "my-app.1-" + DEAD + "-1",
            "appX1-" + DEAD + "-1",
            "app.1-producer-1");
    assertThat(dead.concerns(open)).isFalse();
    assertThat(dead.among(open, members(OWN), Set.of(thread(OWN, 1)))).isEmpty();
    assertThat(dead.concerns(Set.of(id(DEAD, 1)))).isTrue();
  }

  /** As the group is read from a coordinator that has not heard of it, or during a first join. */
  @Test
  void whoIsNoMemberItselfCallsNobodyDead() {
    assertThat(dead.among(Set.of(id(DEAD, 1)), members(LIVE), Set.of(thread(OWN, 1)))).isEmpty();
    assertThat(dead.among(Set.of(id(DEAD, 1)), Set.of(), Set.of(thread(OWN, 1)))).isEmpty();
  }

  @Test
  void aMemberWhoseNameMeansNothingMightHaveAnyTransaction() {
    assertThat(
            dead.among(
                Set.of(id(DEAD, 1)),
                Set.of(thread(OWN, 1) + "-consumer", "somebody"),
                Set.of(thread(OWN, 1))))
        .isEmpty();
  }
}

package io.gatestream.stream.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.kafka.Transactions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransactionFenceTest {
  private static final String OWN = "11111111-1111-1111-1111-111111111111";
  private static final String OTHER = "22222222-2222-2222-2222-222222222222";

  private final Brokers brokers = new Brokers();

  /** What the fence sees; the test sets it before the fence's thread is started or woken. */
  private static final class Brokers implements Transactions {
    final Set<String> open = new HashSet<>();
    Set<String> members = Set.of();
    final List<String> calls = new ArrayList<>();
    RuntimeException failure = new IllegalStateException("none");
    boolean fails;
    final CountDownLatch aborted = new CountDownLatch(1);

    @Override
    public synchronized Set<String> open() {
      calls.add("open");
      if (fails) {
        throw failure;
      }
      return Set.copyOf(open);
    }

    @Override
    public synchronized Set<String> memberClients() {
      calls.add("members");
      return members;
    }

    @Override
    public synchronized void abort(Set<String> ids) {
      calls.add("abort " + ids);
      open.removeAll(ids);
      aborted.countDown();
    }

    @Override
    public OptionalInt longestTimeout() {
      return OptionalInt.empty();
    }

    @Override
    public void close() {}

    synchronized List<String> calls() {
      return List.copyOf(calls);
    }
  }

  private TransactionFence fence() {
    return new TransactionFence(
        brokers,
        new DeadTransactions(new ProcessNames("app"), OWN),
        () -> Set.of("app-" + OWN + "-StreamThread-1"),
        "grant this");
  }

  @Test
  void whatIsOpenIsReadBeforeTheMembersAre() {
    brokers.open.add("app-" + OTHER + "-1");
    brokers.members = Set.of("app-" + OWN + "-StreamThread-1-consumer");
    try (TransactionFence fence = fence()) {
      fence.look();
    }
    assertThat(brokers.calls()).containsExactly("open", "members", "abort [app-" + OTHER + "-1]");
  }

  @Test
  void theGroupIsNotAskedForWhereNothingIsOpen() {
    brokers.open.add("others-1");
    try (TransactionFence fence = fence()) {
      fence.look();
    }
    assertThat(brokers.calls()).containsExactly("open");
  }

  @Test
  void anEarlierRunsAreAbortedBeforeTheStart() {
    brokers.open.addAll(Set.of("app-" + OWN + "-1", "app-" + OTHER + "-1"));
    try (TransactionFence fence = fence()) {
      fence.beforeStart();
      assertThat(brokers.open).containsExactly("app-" + OTHER + "-1");
    }
  }

  @Test
  void partitionsThatMoveWakeIt() throws Exception {
    brokers.open.add("app-" + OTHER + "-1");
    brokers.members = Set.of("app-" + OWN + "-StreamThread-1-consumer");
    try (TransactionFence fence = fence()) {
      fence.beforeStart();
      fence.partitionsMove();
      brokers.aborted.await();
    }
    assertThat(brokers.open).isEmpty();
  }

  @Test
  void brokersThatRefuseOrAreAwayStopNothing() {
    brokers.fails = true;
    try (TransactionFence fence = fence()) {
      brokers.failure = new TimeoutException("away");
      fence.look();
      brokers.failure = new GroupAuthorizationException("app");
      fence.look();
      fence.look();
      brokers.fails = false;
      brokers.open.add("app-" + OTHER + "-1");
      brokers.members = Set.of("app-" + OWN + "-StreamThread-1-consumer");
      fence.look();
    }
    assertThat(brokers.open).isEmpty();
  }
}

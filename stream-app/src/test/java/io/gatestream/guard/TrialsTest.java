package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.guard.TrialOutcome.Killed;
import io.gatestream.guard.TrialOutcome.Survived;
import io.gatestream.guard.TrialOutcome.Undecided;
import io.gatestream.kafka.RecordPosition;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records a, b, c at offsets 0, 1, 2; outcomes are given one after the other, then all survive. */
class TrialsTest {
  private static final TrialOutcome KILLED = new Killed("SIGSEGV");
  private static final TrialOutcome KILL_9 = new Undecided("exit value 137");

  @TempDir Path dir;
  private KillingRecords killing;
  private final List<String> runs = new ArrayList<>();
  private final Deque<TrialOutcome> outcomes = new ArrayDeque<>();

  @BeforeEach
  void open() throws Exception {
    killing = KillingRecords.open(dir.resolve("list"));
  }

  @AfterEach
  void close() throws Exception {
    killing.close();
  }

  @Test
  void recordsThatSurviveTogetherNeedOneProcess() throws Exception {
    run(3);
    assertThat(runs).containsExactly("abc");
    assertThat(killing()).isEmpty();
  }

  @Test
  void onlyTheOneThatDiesAloneKills() throws Exception {
    outcomes.addAll(List.of(KILLED, new Survived(), KILLED, new Survived()));
    run(3);
    assertThat(runs).containsExactly("abc", "a", "b", "c");
    assertThat(killing()).isEqualTo("b");
  }

  @Test
  void aProcessThatDiesOfManyProvesNothing() throws Exception {
    outcomes.add(KILLED);
    run(3);
    assertThat(runs).containsExactly("abc", "a", "b", "c");
    assertThat(killing()).isEmpty();
  }

  @Test
  void aKillFromOutsideIsTriedAgain() throws Exception {
    outcomes.addAll(List.of(KILL_9, KILL_9, KILLED));
    run(1);
    assertThat(runs).containsExactly("a", "a", "a");
    assertThat(killing()).isEqualTo("a");
  }

  @Test
  void aTrialThatNeverEndsOfItselfRejectsNothing() throws Exception {
    IntStream.range(0, Trials.ATTEMPTS).forEach(i -> outcomes.add(KILL_9));
    run(1);
    assertThat(runs).hasSize(Trials.ATTEMPTS);
    assertThat(killing()).isEmpty();
  }

  @Test
  void theGoneAndTheKnownAreNotTried() throws Exception {
    killing.add("b".getBytes(UTF_8), new RecordPosition("frames", 0, 1), "SIGABRT");
    run(5);
    assertThat(runs).as("d and e are gone").containsExactly("ac");
  }

  private void run(int records) throws Exception {
    Set<RecordPosition> positions = new LinkedHashSet<>();
    for (int offset = 0; offset < records; offset++) {
      positions.add(new RecordPosition("frames", 0, offset));
    }
    new Trials(this::hold, TrialsTest::value, killing).run(positions);
  }

  private TrialOutcome hold(List<byte[]> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(value -> text.append(new String(value, UTF_8)));
    runs.add(text.toString());
    return outcomes.isEmpty() ? new Survived() : outcomes.remove();
  }

  private static Optional<byte[]> value(RecordPosition position) {
    int index = (int) position.offset();
    return index < 3
        ? Optional.of("abc".substring(index, index + 1).getBytes(UTF_8))
        : Optional.empty();
  }

  private String killing() {
    StringBuilder text = new StringBuilder();
    for (String value : List.of("a", "b", "c")) {
      killing.find(value.getBytes(UTF_8)).ifPresent(found -> text.append(value));
    }
    return text.toString();
  }
}

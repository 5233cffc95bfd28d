package io.gatestream.stream.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.http.Refusal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OpenTasksTest {
  private static final long LONG = Duration.ofMinutes(5).toNanos();

  private final OpenTasks tasks = new OpenTasks();
  private final OpenTask task = tasks.open(3);

  private static long soon() {
    return System.nanoTime() + LONG;
  }

  private static long now() {
    return System.nanoTime();
  }

  @Test
  void whatATaskBeginsWithIsCommitted() {
    assertThat(task.read(() -> "begun").committed(now())).isEqualTo("begun");
  }

  @Test
  void aChangeIsAnsweredOnceItIsCommitted() throws ExecutionException, InterruptedException {
    task.changing();
    OpenTask.Read<String> read = task.read(() -> "changed");
    assertThatThrownBy(() -> read.committed(now()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("partition 3 are not committed yet");

    CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> read.committed(soon()));
    tasks.committed();
    assertThat(waiting.get()).isEqualTo("changed");
  }

  @Test
  void aChangeThatWasBegunWhileReadingIsWaitedFor() {
    OpenTask.Read<String> read =
        task.read(
            () -> {
              task.changing(); // the stream thread goes on meanwhile
              return "either";
            });
    assertThatThrownBy(() -> read.committed(now())).isInstanceOf(Refusal.class);
    tasks.committed();
    assertThat(read.committed(now())).isEqualTo("either");
  }

  @Test
  void aLaterChangeDoesNotTakeBackWhatIsCommitted() {
    task.changing();
    OpenTask.Read<String> read = task.read(() -> "first");
    tasks.committed();
    task.changing();
    assertThat(read.committed(now())).isEqualTo("first");
  }

  @Test
  void theCommitOfAnotherThreadIsNotThisTasks() throws InterruptedException {
    task.changing();
    Thread other = new Thread(tasks::committed);
    other.start();
    other.join();
    assertThatThrownBy(() -> task.read(() -> "").committed(now())).isInstanceOf(Refusal.class);
  }

  @Test
  void aTaskThatClosesBeforeItsCommitHasMoved() throws InterruptedException {
    task.changing();
    OpenTask.Read<String> read = task.read(() -> "never committed");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting = new Thread(() -> read.committed(soon()));
    waiting.setUncaughtExceptionHandler((thread, refusal) -> thrown.set(refusal));
    waiting.start();
    task.close();
    waiting.join();
    assertThat(thrown.get()).hasMessageContaining("partition 3 moves");

    assertThat(tasks.now()).isEmpty();
    assertThatThrownBy(() -> task.read(() -> "")).hasMessageContaining("partition 3 moves");
  }

  @Test
  void theNextCommitOfItsThreadIsNotThatOfAClosedTask() {
    task.changing();
    OpenTask.Read<String> read = task.read(() -> "aborted");
    task.close();
    tasks.committed();
    task.committed(); // told of it or not
    assertThatThrownBy(() -> read.committed(soon())).hasMessageContaining("partition 3 moves");
  }

  @Test
  void theCloseOfATaskLeavesItsSuccessorAlone() {
    OpenTask again = tasks.open(3);
    task.close();
    assertThat(tasks.now()).containsExactly(again);
  }

  @Test
  void aTaskThatIsOpenedAgainBeginsAnew() {
    task.changing();
    task.close();
    OpenTask again = tasks.open(3);
    assertThat(tasks.now()).containsExactly(again);
    assertThat(again.read(() -> "restored").committed(now())).isEqualTo("restored");
  }

  @Test
  void aCloseWaitsForReaders() throws InterruptedException {
    Thread closing = new Thread(task::close);
    String read =
        task.read(
                () -> {
                  closing.start();
                  while (closing.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                  }
                  assertThat(task.isOpen()).isTrue();
                  return "still open";
                })
            .committed(now());
    closing.join();
    assertThat(read).isEqualTo("still open");
    assertThat(task.isOpen()).isFalse();
  }
}

package io.gatestream.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InterruptsTest {
  @Test
  void signalEndsWaitAndRunsActionsOnce() throws Exception {
    List<String> ran = new ArrayList<>();
    try (Interrupts interrupts = Interrupts.install()) {
      interrupts.onRequest(() -> ran.add("before"));
      assertThat(interrupts.isRequested()).isFalse();
      interrupts.request();
      interrupts.request();
      interrupts.await();
      interrupts.onRequest(() -> ran.add("after"));
      assertThat(interrupts.isRequested()).isTrue();
    }
    assertThat(ran).containsExactly("before", "after");
  }

  @Test
  void signalOfTheSystemIsARequest() throws Exception {
    try (Interrupts interrupts = Interrupts.install()) {
      new ProcessBuilder("kill", "-TERM", String.valueOf(ProcessHandle.current().pid()))
          .start()
          .waitFor();
      interrupts.await();
      assertThat(interrupts.isRequested()).isTrue();
    }
  }
}

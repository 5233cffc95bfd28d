package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThreadDeathsTest {
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private final List<Throwable> passedOn = Collections.synchronizedList(new ArrayList<>());
  private final Thread.UncaughtExceptionHandler former =
      Thread.getDefaultUncaughtExceptionHandler();

  @SuppressWarnings("UnnecessaryLambda") // compared by its identity
  private final Thread.UncaughtExceptionHandler own = (thread, thrown) -> passedOn.add(thrown);

  @BeforeEach
  void replace() {
    Thread.setDefaultUncaughtExceptionHandler(own);
  }

  @AfterEach
  void restore() {
    Thread.setDefaultUncaughtExceptionHandler(former);
  }

  private static void die(String name, @Nullable RuntimeException exception, @Nullable Error error)
      throws Exception {
    Thread thread =
        new Thread(
            () -> {
              if (exception != null) {
                throw exception;
              }
              throw requireNonNull(error);
            },
            name);
    thread.start();
    thread.join();
  }

  @Test
  void anErrorThatEndsAThreadIsHeardAndAnExceptionIsNot() throws Exception {
    try (ThreadDeaths deaths =
        ThreadDeaths.watch((thread, error) -> heard.add(thread.getName() + " " + error))) {
      assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(deaths);
      die("restoring", null, new UnsatisfiedLinkError("x"));
      die("other", new IllegalStateException("y"), null);
    }
    assertThat(heard).containsExactly("restoring java.lang.UnsatisfiedLinkError: x");
    assertThat(passedOn).as("whoever handled them before").hasSize(2);
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(own);
  }

  @Test
  void nothingIsHeardAfterTheClose() throws Exception {
    ThreadDeaths.watch((thread, error) -> heard.add(thread.getName())).close();
    die("late", null, new UnsatisfiedLinkError("x"));
    assertThat(heard).isEmpty();
  }
}

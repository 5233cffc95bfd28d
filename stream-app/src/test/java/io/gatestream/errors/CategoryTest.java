package io.gatestream.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CategoryTest {
  static List<Arguments> failures() {
    return List.of(
        Arguments.of(new ConfigException("--x is missing"), Category.MISTAKE),
        Arguments.of(
            new IllegalStateException(new org.apache.kafka.common.config.ConfigException("acks")),
            Category.MISTAKE),
        Arguments.of(new DataException("row 2"), Category.DATA),
        Arguments.of(new OutageException("no broker"), Category.OUTAGE),
        Arguments.of(
            new OutageException("wraps a mistake", new ConfigException("x")), Category.OUTAGE),
        Arguments.of(new IOException("disk"), Category.OUTAGE),
        Arguments.of(new UncheckedIOException(new IOException("disk")), Category.OUTAGE),
        Arguments.of(new TopicAuthorizationException("labels"), Category.OUTAGE),
        Arguments.of(new InterruptedException(), Category.OUTAGE),
        Arguments.of(new OutOfMemoryError("heap"), Category.OUTAGE),
        Arguments.of(new UnsatisfiedLinkError("libx.so"), Category.OUTAGE),
        Arguments.of(new IllegalStateException("closed"), Category.BUG),
        Arguments.of(new IllegalArgumentException("-1"), Category.BUG),
        Arguments.of(new NoSuchElementException(), Category.BUG),
        Arguments.of(new ExecutionException(new NullPointerException()), Category.BUG),
        Arguments.of(new StackOverflowError(), Category.BUG));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureHasOneCategory(Throwable failure, Category category) {
    assertThat(Category.of(failure)).isEqualTo(category);
  }
}

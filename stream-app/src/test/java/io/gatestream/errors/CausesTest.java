package io.gatestream.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CausesTest {
  @Test
  void theCauseFollowsTheOutermostMessage() {
    assertThat(
            Causes.text(
                new IllegalStateException(
                    "the broker did not start",
                    new IOException("port 9092", new IOException("Address already in use")))))
        .isEqualTo("the broker did not start; cause: port 9092; cause: Address already in use");
  }

  @Test
  void noTextIsThereTwice() {
    IOException full = new IOException("No space left on device");
    assertThat(Causes.text(new IllegalStateException("cannot write x (%s)".formatted(full), full)))
        .isEqualTo("cannot write x (java.io.IOException: No space left on device)");
    assertThat(Causes.text(new IllegalStateException(full.getMessage(), full)))
        .isEqualTo("No space left on device");
    assertThat(Causes.text(new ExecutionException(new IllegalStateException(full))))
        .as("wrappers without words of their own")
        .isEqualTo("No space left on device");
  }

  @Test
  void aCauseWithoutWordsIsNamedByItsKind() {
    assertThat(Causes.text(new IllegalStateException("the model failed", new StackOverflowError())))
        .isEqualTo("the model failed; cause: StackOverflowError");
    assertThat(Causes.text(new NullPointerException())).isEqualTo("NullPointerException");
    assertThat(
            Causes.text(
                new IllegalStateException(
                    "cannot read it", new UncheckedIOException(new NoSuchFileException("/x/y")))))
        .isEqualTo("cannot read it; cause: /x/y: no such file or folder");
  }

  @Test
  void ofACauseTheFirstLineIsEnough() {
    assertThat(
            Causes.text(
                new IllegalStateException("outer\nlines stay", new IOException("one\ntwo three"))))
        .isEqualTo("outer\nlines stay; cause: one");
    assertThat(
            Causes.text(new IllegalStateException("an error", new IOException("a line\nand more"))))
        .isEqualTo("an error; cause: a line");
  }

  @Test
  void whatIsToldInFullIsNotToldAgainByItsCauses() {
    OutageException told =
        new OutageException(
            "delete the folder", new IOException("StreamsException, task 0_0, ..."));
    assertThat(Causes.text(told)).isEqualTo("delete the folder");
    assertThat(Causes.text(new IllegalStateException(told.getMessage(), told)))
        .isEqualTo("delete the folder");
  }

  @Test
  void aRingOfCausesEnds() {
    IllegalStateException one = new IllegalStateException("the first");
    IOException two = new IOException("the second", one);
    one.initCause(two);
    assertThat(Causes.text(one)).isEqualTo("the first; cause: the second");
  }
}

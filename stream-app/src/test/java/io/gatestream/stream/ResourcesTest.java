package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.Category;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private final Resources resources = new Resources();

  @Test
  void allIsClosedLastFirstAndTheFirstFailureKeepsTheOthers() {
    List<String> closed = new ArrayList<>();
    IllegalStateException other = new IllegalStateException("other");
    IllegalStateException first = new IllegalStateException("first");
    resources.add(() -> closed.add("a"));
    resources.add(
        () -> {
          throw other;
        });
    resources.add(
        () -> {
          throw first;
        });
    resources.add(() -> closed.add("d"));
    assertThatThrownBy(resources::close).isSameAs(first).hasSuppressedException(other);
    assertThat(closed).containsExactly("d", "a");
  }

  @Test
  void aDiskThatFailsAtTheCloseIsNoBug() {
    resources.add(
        () -> {
          throw new IOException("No space left on device");
        });
    assertThatThrownBy(resources::close)
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("No space left on device");
  }

  @Test
  void anErrorStaysWhatItIs() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    resources.add(
        () -> {
          throw error;
        });
    assertThatThrownBy(resources::close).isSameAs(error);
    assertThat(Category.of(error)).isEqualTo(Category.OUTAGE);
  }

  @Test
  void aFailingCloseDoesNotHideTheFailureBefore() {
    IOException closing = new IOException("closing");
    resources.add(
        () -> {
          throw closing;
        });
    IllegalStateException failure = new IllegalStateException("opening");
    resources.closeAfter(failure);
    assertThat(failure).hasSuppressedException(closing);
  }
}

package io.gatestream.errors;

import java.util.List;

/**
 * Data in a file or a topic that cannot be used, such as a bad row of a truth file: whoever made
 * the data mends it, exit code 1.
 *
 * <p>Carries every problem found, each a sentence that names the file and the place in it.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public DataException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public DataException(String problem) {
    this(List.of(problem));
  }

  public List<String> problems() {
    return problems;
  }
}

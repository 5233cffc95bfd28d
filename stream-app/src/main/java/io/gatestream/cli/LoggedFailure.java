package io.gatestream.cli;

import io.gatestream.errors.Category;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failure of a command with its stack, as the log has it: where standard error is JSON, the stack
 * belongs into the object that says what failed.
 */
final class LoggedFailure {
  private static final Logger log = LoggerFactory.getLogger(LoggedFailure.class);

  private LoggedFailure() {}

  static void write(Throwable failure, Category category, List<String> given) {
    if (category == Category.BUG) {
      log.error(BugReport.text(failure, given), failure);
    } else {
      Category.problems(failure).forEach(problem -> log.error(problem, failure));
    }
  }
}

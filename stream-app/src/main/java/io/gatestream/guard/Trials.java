package io.gatestream.guard;

import io.gatestream.files.FolderTree;
import io.gatestream.kafka.RecordPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which of the records that dead instances were decoding kill a process. All of them
 * first run in one process, which after a kill from outside is the end of it; else each runs in a
 * process of its own, and only one whose process dies of itself kills. For one thread.
 */
final class Trials {
  /** Trials of a record that something other than the record ends, before it is let go. */
  static final int ATTEMPTS = 5;

  private static final Logger log = LoggerFactory.getLogger(Trials.class);
  private static final long SECONDS = 120;

  /** Runs one trial. */
  interface Trial {
    TrialOutcome run(List<byte[]> values) throws IOException, InterruptedException;
  }

  private final Trial trial;
  private final Function<RecordPosition, Optional<byte[]>> fetch;
  private final KillingRecords killing;

  Trials(
      JournalFolder folder,
      TrialSettings settings,
      Function<RecordPosition, Optional<byte[]>> fetch,
      KillingRecords killing) {
    this(
        values -> {
          Path files = folder.trialFolder();
          try {
            return new TrialProcess(settings, SECONDS).run(files, values);
          } finally {
            FolderTree.delete(files);
          }
        },
        fetch,
        killing);
  }

  Trials(Trial trial, Function<RecordPosition, Optional<byte[]>> fetch, KillingRecords killing) {
    this.trial = trial;
    this.fetch = fetch;
    this.killing = killing;
  }

  /** Tries the records at these positions and adds those that kill to the list. */
  void run(Set<RecordPosition> positions) throws IOException {
    Map<RecordPosition, byte[]> values = new LinkedHashMap<>();
    for (RecordPosition position : positions) {
      fetch
          .apply(position)
          .filter(value -> killing.find(value).isEmpty())
          .ifPresentOrElse(
              value -> values.put(position, value),
              () -> log.info("{} is gone or known: nothing to try", position));
    }
    try {
      if (values.size() > 1
          && trial.run(new ArrayList<>(values.values())) instanceof TrialOutcome.Survived) {
        log.info("none of the {} records kills a process", values.size());
        return;
      }
      for (Map.Entry<RecordPosition, byte[]> one : values.entrySet()) {
        run(one.getKey(), one.getValue());
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void run(RecordPosition position, byte[] value) throws IOException, InterruptedException {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      TrialOutcome outcome = trial.run(List.of(value));
      if (outcome instanceof TrialOutcome.Survived) {
        log.info("the record at {} does not kill a process", position);
        return;
      }
      if (outcome instanceof TrialOutcome.Killed killed) {
        killing.add(value, position, killed.signal());
        log.warn(
            "the record at {} kills a process by {}: it is rejected from now on",
            position,
            killed.signal());
        return;
      }
      log.info("trial {} of the record at {} ended by {}", attempt, position, outcome);
    }
    log.warn(
        "the record at {} is not tried: {} trials were ended by something else",
        position,
        ATTEMPTS);
  }
}

package io.gatestream.replay.job;

import io.gatestream.stream.InternalTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes what a replay needs beside its output: topics, local state and groups, in this order. */
final class CleanUp {
  private final Brokers brokers;
  private final ReplayRequest request;

  CleanUp(Brokers brokers, ReplayRequest request) {
    this.brokers = brokers;
    this.request = request;
  }

  /** Where the replay's state folder is, apart from those of {@code run}. */
  static Path stateDir(ReplayRequest request) {
    return request.run().storage().stateDir().resolve("replays").resolve(request.name());
  }

  /** Removes everything that is there. The plan goes last: until then this can be done again. */
  void run() {
    brokers.deleteTopic(InternalTopics.changelog(request.application(1)));
    if (request.source().isPresent()) {
      brokers.deleteTopic(request.framesTopic());
    }
    deleteState();
    brokers.deleteGroups(List.of(request.name(), PlanStore.group(request.name())));
  }

  private void deleteState() {
    Path folder = stateDir(request);
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      return; // it never ran on this machine
    } catch (IOException e) {
      throw new IllegalStateException("cannot delete %s: %s".formatted(folder, e), e);
    }
  }
}

package io.gatestream.replay;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.files.FolderTree;
import io.gatestream.kafka.Brokers;
import io.gatestream.stream.topics.InternalTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * Removes everything that a replay with a plan has. The plan goes last: until then this can be
   * done again.
   */
  void run() {
    brokers.topics().delete(changelog());
    deleteState();
    brokers.groups().delete(request.name());
    if (request.source().isPresent()) {
      brokers.topics().delete(request.framesTopic());
    }
    brokers.groups().delete(PlanStore.group(request.name()));
  }

  private String changelog() {
    return InternalTopics.changelog(request.application(1));
  }

  /**
   * Checks before a replay without a plan begins that nothing goes by its name: offsets and states
   * of others must be neither used nor removed.
   *
   * @throws ConfigException something does
   */
  void requireNothing() {
    List<String> others = new ArrayList<>();
    if (!brokers.groups().committed(request.name()).isEmpty()) {
      others.add("the group '%s' has committed offsets".formatted(request.name()));
    }
    List<String> topics = new ArrayList<>(List.of(changelog()));
    if (request.source().isPresent()) {
      topics.add(request.framesTopic());
    }
    for (String topic : topics) {
      if (brokers.topics().find(topic).isPresent()) {
        others.add("there is a topic '%s'".formatted(topic));
      }
    }
    if (!others.isEmpty()) {
      throw new ConfigException(
          "%s, and no interrupted replay '%s' is known: give another --name, or delete them if they are of a replay that the brokers have forgotten"
              .formatted(String.join(", ", others), request.name()));
    }
    deleteState(); // of a replay with another cluster
  }

  private void deleteState() {
    Path folder = stateDir(request);
    try {
      FolderTree.delete(folder); // or there is none: it never ran on this machine
    } catch (IOException e) {
      throw new OutageException("cannot delete %s: %s".formatted(folder, IoReason.of(e)), e);
    }
  }
}

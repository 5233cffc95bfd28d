package io.gatestream.config;

import io.gatestream.errors.ConfigException;
import java.util.List;
import java.util.Set;

/**
 * Names of the topics.
 *
 * @param events written only where the model has event rules
 */
public record Topics(String frames, String labels, String rejected, String events) {
  public static final Topics DEFAULT = new Topics("frames", "labels", "frames-rejected", "events");

  public Topics {
    List<String> names = List.of(frames, labels, rejected);
    if (events.isBlank() || names.stream().anyMatch(String::isBlank)) {
      throw new ConfigException(
          "topic names '%s', '%s', '%s', '%s' must not be empty"
              .formatted(frames, labels, rejected, events));
    }
    if (Set.copyOf(names).size() < names.size()) {
      throw new ConfigException(
          "topics for frames, labels and rejected frames must differ: '%s', '%s', '%s'"
              .formatted(frames, labels, rejected));
    }
  }

  /**
   * Checks the topic of events, which is needed where there are rules only.
   *
   * @throws ConfigException it is one of the others
   */
  void requireOwnEvents() {
    if (List.of(frames, labels, rejected).contains(events)) {
      throw new ConfigException(
          "events.topic is '%s', which is another topic of this application: name one of its own, or give events=false"
              .formatted(events));
    }
  }
}

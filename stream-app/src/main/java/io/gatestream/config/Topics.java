package io.gatestream.config;

import io.gatestream.errors.ConfigException;

/** Names of the topics. */
public record Topics(String frames, String labels, String rejected) {
  public static final Topics DEFAULT = new Topics("frames", "labels", "frames-rejected");

  public Topics {
    if (frames.isBlank() || labels.isBlank() || rejected.isBlank()) {
      throw new ConfigException(
          "topic names '%s', '%s', '%s' must not be empty".formatted(frames, labels, rejected));
    }
    if (frames.equals(labels) || frames.equals(rejected) || labels.equals(rejected)) {
      throw new ConfigException(
          "topics for frames, labels and rejected frames must differ: '%s', '%s', '%s'"
              .formatted(frames, labels, rejected));
    }
  }
}

package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;

/** Names of the topics that Kafka Streams makes for an application. */
public final class InternalTopics {
  private InternalTopics() {}

  /** The topic that the states are restored from. */
  public static String changelog(RunConfig config) {
    return "%s-%s-changelog".formatted(config.applicationId(), config.storage().storeName());
  }
}

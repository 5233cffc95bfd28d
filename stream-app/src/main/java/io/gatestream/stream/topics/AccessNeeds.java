package io.gatestream.stream.topics;

import io.gatestream.config.RunConfig;

/** The access rights that the application needs of the brokers, in words. */
public final class AccessNeeds {
  private AccessNeeds() {}

  /** What was refused and what to grant. */
  public static String of(RunConfig config, Throwable refused) {
    String id = config.applicationId();
    return """
        the brokers refuse access: %s
        Grant the user of this application:
          Read, Describe            topic %s
          Write, Describe, DescribeConfigs   topics %s, %s
          Create, Read, Write, Describe, DescribeConfigs, AlterConfigs, Delete   topics with prefix %s-
          Read, Describe            group %s
          Write, Describe           transactional ids with prefix %s-   (exactly-once)
          IdempotentWrite, Describe cluster"""
        .formatted(
            refused.getMessage(),
            config.topics().frames(),
            config.topics().labels(),
            config.topics().rejected(),
            id,
            id,
            id);
  }

  /** What to grant for a fast take-over from instances that died, and what happens without it. */
  public static String ofTakeOver(RunConfig config) {
    return "grant the user of this application Write and Describe on transactional ids with prefix %1$s-, and Describe on group %1$s; without it labels of a dead instance's partitions may wait as long as kafka.producer.transaction.timeout.ms"
        .formatted(config.applicationId());
  }
}

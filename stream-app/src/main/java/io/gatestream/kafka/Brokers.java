package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;

/** The brokers: their topics, their groups and whatever else an admin client may ask them. */
public final class Brokers implements AutoCloseable {
  private final AdminCalls calls;
  private final TopicAdmin topics;
  private final GroupAdmin groups;
  private final AccessAdmin access;

  /**
   * Makes the client; connects with the first call.
   *
   * @throws io.gatestream.errors.ConfigException Kafka refuses a client setting
   */
  public Brokers(KafkaAccess access) {
    calls = new AdminCalls(access);
    topics = new TopicAdmin(calls);
    groups = new GroupAdmin(calls);
    this.access = new AccessAdmin(calls);
  }

  public TopicAdmin topics() {
    return topics;
  }

  public GroupAdmin groups() {
    return groups;
  }

  public AccessAdmin access() {
    return access;
  }

  /** For what is asked in one place only. */
  public AdminCalls calls() {
    return calls;
  }

  @Override
  public void close() {
    calls.close();
  }
}

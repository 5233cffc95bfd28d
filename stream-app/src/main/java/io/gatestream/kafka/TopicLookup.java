package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Whether there is a topic that a command is to read. */
public final class TopicLookup {
  private TopicLookup() {}

  /**
   * The topic's partitions, one at least.
   *
   * @throws ConfigException there is no such topic, or the name is none
   * @throws OutageException it may not be read, or no broker answered in time
   */
  public static List<PartitionInfo> partitions(
      Consumer<byte[], byte[]> consumer, String topic, KafkaAccess access) {
    try {
      @Nullable List<PartitionInfo> found = consumer.partitionsFor(topic, access.timeout());
      if (found == null || found.isEmpty()) {
        throw new ConfigException(
            "topic '%s' does not exist on %s: name the one that is meant"
                .formatted(topic, access.bootstrapServers()));
      }
      return found;
    } catch (TimeoutException e) {
      throw ClientFault.noAnswer(access, e);
    } catch (InvalidTopicException e) {
      throw new ConfigException(
          "'%s' is no name of a topic: use letters, digits, '.', '_' and '-' only".formatted(topic),
          e);
    } catch (AuthorizationException e) {
      throw mayNotRead(access, topic, e);
    } catch (KafkaException e) {
      throw new OutageException(
          "cannot read topic '%s': %s".formatted(topic, ClientFault.of(e)), e);
    }
  }

  /** What to throw where a topic may not be read. */
  public static OutageException mayNotRead(
      KafkaAccess access, String topic, AuthorizationException refused) {
    return new OutageException(
        AccessRight.missing(access, List.of(AccessRight.topic(AclOperation.READ, topic))), refused);
  }
}

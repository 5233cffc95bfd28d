package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Something that a user may be allowed to do: an operation on a topic, a group, transactional ids
 * or the cluster.
 *
 * @param name of the resource; of transactional ids what they begin with
 */
public record AccessRight(AclOperation operation, ResourceType on, String name) {
  public static AccessRight topic(AclOperation operation, String name) {
    return new AccessRight(operation, ResourceType.TOPIC, name);
  }

  public static AccessRight group(AclOperation operation, String name) {
    return new AccessRight(operation, ResourceType.GROUP, name);
  }

  /** All transactional ids that begin with {@code prefix}. */
  public static AccessRight transactions(AclOperation operation, String prefix) {
    return new AccessRight(operation, ResourceType.TRANSACTIONAL_ID, prefix);
  }

  public static AccessRight cluster(AclOperation operation) {
    return new AccessRight(operation, ResourceType.CLUSTER, "kafka-cluster");
  }

  /** In words, such as {@code Write on topic 'labels'}. */
  @Override
  public String toString() {
    String where =
        switch (on) {
          case TOPIC -> "topic '%s'".formatted(name);
          case GROUP -> "group '%s'".formatted(name);
          case TRANSACTIONAL_ID -> "transactional ids with the prefix '%s'".formatted(name);
          default -> "the cluster";
        };
    return "%s on %s".formatted(operationName(), where);
  }

  /** As Kafka's tools and documents write it, such as {@code DescribeConfigs}. */
  public String operationName() {
    return Arrays.stream(operation.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  /** The command line that grants it, for people to copy; {@code NAME} is theirs to replace. */
  private String command(KafkaAccess access) {
    String where =
        switch (on) {
          case TOPIC -> "--topic " + name;
          case GROUP -> "--group " + name;
          case TRANSACTIONAL_ID ->
              "--transactional-id %s --resource-pattern-type prefixed".formatted(name);
          default -> "--cluster";
        };
    return "%s --add --allow-principal User:NAME --operation %s %s"
        .formatted(ToolCommand.of(access, "kafka-acls.sh"), operationName(), where);
  }

  /** One line on rights that are missing: which, and how they are granted. */
  public static String missing(KafkaAccess access, Collection<AccessRight> missing) {
    return "the brokers refuse access: this user lacks %s. Have somebody run: %s"
        .formatted(
            missing.stream().map(AccessRight::toString).collect(Collectors.joining(", ")),
            missing.stream()
                .map(right -> right.command(access))
                .collect(Collectors.joining(" && ")));
  }
}

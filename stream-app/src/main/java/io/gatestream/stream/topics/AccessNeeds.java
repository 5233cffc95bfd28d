package io.gatestream.stream.topics;

import static io.gatestream.kafka.AccessRight.cluster;
import static io.gatestream.kafka.AccessRight.group;
import static io.gatestream.kafka.AccessRight.topic;
import static io.gatestream.kafka.AccessRight.transactions;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.AccessRight;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.ClientFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access rights that the application needs of the brokers. Whoever may read or write a thing
 * may describe it, so describing is none of its own.
 */
public final class AccessNeeds {
  private static final Logger log = LoggerFactory.getLogger(AccessNeeds.class);

  private AccessNeeds() {}

  /** Without one of these it does not work. Creating is needed of topics that are not there. */
  private static List<AccessRight> required(RunConfig config) {
    String changelog = InternalTopics.changelog(config);
    List<AccessRight> rights =
        new ArrayList<>(List.of(topic(AclOperation.READ, config.topics().frames())));
    config.outputs().forEach(output -> rights.add(topic(AclOperation.WRITE, output)));
    rights.addAll(
        List.of(
            group(AclOperation.READ, config.applicationId()),
            transactions(AclOperation.WRITE, config.applicationId() + "-"),
            topic(AclOperation.CREATE, changelog),
            topic(AclOperation.READ, changelog),
            topic(AclOperation.WRITE, changelog)));
    return rights;
  }

  /**
   * Asks the brokers for every right that is required.
   *
   * @throws OutageException some are missing: the message names each
   */
  static void require(Brokers brokers, RunConfig config) {
    Set<AccessRight> missing = missing(brokers, config);
    if (!missing.isEmpty()) {
      throw new OutageException(AccessRight.missing(config.kafka(), missing));
    }
  }

  private static Set<AccessRight> missing(Brokers brokers, RunConfig config) {
    List<AccessRight> needed = new ArrayList<>();
    for (AccessRight right : required(config)) {
      if (right.operation() != AclOperation.CREATE || brokers.topics().mayBeMissing(right.name())) {
        needed.add(right);
      }
    }
    if (config.creation().create()) {
      List<String> topics = new ArrayList<>(List.of(config.topics().frames()));
      topics.addAll(config.outputs());
      for (String name : topics) {
        if (brokers.topics().mayBeMissing(name)) {
          needed.add(topic(AclOperation.CREATE, name));
        }
      }
    }
    return brokers.access().missing(needed);
  }

  /** What to say where the brokers have refused access: asks them which right is missing. */
  public static String of(RunConfig config, AuthorizationException refused) {
    Collection<AccessRight> missing = Set.of();
    try (Brokers brokers = new Brokers(config.kafka())) {
      missing = missing(brokers, config);
    } catch (KafkaException | OutageException e) {
      log.debug("the brokers do not tell which rights are missing", e);
    }
    if (missing.isEmpty()) {
      missing = byKind(config, refused);
    }
    return missing.isEmpty()
        ? "the brokers refuse access: " + ClientFault.of(refused)
        : AccessRight.missing(config.kafka(), missing);
  }

  /** What the refusal alone says: that something is needed of these topics, or of another kind. */
  private static Collection<AccessRight> byKind(RunConfig config, AuthorizationException refused) {
    if (refused instanceof ClusterAuthorizationException) { // brokers before 2.8
      return List.of(cluster(AclOperation.IDEMPOTENT_WRITE));
    }
    return required(config).stream()
        .filter(
            right ->
                switch (right.on()) {
                  case GROUP -> refused instanceof GroupAuthorizationException;
                  case TRANSACTIONAL_ID -> refused instanceof TransactionalIdAuthorizationException;
                  case TOPIC ->
                      refused instanceof TopicAuthorizationException topics
                          && topics.unauthorizedTopics().contains(right.name());
                  default -> false;
                })
        .toList();
  }

  /** What to grant for a fast take-over from instances that died, and what happens without it. */
  public static String ofTakeOver(RunConfig config) {
    return "grant the user of this application Write on transactional ids with the prefix %1$s-, and Read on group %1$s; without it labels of a dead instance's partitions may wait as long as kafka.producer.transaction.timeout.ms"
        .formatted(config.applicationId());
  }
}

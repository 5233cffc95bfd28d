package io.gatestream.kafka;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What this user may do, as the brokers tell it before it is done. Calls fail as those of {@link
 * AdminCalls} do.
 *
 * <p>Brokers tell of what is there only. Of transactional ids they tell whether there is any right
 * at all, of the cluster nothing without a right to ask. Some brokers have no words for it at all.
 */
public final class AccessAdmin {
  private final AdminCalls calls;

  AccessAdmin(AdminCalls calls) {
    this.calls = calls;
  }

  /** Those of the rights that this user surely lacks. */
  public Set<AccessRight> missing(Collection<AccessRight> rights) {
    Set<AccessRight> missing = new LinkedHashSet<>();
    for (AccessRight right : rights) {
      if (isMissing(right)) {
        missing.add(right);
      }
    }
    return missing;
  }

  private boolean isMissing(AccessRight right) {
    return switch (right.on()) {
      case TOPIC ->
          right.operation() == AclOperation.CREATE
              ? !mayCreate(right.name())
              : lacks(onTopic(right.name()), right);
      case GROUP -> lacks(onGroup(right.name()), right);
      case TRANSACTIONAL_ID -> !mayAskOfTransaction(right.name() + "0");
      default -> false;
    };
  }

  /** A broker that tells an operation of nothing does not tell. */
  private static boolean lacks(Optional<Set<AclOperation>> allowed, AccessRight right) {
    return allowed.isPresent() && !allowed.get().contains(right.operation());
  }

  private Optional<Set<AclOperation>> onTopic(String topic) {
    return told(
        () ->
            calls
                .answer(
                    calls
                        .client()
                        .describeTopics(
                            List.of(topic),
                            new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues())
                .authorizedOperations());
  }

  private Optional<Set<AclOperation>> onGroup(String group) {
    return told(
        () ->
            calls
                .answer(
                    calls
                        .client()
                        .describeConsumerGroups(
                            List.of(group),
                            new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                        .describedGroups())
                .authorizedOperations());
  }

  /** Empty where there is no such thing, or the brokers do not tell. */
  private static Optional<Set<AclOperation>> told(Supplier<Set<AclOperation>> question) {
    try {
      return Optional.ofNullable(question.get()).filter(operations -> !operations.isEmpty());
    } catch (UnknownTopicOrPartitionException
        | GroupIdNotFoundException
        | UnsupportedVersionException e) {
      return Optional.empty();
    } catch (AuthorizationException e) {
      return Optional.of(Set.of()); // whoever may read or write may describe
    }
  }

  /** Asks for a topic that is not made; a refusal for another reason comes after that of access. */
  private boolean mayCreate(String topic) {
    try {
      calls.get(
          calls
              .client()
              .createTopics(
                  List.of(new NewTopic(topic, Optional.of(1), Optional.empty())),
                  new CreateTopicsOptions().validateOnly(true))
              .all());
      return true;
    } catch (AuthorizationException e) {
      return false;
    } catch (ApiException e) {
      return true;
    }
  }

  /** Whether this user may ask of a transaction that nobody has. */
  private boolean mayAskOfTransaction(String transactionalId) {
    try {
      calls.get(calls.client().describeTransactions(List.of(transactionalId)).all());
      return true;
    } catch (AuthorizationException e) {
      return false;
    } catch (ApiException e) {
      return true;
    }
  }
}

package io.gatestream.stream.topics;

import io.gatestream.config.GroupMembership;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.Brokers;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Whether those who are in the application's group are instances of the same application. Others
 * make every start fail with words that name no cause, or share partitions that they do not read.
 */
public final class GroupCheck {
  /** The name of Kafka Streams' assignor. */
  private static final String STREAMS_ASSIGNOR = "stream";

  private final Brokers brokers;
  private final RunConfig config;

  GroupCheck(Brokers brokers, RunConfig config) {
    this.brokers = brokers;
    this.config = config;
  }

  /**
   * Looks at the members that are there now.
   *
   * @throws ConfigException they are of something else
   */
  void run() {
    String id = config.applicationId();
    try {
      ConsumerGroupDescription group =
          brokers
              .calls()
              .answer(
                  brokers.calls().client().describeConsumerGroups(List.of(id)).describedGroups());
      if (!group.members().isEmpty()) {
        checkMembers(group);
      }
    } catch (GroupIdNotFoundException e) {
      checkStreamsGroup(id);
    }
  }

  private void checkMembers(ConsumerGroupDescription group) {
    String assignor = group.partitionAssignor();
    if (group.type() == GroupType.CONSUMER
        || !(assignor.isBlank() || assignor.equals(STREAMS_ASSIGNOR))) {
      throw new ConfigException(strangers(config, " (%s)".formatted(members(group.members()))));
    }
    if (isStreamsProtocol()) {
      throw otherProtocol("classic", members(group.members()));
    }
    Set<String> topics =
        group.members().stream()
            .flatMap(member -> member.assignment().topicPartitions().stream())
            .map(TopicPartition::topic)
            .collect(Collectors.toCollection(TreeSet::new));
    checkTopics(topics, members(group.members()));
  }

  private void checkStreamsGroup(String id) {
    try {
      StreamsGroupDescription group =
          brokers
              .calls()
              .answer(
                  brokers.calls().client().describeStreamsGroups(List.of(id)).describedGroups());
      Collection<StreamsGroupMemberDescription> members = group.members();
      if (members.isEmpty()) {
        return;
      }
      String who =
          members.stream()
              .map(member -> "%s at %s".formatted(member.clientId(), member.clientHost()))
              .sorted()
              .collect(Collectors.joining(", "));
      if (!isStreamsProtocol()) {
        throw otherProtocol("streams", who);
      }
      Set<String> topics =
          group.subtopologies().stream()
              .flatMap(part -> part.sourceTopics().stream())
              .collect(Collectors.toCollection(TreeSet::new));
      checkTopics(topics, who);
    } catch (GroupIdNotFoundException | UnsupportedVersionException e) {
      return; // no such group, or brokers that have none of that kind
    }
  }

  private void checkTopics(Set<String> topics, String members) {
    topics.remove(config.topics().frames());
    if (!topics.isEmpty()) {
      throw new ConfigException(
          "the application id '%s' is in use for the frames topic '%s' (%s), and this is for '%s': give each application an application.id of its own. If that one was stopped a moment ago, wait until its session has timed out"
              .formatted(
                  config.applicationId(),
                  String.join("', '", topics),
                  members,
                  config.topics().frames()));
    }
  }

  private boolean isStreamsProtocol() {
    return GroupMembership.isStreamsProtocol(config.kafka().clientSettings());
  }

  private ConfigException otherProtocol(String theirs, String members) {
    return new ConfigException(
        "the instances of '%s' that run now (%s) have kafka.group.protocol=%s: give this one the same, or stop them all first"
            .formatted(config.applicationId(), members, theirs));
  }

  /** What it means where the application's group has members that are none of Kafka Streams. */
  public static String strangers(RunConfig config) {
    return strangers(config, "");
  }

  private static String strangers(RunConfig config, String members) {
    return "the group '%s' has members that are no instances of Gatestream%s: another program consumes with that group.id. Give it another, or give this application another application.id"
        .formatted(config.applicationId(), members);
  }

  private static String members(Collection<MemberDescription> members) {
    return members.stream()
        .map(member -> "%s at %s".formatted(member.clientId(), member.host()))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

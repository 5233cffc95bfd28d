package io.gatestream.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupSubtopologyDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** Groups: their offsets and members. Calls fail as those of {@link AdminCalls} do. */
public final class GroupAdmin {
  private final AdminCalls calls;

  GroupAdmin(AdminCalls calls) {
    this.calls = calls;
  }

  /** What a group has committed; nothing where there is no such group. */
  public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    try {
      calls
          .get(calls.client().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
          .forEach(
              (at, offset) -> {
                if (offset != null) {
                  committed.put(at, offset);
                }
              });
    } catch (GroupIdNotFoundException e) {
      return Map.of();
    }
    return committed;
  }

  /** Commits for a group without members. */
  public void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (!offsets.isEmpty()) {
      calls.get(calls.client().alterConsumerGroupOffsets(group, offsets).all());
    }
  }

  /** Hosts of a group's members; none where there is no such group. */
  public List<String> members(String group) {
    try {
      return calls
          .answer(calls.client().describeConsumerGroups(List.of(group)).describedGroups())
          .members()
          .stream()
          .map(MemberDescription::host)
          .distinct()
          .toList();
    } catch (GroupIdNotFoundException e) {
      return List.of();
    }
  }

  /**
   * A member of a group.
   *
   * @param instance client id, without the thread of Kafka Streams
   * @param partitions of the topic that was asked for, sorted
   */
  public record Member(String instance, String host, List<Integer> partitions) {}

  /** A group as the brokers know it; its state is {@code NONE} where there is no such group. */
  public record MembersOfGroup(String state, String protocol, List<Member> members) {}

  /** Who has which partitions of a topic, under any of Kafka's group protocols. */
  public MembersOfGroup describe(String group, String topic) {
    try {
      ConsumerGroupDescription found =
          calls.answer(calls.client().describeConsumerGroups(List.of(group)).describedGroups());
      return new MembersOfGroup(
          found.groupState().name(),
          found.type().name().toLowerCase(Locale.ROOT),
          found.members().stream().map(member -> member(member, topic)).toList());
    } catch (GroupIdNotFoundException e) {
      return describeStreams(group, topic);
    }
  }

  private static Member member(MemberDescription member, String topic) {
    return new Member(
        instance(member.clientId()),
        member.host(),
        member.assignment().topicPartitions().stream()
            .filter(partition -> partition.topic().equals(topic))
            .map(TopicPartition::partition)
            .sorted()
            .toList());
  }

  private MembersOfGroup describeStreams(String group, String topic) {
    try {
      StreamsGroupDescription found =
          calls.answer(calls.client().describeStreamsGroups(List.of(group)).describedGroups());
      Set<String> reading =
          found.subtopologies().stream()
              .filter(part -> part.sourceTopics().contains(topic))
              .map(StreamsGroupSubtopologyDescription::subtopologyId)
              .collect(Collectors.toSet());
      return new MembersOfGroup(
          found.groupState().name(),
          "streams",
          found.members().stream()
              .map(
                  member ->
                      new Member(
                          instance(member.clientId()),
                          member.clientHost(),
                          member.assignment().activeTasks().stream()
                              .filter(tasks -> reading.contains(tasks.subtopologyId()))
                              .flatMap(tasks -> tasks.partitions().stream())
                              .sorted()
                              .toList()))
              .toList());
    } catch (GroupIdNotFoundException e) {
      return new MembersOfGroup("NONE", "", List.of());
    }
  }

  private static String instance(String client) {
    return client.replaceFirst("-StreamThread-[0-9]+(-consumer)?$", "");
  }

  /** Deletes a group that is there, and waits for members that are leaving. */
  public void delete(String group) {
    calls.await("the members of group '%s' to leave".formatted(group), () -> isDeleted(group));
  }

  private boolean isDeleted(String group) {
    try {
      calls.get(calls.client().deleteConsumerGroups(List.of(group)).all());
      return true;
    } catch (GroupIdNotFoundException e) {
      return true;
    } catch (GroupNotEmptyException e) {
      return false;
    }
  }
}

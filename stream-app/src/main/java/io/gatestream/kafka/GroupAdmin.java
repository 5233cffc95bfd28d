package io.gatestream.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.MemberDescription;
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

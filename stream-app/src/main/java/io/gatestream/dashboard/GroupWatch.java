package io.gatestream.dashboard;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.Causes;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.GroupAdmin.Member;
import io.gatestream.kafka.GroupAdmin.MembersOfGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The application's group: who has which partitions, how far they are, and what moved. One thread
 * asks the brokers by {@link #look}, any may ask this.
 */
final class GroupWatch implements AutoCloseable {
  private static final int MOST_CHANGES = 50;

  private final Brokers brokers;
  private final String group;
  private final String frames;
  private final LongSupplier clock;

  /** For the thread that asks. */
  private final StandStill standStill = new StandStill();

  private final Deque<Views.Change> changes = new ArrayDeque<>();
  private Seen seen = new Seen(new Views.Group("", "UNKNOWN", ""), List.of(), List.of());
  private Optional<String> problem = Optional.of("the brokers were not asked yet");
  private boolean everSeen;

  /** What the brokers said last. */
  record Seen(
      Views.Group group, List<Views.Instance> instances, List<Views.Partition> partitions) {}

  GroupWatch(KafkaAccess access, String group, String frames, LongSupplier clock) {
    this.brokers = new Brokers(access);
    this.group = group;
    this.frames = frames;
    this.clock = clock;
  }

  /** Asks the brokers. */
  void look() {
    try {
      Seen now = ask();
      synchronized (this) {
        if (everSeen) {
          compare(now);
        }
        seen = now;
        everSeen = true;
        problem = Optional.empty();
      }
    } catch (RuntimeException e) { // asked again, whatever it was
      synchronized (this) {
        problem = Optional.of(Causes.text(e));
      }
    }
  }

  private Seen ask() {
    MembersOfGroup found = brokers.groups().describe(group, frames);
    Map<Integer, String> owners = new TreeMap<>();
    for (Member member : found.members()) {
      member.partitions().forEach(partition -> owners.put(partition, member.instance()));
    }
    if (brokers.topics().find(frames).isEmpty()) {
      throw new OutageException(
          "topic '%s' does not exist yet: `gatestream ingest` or a producer of yours makes it"
              .formatted(frames));
    }
    Map<TopicPartition, Long> ends = brokers.topics().ends(frames);
    Map<TopicPartition, OffsetAndMetadata> committed = brokers.groups().committed(group);
    List<Views.Partition> partitions = new ArrayList<>();
    Map<TopicPartition, Long> beginnings = brokers.topics().beginnings(frames);
    Map<String, Long> lags = new TreeMap<>();
    new TreeMap<>(byNumber(ends))
        .forEach(
            (partition, end) -> {
              TopicPartition place = new TopicPartition(frames, partition);
              OffsetAndMetadata at = committed.get(place);
              long done = at == null ? beginnings.getOrDefault(place, 0L) : at.offset();
              long lag = Math.max(0, end - done);
              @Nullable String owner = owners.get(partition);
              partitions.add(
                  new Views.Partition(
                      partition,
                      end,
                      done,
                      lag,
                      owner,
                      standStill.look(partition, done, lag, clock.getAsLong())));
              if (owner != null) {
                lags.merge(owner, lag, Long::sum);
              }
            });
    Map<String, Views.Instance> instances = new TreeMap<>();
    for (Member member : found.members()) {
      instances.merge(
          member.instance(),
          new Views.Instance(
              member.instance(),
              member.host(),
              member.partitions(),
              lags.getOrDefault(member.instance(), 0L)),
          GroupWatch::together);
    }
    return new Seen(
        new Views.Group(group, found.state(), found.protocol()),
        List.copyOf(instances.values()),
        partitions);
  }

  /** The threads of an instance are members of their own. */
  private static Views.Instance together(Views.Instance one, Views.Instance other) {
    List<Integer> partitions = new ArrayList<>(one.partitions());
    partitions.addAll(other.partitions());
    return new Views.Instance(
        one.id(), one.host(), partitions.stream().sorted().toList(), one.lag());
  }

  private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> numbers = new TreeMap<>();
    offsets.forEach((partition, offset) -> numbers.put(partition.partition(), offset));
    return numbers;
  }

  private void compare(Seen now) {
    if (!now.group().state().equals(seen.group().state())) {
      changed("group is %s".formatted(now.group().state()));
    }
    Map<Integer, @Nullable String> before = new TreeMap<>();
    seen.partitions().forEach(partition -> before.put(partition.partition(), partition.owner()));
    for (Views.Partition partition : now.partitions()) {
      @Nullable String owner = before.get(partition.partition());
      if (!Objects.equals(owner, partition.owner())) {
        changed(
            "partition %d: %s"
                .formatted(
                    partition.partition(),
                    partition.owner() == null
                        ? "nobody has it now, before %s".formatted(owner)
                        : owner == null
                            ? "%s has it".formatted(partition.owner())
                            : "moved from %s to %s".formatted(owner, partition.owner())));
      }
    }
  }

  private void changed(String text) {
    changes.addFirst(new Views.Change(clock.getAsLong(), text));
    if (changes.size() > MOST_CHANGES) {
      changes.removeLast();
    }
  }

  synchronized Seen seen() {
    return seen;
  }

  /** What moved, newest first. */
  synchronized List<Views.Change> changes() {
    return List.copyOf(changes);
  }

  /** Why nothing is known now; empty where all is well. */
  synchronized Optional<String> problem() {
    return problem;
  }

  @Override
  public void close() {
    brokers.close();
  }
}

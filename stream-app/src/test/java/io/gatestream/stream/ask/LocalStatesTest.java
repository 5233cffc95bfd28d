package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Reset;
import io.gatestream.stream.ask.LocalStates.Search;
import io.gatestream.stream.policy.Sessions;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** Lists of one instance with several partitions. */
class LocalStatesTest {
  private static final StreamState STATE =
      new StreamState(
          new StreamProgress(
              "", 1, 7, 1, 0, 0, 5, new StreamProgress.Counts(0, 0, 0), Reset.NONE, Sessions.NONE),
          new float[0][],
          9);

  private final Map<Integer, NavigableMap<Bytes, StreamState>> stores = new TreeMap<>();
  private final OpenTasks tasks = new OpenTasks();
  private final Map<Integer, OpenTask> opened = new TreeMap<>();

  /** The states that each read took. */
  private final List<Integer> reads = new ArrayList<>();

  private IntConsumer whenRead = partition -> {};

  private final LocalStates states =
      new LocalStates(
          tasks,
          new StreamStore() {
            @Override
            public Optional<StreamState> get(int partition, Bytes id) {
              return Optional.ofNullable(store(partition).get(id));
            }

            @Override
            public List<StoredStream> range(int partition, Optional<Bytes> after, int limit) {
              whenRead.accept(partition);
              NavigableMap<Bytes, StreamState> store = store(partition);
              List<StoredStream> found =
                  (after.isEmpty() ? store : store.tailMap(after.get(), false))
                      .entrySet().stream()
                          .limit(limit)
                          .map(entry -> new StoredStream(entry.getKey(), entry.getValue()))
                          .toList();
              reads.add(found.size());
              return found;
            }
          },
          Duration.ZERO);

  private NavigableMap<Bytes, StreamState> store(int partition) {
    return Objects.requireNonNull(stores.get(partition));
  }

  private OpenTask task(int partition) {
    return Objects.requireNonNull(opened.get(partition));
  }

  private void partition(int partition, IntStream ids) {
    stores.put(partition, new TreeMap<>());
    opened.put(partition, tasks.open(partition));
    ids.forEach(id -> store(partition).put(id(id), STATE));
  }

  private static Bytes id(int id) {
    return Bytes.wrap("%04d".formatted(id).getBytes(UTF_8));
  }

  private static List<String> found(Search search) {
    return search.found().stream()
        .map(found -> new String(found.id().get(), UTF_8) + "@" + found.partition())
        .toList();
  }

  private static IntStream every(int step, int from) {
    return IntStream.range(0, 600).filter(id -> id % step == from);
  }

  @Test
  void aListTakesTheNextOfAllPartitionsInOrderAndLittleAtATime() {
    partition(0, every(3, 0));
    partition(1, every(3, 1));
    partition(2, every(3, 2));
    partition(3, IntStream.empty());

    Search search = states.list(Optional.of(id(9)), 301);

    assertThat(found(search))
        .isEqualTo(
            IntStream.range(10, 311).mapToObj(id -> "%04d@%d".formatted(id, id % 3)).toList());
    assertThat(search.partitions()).containsExactly(0, 1, 2, 3);
    assertThat(reads).allMatch(states -> states <= PartitionCursor.CHUNK);
    assertThat(reads.stream().mapToInt(states -> states).sum())
        .isLessThanOrEqualTo(301 + 4 * PartitionCursor.CHUNK);
  }

  @Test
  void aListEndsWithTheLastStreams() {
    partition(0, IntStream.range(0, PartitionCursor.CHUNK));
    partition(1, IntStream.range(100, 140));
    assertThat(states.list(Optional.empty(), 1_000).found()).hasSize(PartitionCursor.CHUNK + 40);
    assertThat(states.list(Optional.of(id(139)), 1_000).found()).isEmpty();
  }

  @Test
  void aStreamOfSeveralPartitionsCountsOnce() {
    partition(0, IntStream.of(1, 2, 4));
    partition(1, IntStream.of(1, 2, 3));
    assertThat(found(states.list(Optional.empty(), 2)))
        .containsExactly("0001@0", "0001@1", "0002@0", "0002@1");
  }

  @Test
  void aPartitionWhoseCommitIsLateIsLeftOutAndOthersTakeItsPlace() {
    partition(0, IntStream.of(1, 3, 5, 7, 9));
    partition(1, IntStream.of(2, 4));
    task(1).changing();
    Search search = states.list(Optional.empty(), 4);
    assertThat(found(search)).containsExactly("0001@0", "0003@0", "0005@0", "0007@0");
    assertThat(search.partitions()).containsExactly(0);
    tasks.committed();
    assertThat(states.list(Optional.empty(), 4).partitions()).containsExactly(0, 1);
  }

  @Test
  void aPartitionThatMovesDuringTheListIsLeftOut() {
    partition(0, every(2, 0));
    partition(1, every(2, 1));
    whenRead =
        partition -> {
          if (partition == 0 && reads.size() == 2) {
            throw Unavailable.moves(0);
          }
        };
    Search search = states.list(Optional.empty(), 100);
    assertThat(found(search))
        .isEqualTo(every(2, 1).limit(100).mapToObj("%04d@1"::formatted).toList());
    assertThat(search.partitions()).containsExactly(1);
  }
}

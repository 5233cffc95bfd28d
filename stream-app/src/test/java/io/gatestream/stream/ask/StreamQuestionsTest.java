package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.config.KafkaAccess;
import io.gatestream.http.Refusal;
import io.gatestream.schema.Reset;
import io.gatestream.stream.ask.StreamStore.StoredStream;
import io.gatestream.stream.policy.Sessions;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** Several instances in one process, which ask each other by method calls. */
class StreamQuestionsTest {
  private static final int PARTITIONS = 4;

  private final Map<String, FakeInstance> instances = new TreeMap<>();

  /** Who is the owner of a partition by the metadata. */
  private final Map<Integer, String> owners = new TreeMap<>();

  /** By the metadata's partitioner. */
  private Function<Bytes, Integer> partitioner = id -> 0;

  private final List<String> asked = new ArrayList<>();

  private final class FakeInstance implements StreamStore, Instances, Peers {
    private final String name;
    private final Map<Integer, TreeMap<Bytes, StreamState>> stores = new TreeMap<>();
    private final OpenTasks tasks = new OpenTasks();
    private final StreamQuestions questions;
    private boolean isAway;

    FakeInstance(String name, int... partitions) {
      this.name = name;
      for (int partition : partitions) {
        owners.put(partition, name);
        stores.put(partition, new TreeMap<>());
        tasks.open(partition);
      }
      questions =
          new StreamQuestions(
              new OwnReplies(
                  "app",
                  name,
                  new LocalStates(tasks, this, Duration.ZERO),
                  new StateJson(List.of(), "model"),
                  new LastLabels(KafkaAccess.of("nowhere:1"), "labels")),
              this,
              this,
              PARTITIONS);
      instances.put(name, this);
    }

    private NavigableMap<Bytes, StreamState> store(int partition) {
      return Objects.requireNonNull(stores.get(partition));
    }

    void put(int partition, String id, long captureTime) {
      StreamProgress progress =
          new StreamProgress(
              "",
              1,
              7,
              captureTime,
              0,
              0,
              5,
              new StreamProgress.Counts(1, 2, 3),
              Reset.NONE,
              Sessions.NONE);
      store(partition)
          .put(Bytes.wrap(id.getBytes(UTF_8)), new StreamState(progress, new float[0][], 9));
    }

    @Override
    public Optional<StreamState> get(int partition, Bytes id) {
      return Optional.ofNullable(store(partition).get(id));
    }

    @Override
    public List<StoredStream> range(int partition, Optional<Bytes> after, int limit) {
      NavigableMap<Bytes, StreamState> store = store(partition);
      return (after.isEmpty() ? store : store.tailMap(after.get(), false))
          .entrySet().stream()
              .limit(limit)
              .map(entry -> new StoredStream(entry.getKey(), entry.getValue()))
              .toList();
    }

    @Override
    public String self() {
      return name;
    }

    @Override
    public List<String> others() {
      return instances.keySet().stream().filter(other -> !other.equals(name)).toList();
    }

    @Override
    public Optional<Home> homeOf(Bytes id) {
      int partition = partitioner.apply(id);
      return Optional.ofNullable(owners.get(partition)).map(owner -> new Home(partition, owner));
    }

    @Override
    public CompletableFuture<Reply> ask(String instance, String path) {
      asked.add(instance);
      FakeInstance other = instances.get(instance);
      return CompletableFuture.completedFuture(
          other == null || other.isAway
              ? Reply.failed(instance, Refusal.UNAVAILABLE, "it does not answer")
              : other.answer(path));
    }

    private Reply answer(String path) {
      assertThat(path).contains("local=true");
      String query = path.substring(path.indexOf('?') + 1);
      if (path.startsWith("/streams?")) {
        Optional<Bytes> after = Optional.empty();
        int limit = 0;
        for (String pair : query.split("&", -1)) {
          String value = URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), UTF_8);
          if (pair.startsWith("after=")) {
            after = Optional.of(Bytes.wrap(value.getBytes(UTF_8)));
          } else if (pair.startsWith("limit=")) {
            limit = Integer.parseInt(value);
          }
        }
        return questions.ownList(after, limit);
      }
      String segment = path.substring("/streams/".length(), path.indexOf('?'));
      return questions.ownStream(id(URLDecoder.decode(segment, UTF_8)), false);
    }
  }

  private static Bytes id(String id) {
    return Bytes.wrap(id.getBytes(UTF_8));
  }

  private static List<String> ids(ObjectNode list) {
    List<String> ids = new ArrayList<>();
    for (JsonNode line : list.path("streams")) {
      ids.add(line.path("streamId").asText() + "@" + line.path("partition").asInt());
    }
    return ids;
  }

  @Test
  void theOwnerIsAskedAndNobodyElse() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    FakeInstance b = new FakeInstance("b:1", 2);
    new FakeInstance("c:1", 3);
    partitioner = id -> 2;
    b.put(2, "door/1 %ä", 1_000_000);

    ObjectNode answer = a.questions.stream(id("door/1 %ä"), false);

    assertThat(asked).containsExactly("b:1");
    assertThat(answer.path("instance").asText()).isEqualTo("b:1");
    assertThat(answer.path("partition").asInt()).isEqualTo(2);
    assertThat(answer.path("sequence").asLong()).isEqualTo(7);
    assertThat(answer.path("captureTime").asText()).isEqualTo("1970-01-01T00:00:01.000000Z");
    assertThat(answer.path("framesSinceReset").asLong()).isEqualTo(5);
    assertThat(answer.path("duplicates").asLong()).isEqualTo(1);
    assertThat(answer.path("skipped").asLong()).isEqualTo(2);
    assertThat(answer.path("rejected").asLong()).isEqualTo(3);
    assertThat(answer.path("lastLabel").isNull()).isTrue();
    assertThat(answer.path("noLastLabel").asText()).contains("no label yet");
    assertThat(answer.has("lookedThrough")).isFalse();
  }

  @Test
  void itsOwnStreamIsAnsweredWithoutAskingAnybody() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    new FakeInstance("b:1", 2, 3);
    a.put(0, "door", 1);
    assertThat(a.questions.stream(id("door"), false).path("instance").asText()).isEqualTo("a:1");
    assertThat(asked).isEmpty();
  }

  @Test
  void aStreamOnAnotherPartitionThanItsHomeIsFound() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    FakeInstance b = new FakeInstance("b:1", 2, 3);
    b.put(3, "door", 1);
    for (FakeInstance instance : List.of(a, b)) {
      assertThat(instance.questions.stream(id("door"), false).path("partition").asInt())
          .isEqualTo(3);
    }
  }

  @Test
  void ofSeveralTheHomeCountsAndThenTheLatest() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    FakeInstance b = new FakeInstance("b:1", 2, 3);
    a.put(1, "door", 5_000_000);
    b.put(3, "door", 9_000_000);
    assertThat(a.questions.stream(id("door"), false).path("partition").asInt()).isEqualTo(3);
    assertThat(b.questions.stream(id("door"), false).path("partition").asInt()).isEqualTo(3);
    a.put(0, "door", 1_000_000);
    assertThat(a.questions.stream(id("door"), false).path("partition").asInt()).isZero();
    assertThat(b.questions.stream(id("door"), false).path("partition").asInt()).isZero();
  }

  @Test
  void onlyWhereEveryPartitionWasLookedThroughIsAStreamUnknown() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    FakeInstance b = new FakeInstance("b:1", 2, 3);
    assertThatThrownBy(() -> a.questions.stream(id("door"), false))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.status()).isEqualTo(404))
        .hasMessage("no stream 'door' in any partition");
    b.isAway = true;
    assertThatThrownBy(() -> a.questions.stream(id("door"), false))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("partitions 2, 3")
        .hasMessageContaining("http.port");
  }

  @Test
  void whileTheHomeMovesAnotherPartitionsStateIsNoAnswer() {
    FakeInstance a = new FakeInstance("a:1", 1);
    new FakeInstance("b:1", 2, 3);
    owners.put(0, "gone:1");
    a.put(1, "door", 1);
    assertThatThrownBy(() -> a.questions.stream(id("door"), false))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("partition 0");
  }

  @Test
  void whatIsNotCommittedIsNoAnswer() {
    FakeInstance a = new FakeInstance("a:1", 0, 1, 2, 3);
    a.put(0, "door", 1);
    a.tasks.now().get(0).changing();
    assertThatThrownBy(() -> a.questions.stream(id("door"), false))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("not committed yet");
    a.tasks.committed();
    assertThat(a.questions.stream(id("door"), false).path("sequence").asLong()).isEqualTo(7);
  }

  @Test
  void theListHasEveryStreamOnceInPages() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    FakeInstance b = new FakeInstance("b:1", 2, 3);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String id = "cam %02d/&".formatted(i);
      (i % 2 == 0 ? a : b).put(i % 4 == 0 ? 0 : i % 4 == 1 ? 3 : i % 2 == 0 ? 1 : 2, id, i);
      expected.add(id);
    }
    for (FakeInstance instance : List.of(a, b)) {
      List<String> found = new ArrayList<>();
      Optional<Bytes> after = Optional.empty();
      int pages = 0;
      do {
        ObjectNode page = instance.questions.list(after, 4);
        assertThat(page.path("missing")).isEmpty();
        assertThat(page.path("missingPartitions")).isEmpty();
        page.path("streams").forEach(line -> found.add(line.path("streamId").asText()));
        String next = page.path("next").asText();
        after =
            page.path("next").isNull()
                ? Optional.empty()
                : Optional.of(
                    id(URLDecoder.decode(next.substring(next.indexOf("after=") + 6), UTF_8)));
        pages++;
      } while (after.isPresent());
      assertThat(found).isEqualTo(expected);
      assertThat(pages).isEqualTo(7);
    }
  }

  @Test
  void aPartitionAloneHasPagesToo() {
    FakeInstance a = new FakeInstance("a:1", 0, 1, 2, 3);
    for (String id : List.of("a", "b", "c", "d")) {
      a.put(2, id, 1);
    }
    ObjectNode first = a.questions.list(Optional.empty(), 2);
    assertThat(ids(first)).containsExactly("a@2", "b@2");
    assertThat(first.path("next").asText()).isEqualTo("/streams?limit=2&after=b");
    ObjectNode last = a.questions.list(Optional.of(id("b")), 2);
    assertThat(ids(last)).containsExactly("c@2", "d@2");
    assertThat(last.path("next").isNull()).isTrue();
  }

  @Test
  void aStreamOfSeveralPartitionsStaysOnOnePage() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    FakeInstance b = new FakeInstance("b:1", 2, 3);
    a.put(0, "a", 1);
    a.put(1, "b", 1);
    b.put(2, "b", 1);
    b.put(3, "c", 1);
    ObjectNode page = a.questions.list(Optional.empty(), 2);
    assertThat(ids(page)).containsExactly("a@0", "b@1", "b@2");
    assertThat(page.path("next").asText()).isEqualTo("/streams?limit=2&after=b");
  }

  @Test
  void theListSaysWhoIsMissing() {
    FakeInstance a = new FakeInstance("a:1", 0, 1);
    new FakeInstance("b:1", 2, 3).isAway = true;
    a.put(1, "door", 1);
    ObjectNode list = a.questions.list(Optional.empty(), 10);
    assertThat(ids(list)).containsExactly("door@1");
    assertThat(list.path("missing").get(0).path("instance").asText()).isEqualTo("b:1");
    assertThat(list.path("missing").get(0).path("error").asText()).isNotEmpty();
    assertThat(list.path("missingPartitions").toString()).isEqualTo("[2,3]");
  }

  @Test
  void anIdThatIsNoTextDoesNotEndTheList() {
    Bytes odd = Bytes.wrap(new byte[] {(byte) 0xFF, 0x20});
    String next = StreamList.path(5, Optional.of(odd));
    assertThat(next).isEqualTo("/streams?limit=5&afterKey=ff20");
    assertThat(StreamList.keyOf("ff20")).isEqualTo(odd);
    assertThatThrownBy(() -> StreamList.keyOf("xyz")).isInstanceOf(Refusal.class);
  }
}

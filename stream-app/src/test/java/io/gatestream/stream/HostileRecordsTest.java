package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.config.Provider;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.hostile.HostileRecord;
import io.gatestream.hostile.HostileRecords;
import io.gatestream.hostile.Mutation;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.RuntimeSettings;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.FrameLabel;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.policy.StreamProgress;
import io.gatestream.stream.state.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile records through decoders, policy, model and state in one thread. {@code
 * -Dhostile.seed=SEED} repeats a run, {@code -Dhostile.records=N} makes it longer.
 */
class HostileRecordsTest {
  private static final long SEED = Long.getLong("hostile.seed", 20_261_121);
  private static final int RECORDS = Integer.getInteger("hostile.records", 3_000);
  private static final int LARGEST = 1_000_000;
  private static final AvroFrameCodec CODEC = new AvroFrameCodec(FrameLimits.DEFAULT);

  private static ModelBundle bundle;
  private static ModelRuntime runtime;

  @TempDir static Path folder;

  /** What came of one record. */
  private record Outcome(
      Mutation mutation, List<TestRecord<byte[], byte[]>> labels, String reason) {}

  @BeforeAll
  static void open() {
    bundle = BundleReader.load(TestBundles.tinyElapsed());
    runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void everyRecordIsLabelledOrRejectedWithAReasonAndValidFramesNeverNotice() throws Exception {
    System.out.printf("hostile records: seed %d, %d records%n", SEED, RECORDS);
    Path sentinel = Files.writeString(folder.resolve("sentinel"), "sentinel");
    List<HostileRecord> records =
        new HostileRecords(
                SEED, Path.of("samples/beach.mp4"), 300, sentinel.toString(), "127.0.0.1:9")
            .next(RECORDS);
    List<Outcome> disturbed = new ArrayList<>();
    List<Outcome> alone = new ArrayList<>();
    try (TestTopology topology = topology()) {
      for (HostileRecord record : records) {
        disturbed.add(outcome(topology, record));
      }
      assertThat(accountProblems(topology, records, disturbed)).isEmpty();
    }
    try (TestTopology topology = topology()) {
      for (HostileRecord record : records) {
        if (record.valid()) {
          alone.add(outcome(topology, record));
        }
      }
    }
    System.out.print(table(disturbed));
    assertThat(wrongVerdicts(disturbed)).isEmpty();
    assertThat(validLabels(disturbed)).isNotEmpty().isEqualTo(validLabels(alone));
  }

  private static TestTopology topology() throws IOException {
    return new TestTopology(
        bundle,
        runtime,
        PolicySettings.DEFAULT,
        runtime.step(),
        LARGEST,
        () -> new PictureDecoder(bundle.input(), FrameLimits.DEFAULT));
  }

  private static Outcome outcome(TestTopology topology, HostileRecord record) {
    try {
      topology.send(
          new TestRecord<>(record.key(), record.value(), Instant.ofEpochMilli(record.timestamp())));
    } catch (RuntimeException e) {
      throw new AssertionError("killed the topology: " + record.mutation(), e);
    }
    List<TestRecord<byte[], byte[]>> labels = topology.labelRecords();
    List<TestRecord<byte[], byte[]>> rejected = topology.rejected();
    assertThat(rejected.size()).isLessThanOrEqualTo(labels.isEmpty() ? 1 : 0);
    rejected.forEach(
        sent -> assertThat(TestTopology.header(sent, Rejections.MESSAGE)).isNotEmpty());
    String reason =
        rejected.isEmpty() ? "" : TestTopology.header(rejected.get(0), Rejections.REASON);
    return new Outcome(record.mutation(), labels, reason);
  }

  private static List<String> wrongVerdicts(List<Outcome> outcomes) {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      boolean right =
          switch (outcome.mutation().verdict()) {
            case LABELLED -> !outcome.labels().isEmpty();
            case REJECTED -> !outcome.reason().isEmpty();
            case ANY -> true;
          };
      if (!right) {
        wrong.add("record %d, %s: %s".formatted(i, outcome.mutation(), outcome.reason()));
      }
    }
    return wrong;
  }

  /** Labels of valid frames; the running count of rejected ones is the only thing that differs. */
  private static List<String> validLabels(List<Outcome> outcomes) throws FrameDecodeException {
    List<String> labels = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      for (TestRecord<byte[], byte[]> record : outcome.labels()) {
        if (outcome.mutation() == Mutation.VALID) {
          FrameLabel label = new LabelCodec().decode(record.value());
          labels.add(
              "%s %s %s"
                  .formatted(
                      new String(record.key(), UTF_8),
                      record.getRecordTime(),
                      FrameLabel.newBuilder(label).setRejected(0).build()));
        }
      }
    }
    return labels;
  }

  /** Frames in = labels + duplicates + skipped + rejected, stream by stream. */
  private static List<String> accountProblems(
      TestTopology topology, List<HostileRecord> records, List<Outcome> outcomes) {
    Map<Bytes, long[]> account = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      HostileRecord record = records.get(i);
      if (record.key() != null && record.key().length <= StreamPolicy.LONGEST_KEY) {
        long[] counts = account.computeIfAbsent(Bytes.wrap(record.key()), key -> new long[2]);
        byte[] value = record.value();
        counts[0] += value == null ? 1 : frames(value);
        counts[1] += outcomes.get(i).labels().size();
      }
    }
    List<String> problems = new ArrayList<>();
    Map<Bytes, StreamState> states = topology.states();
    assertThat(states.keySet()).isEqualTo(account.keySet());
    states.forEach(
        (key, state) -> {
          StreamProgress.Counts counts = state.progress().counts();
          long[] found = requireNonNull(account.get(key));
          if (found[0] != found[1] + counts.duplicates() + counts.skipped() + counts.rejected()) {
            problems.add("%s: %d in, %d labels, %s".formatted(key, found[0], found[1], counts));
          }
        });
    return problems;
  }

  private static long frames(byte[] value) {
    try {
      return CODEC.decode(value).getFrameCount();
    } catch (FrameDecodeException e) {
      return 1;
    }
  }

  private static String table(List<Outcome> outcomes) {
    Map<Mutation, Map<String, Integer>> counts = new EnumMap<>(Mutation.class);
    for (Outcome outcome : outcomes) {
      String what =
          !outcome.labels().isEmpty()
              ? "labelled"
              : outcome.reason().isEmpty() ? "not labelled" : outcome.reason();
      counts
          .computeIfAbsent(outcome.mutation(), mutation -> new TreeMap<>())
          .merge(what, 1, Integer::sum);
    }
    StringBuilder table = new StringBuilder();
    counts.forEach((mutation, found) -> table.append("  %-22s %s%n".formatted(mutation, found)));
    return table.toString();
  }
}

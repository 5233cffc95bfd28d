package io.gatestream.stream;

import static io.gatestream.stream.TestTopology.frame;
import static io.gatestream.stream.TestTopology.key;
import static io.gatestream.stream.TestTopology.segment;
import static io.gatestream.stream.TestTopology.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Frames in = labels + duplicates + skipped + rejected, by the two output topics alone. Each stream
 * ends with a frame that is labelled, whose counts are the stream's.
 */
class FrameAccountTest {
  private static final int STREAMS = 3;
  private static ModelBundle bundle;
  private static ModelRuntime runtime;

  @BeforeContainer
  static void open() {
    bundle = BundleReader.load(TestBundles.tinyLstm());
    runtime = TestRuntimes.open(bundle);
  }

  @AfterContainer
  static void close() {
    runtime.close();
  }

  @Property(tries = 30)
  void everyFrameIsALabelADuplicateSkippedOrRejected(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    int records = random.nextInt(120);
    long in = 0;
    try (TestTopology topology = new TestTopology(bundle, runtime)) {
      for (int i = 0; i < records; i++) {
        topology.overloaded(random.nextInt(4) == 0);
        in += send(random, i, topology);
      }
      topology.overloaded(false);
      for (int stream = 0; stream < STREAMS; stream++) {
        topology.send(frame(1_000_000, 0, 10_000_000).setStreamId("s" + stream));
        in++;
      }
      Map<String, FrameLabel> last = new HashMap<>();
      List<FrameLabel> labels = topology.labels();
      labels.forEach(label -> last.put(label.getStreamId(), label));
      long counted = labels.size();
      Map<String, Long> rejected = new HashMap<>();
      for (TestRecord<byte[], byte[]> record : topology.rejected()) {
        if (record.key() == null) {
          counted++;
        } else {
          rejected.merge(
              new String(record.key(), java.nio.charset.StandardCharsets.UTF_8),
              framesIn(record.value()),
              Long::sum);
        }
      }
      for (FrameLabel label : last.values()) {
        counted += label.getDuplicates() + label.getSkipped() + label.getRejected();
        assertThat(label.getRejected())
            .as("seed %d, rejected of %s", seed, label.getStreamId())
            .isEqualTo(rejected.getOrDefault(label.getStreamId(), 0L));
      }
      assertThat(counted).as("seed %d, %d records", seed, records).isEqualTo(in);
      assertThat(last).hasSize(STREAMS);
    }
  }

  /** Sends a record and says how many frames it has. */
  private static long send(Random random, int number, TestTopology topology) {
    String stream = "s" + random.nextInt(STREAMS);
    long session = random.nextInt(3);
    long sequence = Math.max(0, number / 2 + random.nextInt(8) - 2);
    long millis = random.nextInt(20) == 0 ? random.nextInt(200_000) : number * 40L;
    Frame.Builder frame = frame(session, sequence, millis);
    switch (random.nextInt(14)) {
      case 0 -> {
        topology.send(new TestRecord<>(key(stream), null, Instant.EPOCH));
        return 0;
      }
      case 1 -> {
        topology.send(new TestRecord<>(key(stream), new byte[random.nextInt(9)], Instant.EPOCH));
        return 1;
      }
      case 2 -> {
        topology.send(new TestRecord<>(null, value(frame.build()), Instant.EPOCH));
        return 1;
      }
      case 3 -> {
        topology.send(
            new TestRecord<>(
                key(stream), value(segment(0, 0, 0, (byte) 1, (byte) 2).build()), Instant.EPOCH));
        return 2;
      }
      case 4 -> frame.setHeight(15);
      case 5 -> frame.setCaptureTime(Instant.ofEpochSecond(-7));
      case 6, 7 -> {
        byte[] shades = new byte[1 + random.nextInt(12)];
        if (random.nextInt(3) == 0) {
          shades[random.nextInt(shades.length)] = FakeSegments.DAMAGE;
        }
        frame = segment(session, sequence, millis, shades);
      }
      default -> {}
    }
    topology.send(frame.setStreamId(stream));
    return frame.build().getFrameCount();
  }

  private static long framesIn(byte[] value) {
    try {
      return new AvroFrameCodec(FrameLimits.DEFAULT).decode(value).getFrameCount();
    } catch (FrameDecodeException e) {
      return 1;
    }
  }
}

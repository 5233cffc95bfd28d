package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.model.BundleReader;
import io.gatestream.model.Classifier;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.Events;
import io.gatestream.stream.policy.Decision;
import io.gatestream.stream.policy.Sessions;
import io.gatestream.stream.policy.StreamProgress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LabelMakerTest {
  private final ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());

  /** The bytes on the topic are those of the schema's generated class, for every label. */
  @Property(tries = 300)
  void writesWhatAvroWrites(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(bundle.labels().size() + 2);
    float[] logits = new float[bundle.labels().size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(4); // ties too
    }
    Frame frame = frame(random);
    StreamProgress after =
        new StreamProgress(
            "x",
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong() >>> 1,
            new StreamProgress.Counts(random.nextInt(9), random.nextLong() >>> 1, 0),
            Reset.NONE,
            Sessions.NONE);
    Reset reset = List.of(Reset.values()).get(random.nextInt(Reset.values().length));
    int picture = random.nextInt(300);
    long captureTime = random.nextLong() >> random.nextInt(64);
    long sourceTime = random.nextLong() >> random.nextInt(64);

    LabelMaker maker = new LabelMaker(bundle, limit, true);
    List<String> active = bundle.labels().stream().filter(name -> random.nextBoolean()).toList();
    byte[] label =
        maker.encode(
            frame,
            picture,
            captureTime,
            sourceTime,
            new Decision.Step(reset, 0, after),
            maker.classify(logits),
            Events.open(
                active,
                bundle.labels().stream().filter(name -> !active.contains(name)).toList(),
                random));

    List<LabelScore> scores =
        new Classifier(bundle.activation(), bundle.temperature())
            .classify(logits).stream()
                .limit(limit)
                .map(score -> new LabelScore(bundle.labels().get(score.label()), score.score()))
                .toList();
    FrameLabel expected =
        FrameLabel.newBuilder()
            .setStreamId(frame.getStreamId())
            .setSession(frame.getSession())
            .setSequence(frame.getSequence() + picture)
            .setCaptureTime(Micros.instant(captureTime))
            .setSourceTime(sourceTime)
            .setScores(scores)
            .setModel(new ModelId(bundle.name(), bundle.version(), bundle.bundleFingerprint()))
            .setFramesSinceReset(after.framesSinceReset())
            .setReset(reset)
            .setDuplicates(after.duplicates())
            .setSkipped(after.skipped())
            .setRejected(after.rejected())
            .setActive(active)
            .build();
    LabelCodec codec = new LabelCodec();
    assertThat(codec.decode(label)).as("seed %d", seed).isEqualTo(expected);
    assertThat(label).as("seed %d", seed).isEqualTo(codec.encode(expected));
  }

  private static Frame frame(Random random) {
    return Frame.newBuilder()
        .setStreamId(random.nextBoolean() ? "tür-" + random.nextInt() : "camera-007")
        .setSession(Micros.instant(random.nextLong() >> random.nextInt(64)))
        .setSequence(random.nextLong() >>> 2)
        .setCaptureTime(Micros.instant(1))
        .setSourceTime(2)
        .setEncoding(Encoding.JPEG)
        .setPayload(ByteBuffer.allocate(0))
        .build();
  }
}

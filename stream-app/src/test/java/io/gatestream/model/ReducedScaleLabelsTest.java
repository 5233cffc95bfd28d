package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.Provider;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.frame.decode.ReducedScale;
import io.gatestream.ingest.FrameSink;
import io.gatestream.ingest.Ingest;
import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.PictureSize;
import io.gatestream.ingest.VideoSource;
import io.gatestream.schema.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code reducedScaleJpeg} makes of the default bundle's labels of the sample clips: the whole
 * clips as {@code ingest} sends them, the state carried from the first to the last frame. Its
 * figures are those of docs/bundle.md.
 */
class ReducedScaleLabelsTest {
  private static final Path BUNDLE = Path.of("models/object-motion");
  private static final Path SAMPLES = Path.of("samples");

  /** Frames after a change from which a label counts as settled, as in model-export. */
  private static final int SETTLED_FROM = 5;

  private static final float FRAME_SECONDS = 0.1f;

  @TempDir Path folder;

  /** The clips are 256 x 256 pixels, the input is 64 x 64. */
  @ParameterizedTest
  @CsvSource({
    // width, height, divisor, largest difference of a score, share of other top labels
    "640, 480, 4, 0.3, 0.03",
    "256, 256, 4, 0.3, 0.025",
    "128, 128, 2, 0.7, 0.08",
  })
  void labelsOfTheSampleClipsStayWithinTheStatedTolerance(
      int width, int height, int divisor, double tolerance, double share) throws Exception {
    ModelBundle full = BundleReader.load(BUNDLE);
    ModelBundle reduced = BundleReader.load(withFlag());
    assertThat(full.input().resize().reducedScaleJpeg()).isFalse();
    assertThat(reduced.input()).isEqualTo(full.input().withReducedScaleJpeg(true));
    Map<String, List<Frame>> clips = clips(width, height);
    Comparison all = new Comparison();
    try (ModelRuntime runtime = ModelRuntime.open(full, Provider.CPU, RuntimeSettings.DEFAULT);
        ModelRuntime other = ModelRuntime.open(reduced, Provider.CPU, RuntimeSettings.DEFAULT)) {
      for (Map.Entry<String, List<Frame>> clip : clips.entrySet()) {
        Frame first = clip.getValue().get(0);
        assertThat(
                ReducedScale.of(
                    reduced.input(), first.getPayload().duplicate(), FrameLimits.DEFAULT))
            .isEqualTo(divisor);
        Comparison one = new Comparison();
        one.add(
            scores(full, runtime, clip.getValue()),
            scores(reduced, other, clip.getValue()),
            truth(clip.getValue(), full.labels()));
        System.out.printf("reducedScaleJpeg, %s, %dx%d: %s%n", clip.getKey(), width, height, one);
        all.add(one);
      }
    }
    System.out.printf("reducedScaleJpeg, all, %dx%d to 1/%d: %s%n", width, height, divisor, all);
    assertThat(all.frames).isGreaterThan(1_000);
    assertThat(all.largest).as("largest difference of a score").isBetween(1e-6, tolerance);
    assertThat((double) all.otherTops / all.frames)
        .as("share of other top labels")
        .isLessThanOrEqualTo(share);
    assertThat(all.rightReduced).as("right top labels").isGreaterThanOrEqualTo(all.right);
    assertThat(all.settledReduced)
        .as("right settled labels, but for half a percent")
        .isGreaterThanOrEqualTo(all.settledRight - all.settled / 200);
  }

  private Path withFlag() throws IOException {
    for (String file : List.of("encoder.onnx", "step.onnx")) {
      Files.copy(BUNDLE.resolve(file), folder.resolve(file));
    }
    String contract = Files.readString(BUNDLE.resolve("model.json"));
    assertThat(contract).containsOnlyOnce("\"reducedScaleJpeg\": false");
    Files.writeString(
        folder.resolve("model.json"),
        contract.replace("\"reducedScaleJpeg\": false", "\"reducedScaleJpeg\": true"));
    return folder;
  }

  /** The frames of each clip, JPEG of ingest's default quality, stretched to a size. */
  private static Map<String, List<Frame>> clips(int width, int height) throws Exception {
    IngestSettings.Pictures standard = IngestSettings.Pictures.DEFAULT;
    IngestSettings settings =
        IngestSettings.DEFAULT.with(
            new IngestSettings.Pictures(
                IngestSettings.Encoding.JPEG,
                standard.quality(),
                Optional.of(new PictureSize(width, height)),
                OptionalDouble.empty(),
                standard.segmentSeconds()));
    List<VideoSource> sources;
    try (Stream<Path> files = Files.list(SAMPLES)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".mp4"))
              .sorted()
              .map(VideoSource::of)
              .toList();
    }
    assertThat(sources).hasSize(8);
    Collected collected = new Collected();
    try (Ingest ingest =
        new Ingest(
            settings,
            sources,
            collected,
            () -> Instant.parse("2026-01-02T03:04:05Z"),
            IngestListener.NONE)) {
      assertThat(ingest.run().sources()).allMatch(source -> source.failure().isEmpty());
    }
    return collected.frames;
  }

  /** The index of each frame's true label. */
  private static List<Integer> truth(List<Frame> frames, List<String> labels) {
    Truth truth = Truth.read(SAMPLES.resolve("truth.csv"));
    return frames.stream()
        .map(frame -> truth.at(frame.getStreamId(), frame.getSourceTime()).orElseThrow().label())
        .map(labels::indexOf)
        .toList();
  }

  private static List<float[]> scores(ModelBundle bundle, ModelRuntime runtime, List<Frame> frames)
      throws FrameDecodeException {
    Classifier classifier = new Classifier(bundle.activation(), bundle.temperature());
    Place place = new Place(bundle.input().bytes());
    List<float[]> scores = new ArrayList<>();
    float[][] state = runtime.step().initialState();
    try (FrameDecoder decoder = PictureDecoders.open(bundle.input(), FrameLimits.DEFAULT)) {
      for (Frame frame : frames) {
        decoder.decode(frame, place);
        float[] features = runtime.encoder().encode(place.pixels, 1)[0];
        RecurrentStep.Result result =
            runtime
                .step()
                .step(features, state, scores.isEmpty() ? 0 : FRAME_SECONDS, new float[0]);
        state = result.state();
        float[] byLabel = new float[bundle.labels().size()];
        for (Scores.Score score : classifier.classify(result.logits())) {
          byLabel[score.label()] = score.score();
        }
        scores.add(byLabel);
      }
    }
    return scores;
  }

  private static final class Comparison {
    private int frames;
    private int otherTops;
    private int right;
    private int rightReduced;
    private int settled;
    private int settledRight;
    private int settledReduced;
    private double largest;
    private double sum;

    void add(List<float[]> full, List<float[]> reduced, List<Integer> truth) {
      for (int i = 0; i < full.size(); i++) {
        double difference = 0;
        for (int label = 0; label < full.get(i).length; label++) {
          difference = Math.max(difference, Math.abs(full.get(i)[label] - reduced.get(i)[label]));
        }
        frames++;
        sum += difference;
        largest = Math.max(largest, difference);
        int top = top(full.get(i));
        int topReduced = top(reduced.get(i));
        otherTops += top == topReduced ? 0 : 1;
        right += top == truth.get(i) ? 1 : 0;
        rightReduced += topReduced == truth.get(i) ? 1 : 0;
        if (i >= SETTLED_FROM
            && new HashSet<>(truth.subList(i - SETTLED_FROM, i + 1)).size() == 1) {
          settled++;
          settledRight += top == truth.get(i) ? 1 : 0;
          settledReduced += topReduced == truth.get(i) ? 1 : 0;
        }
      }
    }

    void add(Comparison other) {
      frames += other.frames;
      otherTops += other.otherTops;
      right += other.right;
      rightReduced += other.rightReduced;
      settled += other.settled;
      settledRight += other.settledRight;
      settledReduced += other.settledReduced;
      sum += other.sum;
      largest = Math.max(largest, other.largest);
    }

    private static int top(float[] scores) {
      int top = 0;
      for (int i = 1; i < scores.length; i++) {
        top = scores[i] > scores[top] ? i : top;
      }
      return top;
    }

    @Override
    public String toString() {
      return ("%d frames, largest difference of a score %.4f, mean of each frame's largest %.4f,"
              + " other top label %d (%.4f), accuracy %.4f, %.4f reduced;"
              + " settled %.4f, %.4f reduced")
          .formatted(
              frames,
              largest,
              sum / frames,
              otherTops,
              (double) otherTops / frames,
              (double) right / frames,
              (double) rightReduced / frames,
              (double) settledRight / settled,
              (double) settledReduced / settled);
    }
  }

  private static final class Place implements PictureSink {
    private final ByteBuffer pixels;

    Place(int bytes) {
      pixels = ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
      return Optional.of(pixels);
    }

    @Override
    public void filled(int index) {}
  }

  private static final class Collected implements FrameSink {
    private final Map<String, List<Frame>> frames = new TreeMap<>();

    @Override
    public synchronized void send(Frame frame) {
      frames.computeIfAbsent(frame.getStreamId(), id -> new ArrayList<>()).add(frame);
    }

    @Override
    public void flush(String streamId) {}
  }
}

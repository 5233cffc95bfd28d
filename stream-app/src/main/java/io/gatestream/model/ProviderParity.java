package io.gatestream.model;

import io.gatestream.config.Provider;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a provider makes of a bundle, held against the CPU one frame at a time: on made-up pictures,
 * and over {@value #STEPS} steps of as many streams as a batch has, each with the states that it
 * made itself.
 *
 * @param provider what ran: never {@code AUTO}
 * @param encoderNodes nodes of encoder.onnx by the provider that ran them, as ONNX Runtime says
 * @param stepNodes the same of step.onnx
 */
public record ProviderParity(
    Provider provider,
    Map<String, Integer> encoderNodes,
    Map<String, Integer> stepNodes,
    List<Difference> differences) {
  private static final int STEPS = 16;
  private static final List<Integer> STEP_BATCHES = List.of(1, 8, 64);
  private static final float ELAPSED = 0.1f;

  public ProviderParity {
    encoderNodes = Map.copyOf(encoderNodes);
    stepNodes = Map.copyOf(stepNodes);
    differences = List.copyOf(differences);
  }

  /**
   * The largest difference of one kind.
   *
   * @param what features (as a share of their root mean square), logits or states (absolute; a
   *     state above 1 by its own size)
   * @param against what it is held against
   */
  public record Difference(String what, int batch, String against, double largest, double allowed) {
    /** Not for what is no number. */
    public boolean isAllowed() {
      return largest <= allowed;
    }
  }

  public boolean isWithinTolerance() {
    return differences.stream().allMatch(Difference::isAllowed);
  }

  /**
   * Runs both, which takes seconds.
   *
   * @throws io.gatestream.errors.ConfigException bundle or provider cannot be used
   * @throws io.gatestream.errors.OutageException a call failed
   */
  public static ProviderParity measure(
      ModelBundle bundle, Provider wanted, RuntimeSettings settings) {
    try (ModelRuntime tried = ModelRuntime.open(bundle, wanted, settings);
        ModelRuntime cpu =
            ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT.withCallers(1))) {
      List<Difference> found = new ArrayList<>(features(bundle, tried.ortEncoder(), cpu));
      Provider provider = tried.provider();
      for (int batch : STEP_BATCHES) {
        if (provider != Provider.CPU
            || batch == 1
            || bundle.step().bitEqualBatchSizes().contains(batch)) {
          found.addAll(steps(bundle, provider, settings, cpu, batch));
        }
      }
      return new ProviderParity(
          provider,
          encoderNodes(bundle, provider, settings),
          stepNodes(bundle, provider, settings),
          found);
    }
  }

  private static List<Difference> features(
      ModelBundle bundle, OrtFrameEncoder tried, ModelRuntime cpu) {
    int bytes = bundle.input().bytes();
    ByteBuffer pictures = WarmUp.pictures(bundle, tried.maxBatch());
    float[][] onCpu = new float[tried.maxBatch()][];
    float[][] alone = new float[tried.maxBatch()][];
    for (int i = 0; i < onCpu.length; i++) {
      ByteBuffer picture = pictures.slice(i * bytes, bytes);
      onCpu[i] = cpu.encoder().encode(picture, 1)[0];
      alone[i] = tried.encode(picture, 1)[0];
    }
    List<Difference> found = new ArrayList<>();
    for (int batch : tried.sizes().ascending()) {
      float[][] together = tried.encode(pictures, batch);
      double toCpu = 0;
      double toOne = 0;
      for (int i = 0; i < batch; i++) {
        toCpu = Math.max(toCpu, byRootMeanSquare(together[i], onCpu[i]));
        toOne = Math.max(toOne, byRootMeanSquare(together[i], alone[i]));
      }
      double allowed = bundle.tolerance().parity();
      found.add(new Difference("features", batch, "the CPU", toCpu, allowed));
      if (batch > 1) {
        found.add(new Difference("features", batch, "batch 1", toOne, allowed));
      }
    }
    return found;
  }

  private static List<Difference> steps(
      ModelBundle bundle,
      Provider provider,
      RuntimeSettings settings,
      ModelRuntime cpu,
      int batch) {
    try (StepOnProvider together = StepOnProvider.open(bundle, provider, settings, batch);
        StepOnProvider alone = StepOnProvider.open(bundle, provider, settings, 1)) {
      RecurrentStep reference = cpu.step();
      StepDifferences toCpu = new StepDifferences();
      StepDifferences toOne = new StepDifferences();
      List<StepOnProvider.Row> rows = first(bundle, reference, batch);
      List<StepOnProvider.Row> cpuRows = rows;
      List<StepOnProvider.Row> oneRows = rows;
      for (int step = 0; step < STEPS; step++) {
        List<RecurrentStep.Result> found = together.step(rows);
        List<RecurrentStep.Result> onCpu = cpuRows.stream().map(row -> row.by(reference)).toList();
        List<RecurrentStep.Result> one =
            oneRows.stream().map(row -> alone.step(List.of(row)).get(0)).toList();
        toCpu.add(found, onCpu);
        toOne.add(found, one);
        int seed = step;
        rows = next(bundle, found, seed);
        cpuRows = next(bundle, onCpu, seed);
        oneRows = next(bundle, one, seed);
      }
      double allowed = bundle.tolerance().logits();
      List<Difference> all = new ArrayList<>(toCpu.differences(batch, "the CPU", allowed));
      if (batch > 1) {
        all.addAll(toOne.differences(batch, "batch 1", allowed));
      }
      return all;
    }
  }

  private static List<StepOnProvider.Row> first(
      ModelBundle bundle, RecurrentStep reference, int batch) {
    Random random = new Random(batch);
    return IntStream.range(0, batch)
        .mapToObj(i -> row(bundle, random, reference.initialState()))
        .toList();
  }

  private static List<StepOnProvider.Row> next(
      ModelBundle bundle, List<RecurrentStep.Result> results, int seed) {
    Random random = new Random(1_000 + seed);
    return results.stream().map(result -> row(bundle, random, result.state())).toList();
  }

  private static StepOnProvider.Row row(ModelBundle bundle, Random random, float[][] states) {
    return new StepOnProvider.Row(
        noise(random, bundle.featureSize()),
        states,
        ELAPSED,
        noise(random, bundle.auxiliarySize().orElse(0)));
  }

  private static float[] noise(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double byRootMeanSquare(float[] found, float[] expected) {
    double squares = 0;
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      squares += (double) expected[i] * expected[i];
      largest = larger(largest, Math.abs((double) found[i] - expected[i]));
    }
    return largest == 0 ? 0 : largest / Math.sqrt(squares / found.length);
  }

  /** Infinite for what is no number: it is never allowed. */
  static double larger(double largest, double difference) {
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
  }

  private static Map<String, Integer> encoderNodes(
      ModelBundle bundle, Provider provider, RuntimeSettings settings) {
    BatchSizes one = BatchSizes.buckets(1);
    try (NodeProfile profile = NodeProfile.create();
        OrtGraph graph =
            OpenGraphs.openEncoder(
                NativeEnvironment.get(), bundle, provider, settings, one, Optional.of(profile));
        OrtFrameEncoder encoder =
            new OrtFrameEncoder(graph, NativeEnvironment.get(), bundle, one, 1)) {
      encoder.encode(WarmUp.pictures(bundle, 1), 1);
      return profile.nodes(graph);
    }
  }

  private static Map<String, Integer> stepNodes(
      ModelBundle bundle, Provider provider, RuntimeSettings settings) {
    try (NodeProfile profile = NodeProfile.create();
        StepOnProvider step =
            StepOnProvider.open(bundle, provider, settings, 1, Optional.of(profile))) {
      step.run();
      return profile.nodes(step.graph());
    }
  }

  /** The largest differences of logits and states so far. */
  private static final class StepDifferences {
    private double logits;
    private double states;

    void add(List<RecurrentStep.Result> found, List<RecurrentStep.Result> expected) {
      for (int i = 0; i < found.size(); i++) {
        RecurrentStep.Result one = found.get(i);
        RecurrentStep.Result other = expected.get(i);
        logits = largest(logits, one.logits(), other.logits(), false);
        for (int s = 0; s < one.state().length; s++) {
          states = largest(states, one.state()[s], other.state()[s], true);
        }
      }
    }

    private static double largest(double before, float[] found, float[] expected, boolean bySize) {
      double largest = before;
      for (int i = 0; i < found.length; i++) {
        double size = bySize ? Math.max(1, Math.abs(expected[i])) : 1;
        largest = larger(largest, Math.abs((double) found[i] - expected[i]) / size);
      }
      return largest;
    }

    List<Difference> differences(int batch, String against, double allowed) {
      return List.of(
          new Difference("logits", batch, against, logits, allowed),
          new Difference("states", batch, against, states, allowed));
    }
  }
}

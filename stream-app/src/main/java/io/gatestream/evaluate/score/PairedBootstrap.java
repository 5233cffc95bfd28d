package io.gatestream.evaluate.score;

import io.gatestream.evaluate.score.Comparison.MetricPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Pairs the streams of two evaluations and resamples them: Efron and Tibshirani, An Introduction to
 * the Bootstrap, 1993 (percentile interval). One thread.
 */
public final class PairedBootstrap {
  private static final int RESAMPLES = 1000;

  private final Evaluation a;
  private final Evaluation b;
  private final List<String> namesA;
  private final List<String> namesB;
  private final List<String> common;

  private PairedBootstrap(Evaluation a, Evaluation b) {
    this.a = a;
    this.b = b;
    this.namesA = names(a);
    this.namesB = names(b);
    this.common = namesA.stream().filter(namesB::contains).toList();
  }

  private static List<String> names(Evaluation evaluation) {
    return evaluation.streams().stream().map(stream -> stream.stream().name()).toList();
  }

  /** Compares two evaluations against one truth with {@value #RESAMPLES} resamples. */
  public static Comparison compare(Evaluation a, Evaluation b, long seed) {
    return new PairedBootstrap(a, b).compare(seed);
  }

  private Comparison compare(long seed) {
    Differences differences = new Differences();
    for (String name : common) {
      differences.find(
          a.streams().get(namesA.indexOf(name)), b.streams().get(namesB.indexOf(name)));
    }
    return new Comparison(
        common,
        List.copyOf(without(namesA)),
        List.copyOf(without(namesB)),
        seed,
        RESAMPLES,
        metrics(seed),
        differences.found(),
        differences.unpaired());
  }

  private Set<String> without(List<String> names) {
    Set<String> rest = new TreeSet<>(names);
    common.forEach(rest::remove);
    return rest;
  }

  private List<MetricPair> metrics(long seed) {
    int[] all = Numbers.ones(common.size());
    Map<String, Double> valuesA = MetricValues.of(a, weights(namesA, all));
    Map<String, Double> valuesB = MetricValues.of(b, weights(namesB, all));
    List<Map<String, Double>> drawn = common.size() < 2 ? List.of() : resample(seed);
    List<MetricPair> pairs = new ArrayList<>();
    valuesA.forEach(
        (name, valueA) -> {
          double valueB = valuesB.getOrDefault(name, Double.NaN);
          double[] differences =
              drawn.stream()
                  .mapToDouble(draw -> draw.getOrDefault(name, Double.NaN))
                  .filter(difference -> !Double.isNaN(difference))
                  .toArray();
          pairs.add(
              new MetricPair(
                  name,
                  valueA,
                  valueB,
                  valueB - valueA,
                  Numbers.percentile(differences, 2.5),
                  Numbers.percentile(differences, 97.5),
                  MetricValues.higherIsBetter(name)));
        });
    return pairs;
  }

  /** The differences b - a of each resample; the draws depend on the seed only. */
  private List<Map<String, Double>> resample(long seed) {
    Random random = new Random(seed);
    List<int[]> draws = new ArrayList<>();
    for (int i = 0; i < RESAMPLES; i++) {
      int[] draw = new int[common.size()];
      for (int j = 0; j < draw.length; j++) {
        draw[random.nextInt(draw.length)]++;
      }
      draws.add(draw);
    }
    return draws.parallelStream().map(this::difference).toList();
  }

  private Map<String, Double> difference(int[] draw) {
    Map<String, Double> values = MetricValues.of(b, weights(namesB, draw));
    Map<String, Double> valuesA = MetricValues.of(a, weights(namesA, draw));
    values.replaceAll((name, value) -> value - valuesA.getOrDefault(name, Double.NaN));
    return values;
  }

  /** Weights in the order of an evaluation's streams; those not common count nothing. */
  private int[] weights(List<String> names, int[] draw) {
    return IntStream.range(0, names.size())
        .map(i -> common.indexOf(names.get(i)))
        .map(i -> i < 0 ? 0 : draw[i])
        .toArray();
  }
}

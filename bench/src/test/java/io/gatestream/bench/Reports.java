package io.gatestream.bench;

import io.gatestream.model.ComputePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports with made-up figures for tests of what is printed. */
public final class Reports {
  private Reports() {}

  /**
   * End to end 90, raw 100, naive 60 and 80; raw is noisy. The broker used 5 %, where it is own.
   */
  public static BenchReport report(boolean ownBroker) {
    return new BenchReport(
        setup(ownBroker),
        List.of(new StageFigure("decode", "1 worker", Figure.of(1_000, 1_010, 1_020))),
        new BenchReport.Rates(
            Figure.of(90, 100, 110),
            "2 callers",
            Figure.of(81, 90, 99),
            Figure.of(59, 60, 61),
            Figure.of(79, 80, 81),
            Figure.of(19_000, 19_000, 19_000),
            Figure.of(20_000, 20_000, 20_000),
            ownBroker ? Optional.of(Figure.of(0.05, 0.05, 0.05)) : Optional.empty()),
        List.of(
            new Delay(50, 45, 16, 20.5, 40, 60, 225, 0),
            new Delay(90, 81, 16, 200, 4_000, 6_000, 400, 5)),
        new Delay(200, 180, 18, 700, 900, 1_100, 360, 540),
        new BenchReport.Meaning(
            10, 9, 8, 2, Optional.of(600L << 20), 5e6, Optional.of(3e4), Optional.empty()));
  }

  /** One target that is met and one that is missed. */
  public static TargetsReport targets() {
    Map<String, Figure> rates = new LinkedHashMap<>();
    rates.put("end to end", Figure.of(90, 90, 90));
    return new TargetsReport(
        setup(true),
        rates,
        Figure.of(1, 1.01),
        Figure.of(0.97, 0.98, 0.99),
        Figure.of(0.5, 0.6, 0.7),
        List.of(
            Target.atLeast("rate", Figure.of(0.95, 0.96, 0.97), 0.95),
            Target.atMost("bytes", Figure.of(2_000, 3_000, 4_000), 2_500)));
  }

  private static BenchReport.Setup setup(boolean ownBroker) {
    return new BenchReport.Setup(
        "some 1.0.0", "cpu", new ComputePlan(2, 1, 4, 3), 2, 16, 4, 384, 35_000, 5, 3, ownBroker);
  }
}

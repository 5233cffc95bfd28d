package io.gatestream.bench;

import java.util.List;
import java.util.Map;

/**
 * What {@code bench --targets} measured.
 *
 * @param rates frames a second behind the ratios, by what was measured, in the order of measuring
 * @param itself end to end over end to end one turn before: what the ratios have to be read against
 * @param byCpu processor time for each frame of the raw loop over that of the application, the
 *     broker not included
 * @param freeOnSmall a model that costs nothing to bare Kafka Streams on frames of a few KB
 */
public record TargetsReport(
    BenchReport.Setup setup,
    Map<String, Figure> rates,
    Figure itself,
    Figure byCpu,
    Figure freeOnSmall,
    List<Target> targets) {}

package io.gatestream.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.gatestream.evaluate.score.EventMetrics;
import io.gatestream.evaluate.score.Metrics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What metrics.json holds: the fields of the metrics, and those of events where there are rules.
 *
 * @param eventTuning where rules were looked for
 */
record MetricsFile(
    @JsonUnwrapped Metrics metrics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EventMetrics events,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> eventTuning) {}

package io.gatestream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds a registry against the list of metrics. */
public final class ListedMeters {
  private static final Map<String, Metric> LIST =
      Arrays.stream(Metric.values()).collect(Collectors.toMap(Metric::id, Function.identity()));

  private ListedMeters() {}

  /**
   * Fails where a meter that is not Kafka's differs from the list, or one of the list is missing.
   */
  public static void require(MeterRegistry registry) {
    List<Meter> own =
        registry.getMeters().stream()
            .filter(meter -> !meter.getId().getName().startsWith("kafka."))
            .toList();

    assertThat(own).extracting(meter -> meter.getId().getName()).containsAll(LIST.keySet());
    assertThat(own)
        .allSatisfy(
            meter -> {
              String name = meter.getId().getName();
              assertThat(LIST).as("the list of metrics").containsKey(name);
              Metric metric = Objects.requireNonNull(LIST.get(name));
              assertThat(meter.getId().getType()).isEqualTo(metric.type());
              assertThat(meter.getId().getDescription()).isEqualTo(metric.description());
              assertThat(meter.getId().getTags())
                  .extracting(Tag::getKey)
                  .isEqualTo(metric.tag().isEmpty() ? List.of() : List.of(metric.tag()));
            });
  }
}

package io.gatestream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard and the alert rules of docker/ ask for metrics that there are, and for all. */
class DashboardTest {
  private static final Path DOCKER =
      Path.of(Files.exists(Path.of("mvnw")) ? "docker" : "../docker").toAbsolutePath().normalize();

  private static final Pattern SERIES = Pattern.compile("\\bgatestream_[a-z_]+");

  @Test
  void everyMetricIsOnTheDashboard() throws IOException {
    assertThat(shown(dashboard())).containsAll(names());
  }

  @Test
  void theDashboardAsksForSeriesThatThereAre() throws IOException {
    assertThat(names()).containsAll(shown(dashboard()));
  }

  @Test
  void theAlertsAskForSeriesThatThereAre() throws IOException {
    String expressions =
        Files.readAllLines(DOCKER.resolve("prometheus/rules.yml")).stream()
            .filter(line -> !line.contains("description:") && !line.contains("summary:"))
            .collect(Collectors.joining("\n"));

    assertThat(shown(List.of(expressions))).isNotEmpty().isSubsetOf(names());
  }

  private static List<String> dashboard() throws IOException {
    JsonNode page =
        new ObjectMapper()
            .readTree(DOCKER.resolve("grafana/dashboards/gatestream.json").toFile())
            .path("panels");
    return page.findValuesAsText("expr");
  }

  /** The metrics that expressions ask for, each by its name without the ending of its series. */
  private static Set<String> shown(List<String> expressions) {
    return expressions.stream()
        .flatMap(expression -> SERIES.matcher(expression).results())
        .map(found -> found.group().replaceAll("_(total|count|sum|max)$", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names() {
    PrometheusNamingConvention names = new PrometheusNamingConvention();
    return Arrays.stream(Metric.values())
        .map(metric -> names.name(metric.id(), metric.type(), null))
        .map(name -> name.replaceAll("_total$", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

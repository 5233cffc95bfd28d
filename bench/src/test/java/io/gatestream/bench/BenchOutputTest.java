package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOutputTest {
  private static List<String> lines(String text) {
    return text.lines().map(line -> line.strip().replaceAll(" {2,}", "|")).toList();
  }

  @Test
  void textHasRatesRatiosAndRemarks() {
    assertThat(lines(BenchText.of(Reports.report(true))))
        .contains(
            "decode|1 worker|1010|spread|2.0 %",
            "2 callers|100.0|spread|20.0 %|above 10 %: do not trust it",
            "gatestream|90.0|spread|20.0 %|above 10 %: do not trust it",
            "end to end to raw limit|0.900|spread|0.0 %",
            "the same, net of the broker's processor time|0.947|spread|0.0 %",
            "by processor time, without the broker's|0.950|spread|0.0 %",
            "end to end to naive, encoder on all cores|1.500|spread|16.7 %|above 10 %: do not trust it",
            "50 % = 45 a second, 16 streams|20.5|40.0|60.0",
            "90 % = 81 a second, 16 streams|200.0|4000.0|6000.0|did not keep up: 5 of 405 frames"
                + " had no label",
            "200 % = 180 a second, 18 streams|700.0|900.0|1100.0|overload=latest: 40 % of the frames"
                + " labelled",
            "cameras at 10 frames a second: 9, or 6 with a third in reserve",
            "threads, as measured: 2 stream threads, 3 workers",
            "encoder, as calibrated or given: 2 callers x 1 thread, batch 4",
            "bandwidth at full rate: frames 5.00 MB/s, labels 0.03 MB/s, changelog not told by the"
                + " brokers, each times its replicas");
  }

  @Test
  void nothingIsNetOfBrokersWhoseProcessorTimeIsNotKnown() {
    assertThat(BenchText.of(Reports.report(false))).doesNotContain("net of the broker");
    assertThat(BenchJson.of(Reports.report(false)).has("ratioToRawLimitNetOfBroker")).isFalse();
  }

  @Test
  void jsonHasWhatScriptsNeed() {
    ObjectNode json = BenchJson.of(Reports.report(true));
    assertThat(json.get("rawLimitFps").asDouble()).isEqualTo(100);
    assertThat(json.get("endToEndFps").asDouble()).isEqualTo(90);
    assertThat(json.get("naiveFps").asDouble()).isEqualTo(60);
    assertThat(json.get("ratioToRawLimit").asDouble()).isEqualTo(0.9);
    assertThat(json.get("ratioToNaive").asDouble()).isEqualTo(1.5);
    assertThat(json.get("spread").get("rawLimitFps").asDouble()).isEqualTo(0.2);
    assertThat(json.get("delayMillis").get("50").get("p95").asDouble()).isEqualTo(40);
    assertThat(json.get("delayMillis").get("90").get("unlabelled").asInt()).isEqualTo(5);
    assertThat(json.get("overloadLatest").get("load").asInt()).isEqualTo(200);
    assertThat(json.get("overloadLatest").get("p99").asDouble()).isEqualTo(1_100);
    assertThat(json.get("values").get("endToEndFps")).hasSize(3);
    JsonNode meaning = json.get("meaning");
    assertThat(meaning.get("workers").asInt()).isEqualTo(3);
    assertThat(meaning.get("encoderCallers").asInt()).isEqualTo(2);
    assertThat(meaning.get("encoderThreads").asInt()).isEqualTo(1);
    assertThat(meaning.get("encoderBatch").asInt()).isEqualTo(4);
  }

  @Test
  void targetsSayWhetherTheyAreMet() {
    assertThat(lines(TargetsText.of(Reports.targets())))
        .contains(
            "rate|0.960|at least 0.950|met|spread 2.1 %",
            "bytes|3000|at most|2500|MISSED|spread 66.7 %");
    ObjectNode json = BenchJson.of(Reports.targets());
    assertThat(json.get("targets").get(0).get("met").asBoolean()).isTrue();
    assertThat(json.get("targets").get(1).get("atMost").asDouble()).isEqualTo(2_500);
    assertThat(json.get("targets").get(1).get("met").asBoolean()).isFalse();
    assertThat(json.get("setup").get("plan").get("batch").asInt()).isEqualTo(4);
  }
}

package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A first start calibrates and keeps it, the next reads it, and no label depends on it. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class CalibrationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void whatTheFirstStartChoseTheNextReadsAndLabelsAreTheSameWhateverItIs(
      Recorded recorded, Gatestream gatestream) throws IOException {
    Path cache = gatestream.folder().resolve("calibration");
    Running first = label(recorded, gatestream, cache, "calibrated-first");
    List<String> kept = Folders.files(cache);
    assertThat(kept).hasSize(1);
    Path file = cache.resolve(kept.get(0));
    assertThat(calibrated(first)).singleElement().asString().endsWith("; kept in " + file);

    // in place of what this machine chose, what it hardly does: all differs from the standard
    JsonNode json = MAPPER.readTree(file.toFile());
    ((ObjectNode) json).put("callers", 1).put("threads", cores()).put("batch", 1);
    MAPPER.writeValue(file.toFile(), json);
    Running second = label(recorded, gatestream, cache, "calibrated-second");
    assertThat(calibrated(second))
        .singleElement()
        .asString()
        .contains("calibrated: 1 caller x %d thread".formatted(cores()))
        .endsWith("; from " + file);

    ((ObjectNode) json).put("callers", cores()).put("threads", 1).put("batch", 4);
    MAPPER.writeValue(file.toFile(), json);
    Running third = label(recorded, gatestream, cache, "calibrated-third");
    assertThat(calibrated(third))
        .singleElement()
        .asString()
        .contains(" x 1 thread, batch 4, ")
        .endsWith("; from " + file);
    assertThat(Folders.files(cache)).isEqualTo(kept);
  }

  /** Labels everything and requires the labels of the undisturbed run, which did not calibrate. */
  private static Running label(
      Recorded recorded, Gatestream gatestream, Path cache, String application) {
    TopicNames topics = TopicNames.of(Recorded.FRAMES, application);
    List<String> arguments =
        new ArrayList<>(gatestream.runArguments(recorded.bootstrapServers(), application, topics));
    arguments.addAll(List.of("--calibrate", "--calibration-dir", cache.toString()));
    Running run = gatestream.start(application, Map.of(), arguments);
    recorded.kafka().awaitProcessed(application, Recorded.FRAMES, List.of(run));
    run.terminateInTime();
    recorded.kafka().labels(topics).requireEqual(recorded.undisturbed(), application);
    return run;
  }

  private static List<String> calibrated(Running run) {
    return run.err().lines().filter(line -> line.contains("calibrated: ")).toList();
  }

  /** As the process under test counts them. */
  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}

package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.Labels;
import io.gatestream.labels.ReadLabel;
import io.gatestream.text.Terminal;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelFormatTest {
  @Test
  void tableIsAlignedAndHeadedOnce() {
    LabelTable table = new LabelTable(Terminal.NONE);
    assertThat(
            table.lines(
                List.of(
                    Labels.read(Labels.label("door-1", 0, "left")),
                    Labels.read(Labels.label("a\u001B", 12, "approaching")))))
        .containsExactly(
            "time                         stream  sequence  label         score  framesSinceReset  reset",
            "2026-11-01T09:30:00.000000Z  door-1         0  left         0.7500                 1  FIRST_FRAME",
            "2026-11-01T09:30:01.200000Z  a?            12  approaching  0.7500                13  NONE");
    assertThat(table.lines(List.of(Labels.read(Labels.label("b", 1, "left"))))).hasSize(1);
  }

  @Test
  void oneLongStreamIdLeavesTheTableReadableAndJsonWhole() {
    String id = "site/" + "x".repeat(900);
    List<ReadLabel> labels =
        List.of(
            Labels.read(Labels.label("door-1", 0, "left")),
            Labels.read(Labels.label(id, 1, "y".repeat(300))));

    assertThat(new LabelTable(Terminal.NONE).lines(labels))
        .allMatch(line -> line.length() < 170)
        .anyMatch(line -> line.contains("site/xx") && line.contains("..."));
    assertThat(new LabelJson().lines(labels)).anyMatch(line -> line.contains(id));
  }

  @Test
  void jsonHasEveryFieldOnOneLine() {
    assertThat(
            new LabelJson().lines(List.of(Labels.read(Labels.label("cam", 12, "left", 1, 2, 3)))))
        .containsExactly(
            "{\"partition\":2,\"offset\":40,\"streamId\":\"cam\","
                + "\"session\":\"2026-11-01T09:30:00.000000Z\",\"sequence\":12,"
                + "\"captureTime\":\"2026-11-01T09:30:01.200000Z\",\"sourceTime\":1200000,"
                + "\"scores\":[{\"label\":\"left\",\"score\":0.75},{\"label\":\"other\",\"score\":0.25}],"
                + "\"model\":{\"name\":\"object-motion\",\"version\":\"1\",\"fingerprint\":\"abc123\"},"
                + "\"framesSinceReset\":13,\"reset\":\"NONE\",\"duplicates\":1,\"skipped\":2,\"rejected\":3,"
                + "\"active\":[]}");
  }
}

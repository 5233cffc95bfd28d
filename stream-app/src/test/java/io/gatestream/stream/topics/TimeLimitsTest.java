package io.gatestream.stream.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {
  private static final String NONE = Long.toString(Long.MAX_VALUE);
  private static final String AFTER = "message.timestamp.after.max.ms";
  private static final String BEFORE = "message.timestamp.before.max.ms";
  private static final String DIFFERENCE = "message.timestamp.difference.max.ms";

  /** In milliseconds: it is 1,000, and no frame is later than 5,000. */
  private static Map<String, String> tooNarrow(String... namesAndValues) {
    return TimeLimits.tooNarrow(config(namesAndValues), 1_000, 5_000);
  }

  static Config config(String... namesAndValues) {
    List<ConfigEntry> entries = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      entries.add(new ConfigEntry(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new Config(entries);
  }

  @Test
  void aLimitBeyondEveryFramesTimeIsNone() {
    assertThat(tooNarrow()).as("brokers that have none").isEmpty();
    assertThat(tooNarrow(AFTER, NONE, BEFORE, NONE, DIFFERENCE, NONE)).isEmpty();
    assertThat(tooNarrow(AFTER, "4000", BEFORE, "1000", DIFFERENCE, "4000")).isEmpty();
  }

  @Test
  void aLimitWithinTheTimesOfFramesIsTooNarrow() {
    assertThat(tooNarrow(AFTER, "3999")).isEqualTo(Map.of(AFTER, NONE));
    assertThat(tooNarrow(BEFORE, "999")).isEqualTo(Map.of(BEFORE, NONE));
    assertThat(tooNarrow(DIFFERENCE, "3999", AFTER, NONE, BEFORE, "0"))
        .isEqualTo(Map.of(DIFFERENCE, NONE, BEFORE, NONE));
  }

  @Test
  void brokersThatStampRecordsThemselvesLookAtNoLimit() {
    assertThat(tooNarrow(AFTER, "0", BEFORE, "0", "message.timestamp.type", "LogAppendTime"))
        .isEmpty();
    assertThat(tooNarrow(AFTER, "0", "message.timestamp.type", "CreateTime")).hasSize(1);
  }
}

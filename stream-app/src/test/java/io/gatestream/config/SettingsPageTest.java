package io.gatestream.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.GeneratedPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/settings.md. */
class SettingsPageTest {
  private static final String HEAD =
      String.join(
              "\n\n",
              "# Settings",
              "A setting `a.b` may be given in three ways: as the flag `--a-b VALUE`, as the variable"
                  + " `GATESTREAM_A_B=VALUE`, or as `a.b=VALUE` in a file that `--config` names."
                  + " Flags win over the environment, and the environment wins over the file. Only"
                  + " `%s` has another flag: `%s`.",
              "`kafka.KEY=VALUE`, or `--kafka KEY=VALUE`, goes to Kafka's clients"
                  + " ([kafka.md](kafka.md#client-settings)). One file may serve every command: a"
                  + " command leaves alone what is for others.",
              "A mistake ends a command with exit code 2. All mistakes are named together. Each"
                  + " message says the setting, the value, what is allowed, and where the value was"
                  + " given.\n")
          .formatted(
              KafkaSettings.BROKER_TIMEOUT_SECONDS.key(),
              KafkaSettings.BROKER_TIMEOUT_SECONDS.flag());

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    GeneratedPage.check(
        "settings.md",
        HEAD
            + Arrays.stream(SettingGroup.values())
                .map(SettingsPageTest::section)
                .collect(Collectors.joining()));
  }

  private static Stream<Setting<?>> all() {
    return Stream.of(KafkaSettings.ALL, RunSettings.ALL).flatMap(List::stream);
  }

  private static String section(SettingGroup group) {
    List<String> rows = new ArrayList<>();
    all()
        .filter(setting -> setting.group() == group)
        .forEach(
            setting ->
                rows.add(
                    "| `%s` | %s | %s | %s |\n"
                        .formatted(
                            setting.key(),
                            values(setting),
                            standard(setting),
                            setting.sentence())));
    assertThat(rows).as("settings of %s", group).isNotEmpty();
    return "\n## %s\n\n| Setting | Value | Default | Meaning |\n|---|---|---|---|\n%s"
        .formatted(group.title(), String.join("", rows));
  }

  private static String values(Setting<?> setting) {
    if (setting.form().contains("|")) {
      return "`%s`".formatted(setting.form().replace("|", "`, `"));
    }
    String range = setting.kind().range();
    return range.isEmpty()
        ? "`%s`".formatted(setting.form())
        : "`%s`, %s".formatted(setting.form(), range);
  }

  private static String standard(Setting<?> setting) {
    return setting.standard() instanceof Optional
        ? setting.standardText()
        : "`%s`".formatted(setting.standardText());
  }
}

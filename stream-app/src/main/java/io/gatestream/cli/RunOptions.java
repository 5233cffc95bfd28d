package io.gatestream.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import io.gatestream.config.RunSettings;
import io.gatestream.config.Setting;
import io.gatestream.config.SettingGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Help;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Gives {@code run} an option for each of {@link RunSettings}: flags, file and documentation cannot
 * drift apart.
 */
final class RunOptions implements IModelTransformer {
  @Override
  public CommandSpec transform(CommandSpec spec) {
    return add(spec, RunSettings.ALL);
  }

  /** Adds options for settings, which help shows by groups below those that are there. */
  static CommandSpec add(CommandSpec spec, List<Setting<?>> settings) {
    settings.forEach(setting -> spec.addOption(option(setting)));
    spec.usageMessage()
        .sectionMap()
        .put(SECTION_KEY_OPTION_LIST, help -> optionList(help, settings));
    return spec;
  }

  private static OptionSpec option(Setting<?> setting) {
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .type(String.class)
            .paramLabel(setting.form())
            .description(setting.description());
    if (setting.isSwitch()) {
      option.arity("0..1").fallbackValue("true");
    }
    return option.build();
  }

  private static String optionList(Help help, List<Setting<?>> settings) {
    List<OptionSpec> others = new ArrayList<>(help.commandSpec().options());
    StringBuilder sections = new StringBuilder();
    for (SettingGroup group : SettingGroup.values()) {
      List<OptionSpec> options =
          settings.stream()
              .filter(setting -> setting.group() == group)
              .map(setting -> Objects.requireNonNull(help.commandSpec().findOption(setting.flag())))
              .toList();
      if (!options.isEmpty()) {
        others.removeAll(options);
        sections.append("%n%s:%n".formatted(group.title())).append(section(help, options));
      }
    }
    return section(help, others) + sections;
  }

  private static String section(Help help, List<OptionSpec> options) {
    Help.Layout layout = help.createDefaultLayout();
    layout.addOptions(
        options.stream().filter(option -> !option.hidden()).toList(),
        help.parameterLabelRenderer());
    return layout.toString();
  }

  /** What the command line gives of settings, by their names in a file. */
  static Map<String, String> given(CommandSpec spec, List<Setting<?>> settings) {
    ParseResult parsed = spec.commandLine().getParseResult();
    Map<String, String> given = new HashMap<>();
    for (Setting<?> setting : settings) {
      String value = parsed.matchedOptionValue(setting.flag(), (String) null);
      if (value != null) {
        given.put(setting.key(), value);
      }
    }
    return given;
  }
}

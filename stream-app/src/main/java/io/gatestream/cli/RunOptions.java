package io.gatestream.cli;

import io.gatestream.config.RunSetting;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives {@code run} an option for each {@link RunSetting}: flags, file and documentation cannot
 * drift apart.
 */
final class RunOptions implements IModelTransformer {
  @Override
  public CommandSpec transform(CommandSpec spec) {
    for (RunSetting setting : RunSetting.values()) {
      if (spec.findOption(setting.flag()) == null) {
        spec.addOption(option(setting));
      }
    }
    return spec;
  }

  static OptionSpec option(RunSetting setting) {
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .type(String.class)
            .paramLabel(setting.form())
            .description(setting.description() + " Default: " + setting.standard() + ".");
    if (setting.isSwitch()) {
      option.arity("0..1").fallbackValue("true");
    }
    return option.build();
  }
}

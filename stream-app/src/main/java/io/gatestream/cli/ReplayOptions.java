package io.gatestream.cli;

import io.gatestream.config.RunSetting;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Gives {@code replay} the options of {@code run}, so that it labels with the same settings, but
 * for those that a replay decides itself.
 */
final class ReplayOptions implements IModelTransformer {
  /** Of the live application: read from file and environment only, so as not to be touched. */
  private static final Set<RunSetting> LIVE =
      EnumSet.of(
          RunSetting.APPLICATION_ID,
          RunSetting.LABELS_TOPIC,
          RunSetting.REJECTED_TOPIC,
          RunSetting.CREATE_TOPICS,
          RunSetting.START,
          RunSetting.STANDBY_REPLICAS,
          RunSetting.HTTP_PORT,
          RunSetting.HTTP_HOST,
          RunSetting.CLOSE_LEAVES_GROUP);

  /** The settings that a replay has as flags. */
  static Set<RunSetting> settings() {
    return EnumSet.complementOf(EnumSet.copyOf(LIVE));
  }

  @Override
  public CommandSpec transform(CommandSpec spec) {
    for (RunSetting setting : settings()) {
      if (spec.findOption(setting.flag()) == null) {
        spec.addOption(RunOptions.option(setting));
      }
    }
    return spec;
  }
}

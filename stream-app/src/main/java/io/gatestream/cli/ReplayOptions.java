package io.gatestream.cli;

import io.gatestream.config.RunSettings;
import io.gatestream.config.Setting;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Gives {@code replay} the options of {@code run}, so that it labels with the same settings, but
 * for those that a replay decides itself.
 */
final class ReplayOptions implements IModelTransformer {
  /** Of the live application: read from file and environment only, so as not to be touched. */
  private static final Set<Setting<?>> LIVE =
      Set.of(
          RunSettings.APPLICATION_ID,
          RunSettings.LABELS_TOPIC,
          RunSettings.REJECTED_TOPIC,
          RunSettings.EVENTS_TOPIC,
          RunSettings.CREATE_TOPICS,
          RunSettings.START,
          RunSettings.STANDBY_REPLICAS,
          RunSettings.HTTP_PORT,
          RunSettings.HTTP_HOST,
          RunSettings.HTTP_ADVERTISED,
          RunSettings.OTLP_ENDPOINT,
          RunSettings.OTLP_INTERVAL_SECONDS,
          RunSettings.CLOSE_LEAVES_GROUP);

  /** The settings that a replay has as flags. */
  static List<Setting<?>> settings() {
    return RunSettings.ALL.stream().filter(setting -> !LIVE.contains(setting)).toList();
  }

  @Override
  public CommandSpec transform(CommandSpec spec) {
    return RunOptions.add(spec, settings());
  }
}

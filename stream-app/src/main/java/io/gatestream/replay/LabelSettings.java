package io.gatestream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.RunConfig;
import io.gatestream.files.Sha256;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRulesReader;
import io.gatestream.model.ModelBundle;

/**
 * What labels depend on beside the frames: bundle, event rules, stream policy, limits and provider.
 */
public final class LabelSettings {
  private LabelSettings() {}

  /**
   * A short hash: equal settings, equal hash.
   *
   * @throws io.gatestream.errors.ConfigException the bundle cannot be used
   */
  public static String fingerprint(RunConfig config) {
    ModelBundle bundle = BundleReader.load(config.model());
    String all =
        String.join(
            "|",
            bundle.bundleFingerprint(),
            EventRulesReader.inForce(bundle, config.events()).toString(),
            config.policy().toString(),
            config.limits().toString(),
            Integer.toString(config.scoreLimit()),
            config.compute().provider().toString());
    return Sha256.hex(all.getBytes(UTF_8)).substring(0, 16);
  }
}

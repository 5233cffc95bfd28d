package io.gatestream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.RunConfig;
import io.gatestream.files.Sha256;
import io.gatestream.model.BundleReader;

/** What labels depend on beside the frames: bundle, stream policy, limits and provider. */
public final class LabelSettings {
  private LabelSettings() {}

  /**
   * A short hash: equal settings, equal hash.
   *
   * @throws io.gatestream.errors.ConfigException the bundle cannot be used
   */
  public static String fingerprint(RunConfig config) {
    String all =
        String.join(
            "|",
            BundleReader.load(config.model()).bundleFingerprint(),
            config.policy().toString(),
            config.limits().toString(),
            Integer.toString(config.scoreLimit()),
            config.compute().provider().toString());
    return Sha256.hex(all.getBytes(UTF_8)).substring(0, 16);
  }
}

package io.gatestream.guard;

import io.gatestream.frame.FrameLimits;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/**
 * How records are decoded in a trial: as the application decodes them.
 *
 * @param bundle the model bundle's folder
 * @param javaOptions of the trial's process
 */
public record TrialSettings(Path bundle, FrameLimits limits, List<String> javaOptions) {
  public TrialSettings {
    bundle = bundle.toAbsolutePath();
    javaOptions = List.copyOf(javaOptions);
  }

  /** Trials with the memory and the properties of this process. */
  public static TrialSettings of(Path bundle, FrameLimits limits) {
    return new TrialSettings(
        bundle,
        limits,
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(TrialSettings::isPassedOn)
            .toList());
  }

  /** Memory and properties; no agents, no ports, no files of this process. */
  static boolean isPassedOn(String option) {
    return option.startsWith("-Xmx")
        || option.startsWith("-Xss")
        || option.startsWith("-XX:MaxDirectMemorySize=")
        || (option.startsWith("-D") && !option.startsWith("-Dcom.sun.management"));
  }
}

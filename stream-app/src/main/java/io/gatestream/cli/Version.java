package io.gatestream.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest states. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "gatestream " + (version == null ? "(built from source)" : version);
  }
}

package io.gatestream.cli;

/** The application's own main class, for tests of other rooms. */
public final class MainProcess {
  private MainProcess() {}

  public static void main(String[] args) {
    Main.main(args);
  }
}

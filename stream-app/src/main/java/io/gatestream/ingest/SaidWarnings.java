package io.gatestream.ingest;

import io.gatestream.text.Terminal;

/** Prints what an ingest warns of on standard error, such as damage and offsets: a line each. */
public final class SaidWarnings implements IngestListener {
  @Override
  public void warning(VideoSource source, String text) {
    System.err.println(Terminal.printable(source + " " + text));
  }
}

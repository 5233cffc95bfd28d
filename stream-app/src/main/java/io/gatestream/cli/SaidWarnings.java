package io.gatestream.cli;

import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.VideoSource;

/** Prints what an ingest warns of on standard error, such as damage and offsets: a line each. */
final class SaidWarnings implements IngestListener {
  @Override
  public void warning(VideoSource source, String text) {
    System.err.println(Terminal.printable(source + " " + text));
  }
}

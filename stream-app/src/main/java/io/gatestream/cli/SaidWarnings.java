package io.gatestream.cli;

import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.VideoSource;
import java.io.PrintStream;

/** Prints what an ingest warns of, such as damage and offsets: a line each, and nothing else. */
record SaidWarnings(PrintStream err) implements IngestListener {
  @Override
  public void warning(VideoSource source, String text) {
    err.println(Terminal.printable(source + " " + text));
  }
}

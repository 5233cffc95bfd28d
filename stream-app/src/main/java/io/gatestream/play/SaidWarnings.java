package io.gatestream.play;

import io.gatestream.ingest.IngestListener;
import io.gatestream.ingest.VideoSource;
import io.gatestream.text.Terminal;

/** Prints what an ingest warns of on standard error, such as damage and offsets: a line each. */
public final class SaidWarnings implements IngestListener {
  @Override
  public void warning(VideoSource source, String text) {
    System.err.println(Terminal.printable(source + " " + text));
  }
}

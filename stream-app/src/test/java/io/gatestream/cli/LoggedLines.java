package io.gatestream.cli;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Writes to standard error what a process may write, with these arguments. */
public final class LoggedLines {
  private LoggedLines() {}

  public static void main(String[] args) throws Exception {
    StandardError.install(args);
    Logger log = LoggerFactory.getLogger(LoggedLines.class);
    try (MDC.MDCCloseable stream = MDC.putCloseable("stream", "door")) {
      log.info("the \"{}\" door\nis open", "gr\u00fcne");
    }
    log.error(
        "failed",
        new IllegalStateException("password=hush", new IOException("rtsp://user:hush@camera/1")));
    System.err.println("no line of the log");
    Thread worker =
        new Thread(
            () -> {
              throw new IllegalStateException("by itself");
            },
            "worker");
    worker.start();
    worker.join();
  }
}

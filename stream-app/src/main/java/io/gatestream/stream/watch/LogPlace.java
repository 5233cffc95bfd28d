package io.gatestream.stream.watch;

import org.slf4j.MDC;

/**
 * The stream and the partition that lines of the log are about, for formats that have fields. Of
 * what is rare only: it costs a frame that is labelled nothing.
 */
final class LogPlace {
  private static final String STREAM = "stream";
  private static final String PARTITION = "partition";

  private LogPlace() {}

  /** Does what may write a line. */
  static void with(String stream, int partition, Runnable work) {
    MDC.put(STREAM, stream);
    MDC.put(PARTITION, Integer.toString(partition));
    try {
      work.run();
    } finally {
      MDC.remove(STREAM);
      MDC.remove(PARTITION);
    }
  }
}

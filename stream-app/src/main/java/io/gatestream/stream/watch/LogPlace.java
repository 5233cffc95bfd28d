package io.gatestream.stream.watch;

import org.slf4j.MDC;

/**
 * The stream and the partition that lines of the log are about, for formats that have fields. Of
 * what is rare only: it costs a frame that is labelled nothing.
 */
final class LogPlace {
  private LogPlace() {}

  /** Does what may write a line. */
  static void with(String stream, int partition, Runnable work) {
    try (MDC.MDCCloseable first = MDC.putCloseable("stream", stream);
        MDC.MDCCloseable second = MDC.putCloseable("partition", Integer.toString(partition))) {
      work.run();
    }
  }
}

package io.gatestream.guard;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the end of a trial's process says of the records that it decoded. */
sealed interface TrialOutcome {
  /** All were decoded, or refused by the decoder as any bad record is. */
  record Survived() implements TrialOutcome {}

  /** The process died by a signal that it raised itself: SIGSEGV and its like. */
  record Killed(String signal) implements TrialOutcome {}

  /** Something else ended it, such as a kill from outside: nothing is known. */
  record Undecided(String why) implements TrialOutcome {}

  /** Signals of native code that breaks, by number on Linux. */
  Map<Integer, String> OWN_SIGNALS = Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 11, "SIGSEGV");

  /** What Java adds to the number of the signal that ended a process. */
  int BY_SIGNAL = 128;

  /** The only exit code of a trial that came to its end. */
  int DONE = 0;

  Pattern SIGNAL_LINE = Pattern.compile("(?m)^siginfo: si_signo: ([0-9]+)(.*)$");
  Pattern SENDER = Pattern.compile("si_pid: ([0-9]+)");

  /**
   * Reads the end of a trial.
   *
   * <p>The JVM handles SIGSEGV, SIGBUS and SIGILL itself: it writes an error report and aborts, so
   * the exit value is that of SIGABRT, and the report has the signal. It does so for failures of
   * its own too, such as missing memory, whose report names no signal; and for a signal that
   * another process sent, whose report names that process.
   *
   * @param pid of the trial's process
   * @param exitValue as Java gives it: 128 and more for a signal
   * @param errorReport the JVM's, empty where it wrote none
   */
  static TrialOutcome of(long pid, int exitValue, Optional<String> errorReport) {
    if (exitValue == DONE) {
      return new Survived();
    }
    Optional<String> signal = Optional.ofNullable(OWN_SIGNALS.get(exitValue - BY_SIGNAL));
    if (signal.isEmpty()) {
      return new Undecided("exit value " + exitValue);
    }
    return errorReport.map(report -> of(pid, report)).orElseGet(() -> new Killed(signal.get()));
  }

  private static TrialOutcome of(long pid, String errorReport) {
    Matcher line = SIGNAL_LINE.matcher(errorReport);
    if (!line.find()) {
      return new Undecided("a failure of the JVM itself");
    }
    Matcher sender = SENDER.matcher(line.group(2));
    if (sender.find() && !sender.group(1).equals(Long.toString(pid))) {
      return new Undecided("a signal from process " + sender.group(1));
    }
    String signal = OWN_SIGNALS.get(Integer.valueOf(line.group(1)));
    return signal == null ? new Undecided("signal " + line.group(1)) : new Killed(signal);
  }
}

package io.gatestream.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.guard.TrialOutcome.Killed;
import io.gatestream.guard.TrialOutcome.Survived;
import io.gatestream.guard.TrialOutcome.Undecided;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrialOutcomeTest {
  private static final long PID = 4711;

  @Test
  void theEndOfTheTrialIsNoCrash() {
    assertThat(TrialOutcome.of(PID, 0, Optional.empty())).isInstanceOf(Survived.class);
  }

  @ParameterizedTest
  @CsvSource({"132,SIGILL", "134,SIGABRT", "135,SIGBUS", "139,SIGSEGV"})
  void deathByASignalOfBrokenCodeIsTheRecords(int exitValue, String signal) {
    assertThat(TrialOutcome.of(PID, exitValue, Optional.empty())).isEqualTo(new Killed(signal));
  }

  /** Errors of Java, SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGTERM, SIGXCPU; the time limit. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 11, 129, 130, 131, 137, 143, 152, 255})
  void anyOtherEndDecidesNothing(int exitValue) {
    assertThat(TrialOutcome.of(PID, exitValue, Optional.empty())).isInstanceOf(Undecided.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000008',SIGSEGV",
    "'si_signo: 11 (SIGSEGV), si_code: 128 (SI_KERNEL), si_addr: 0x0000000000000000',SIGSEGV",
    "'si_signo: 7 (SIGBUS), si_code: 2 (BUS_ADRERR), si_addr: 0x00007f0000000000',SIGBUS",
    "'si_signo: 4 (SIGILL), si_code: 2 (ILL_ILLOPN), si_addr: 0x00007f0000000000',SIGILL",
    "'si_signo: 11 (SIGSEGV), si_code: -6 (SI_TKILL), si_pid: 4711, si_uid: 0',SIGSEGV",
  })
  void theReportNamesTheSignal(String siginfo, String signal) {
    assertThat(TrialOutcome.of(PID, 134, report(siginfo))).isEqualTo(new Killed(signal));
  }

  @Test
  void aSignalSentByAnotherProcessDecidesNothing() {
    assertThat(
            TrialOutcome.of(
                PID,
                134,
                report("si_signo: 11 (SIGSEGV), si_code: 0 (SI_USER), si_pid: 1, si_uid: 0")))
        .isEqualTo(new Undecided("a signal from process 1"));
  }

  @Test
  void aFailureOfTheJvmItselfDecidesNothing() {
    assertThat(
            TrialOutcome.of(
                PID,
                134,
                Optional.of("# There is insufficient memory for the Java Runtime Environment\n")))
        .isInstanceOf(Undecided.class);
  }

  private static Optional<String> report(String siginfo) {
    return Optional.of("#\n# A fatal error\n\nsiginfo: " + siginfo + "\n\nRegisters:\n");
  }
}

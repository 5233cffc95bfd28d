package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The same where {@code bench} is a command too. */
final class HelpWithBenchTest extends HelpTest {
  @Test
  void listsTheBench() {
    assertThat(CommandLines.all().map(command -> command.name())).contains("bench");
  }
}

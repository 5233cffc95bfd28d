package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ResultOutputTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void fullDeviceIsSaid() throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      ResultOutput output = new ResultOutput(full);
      PrintWriter printed = new PrintWriter(new PrintStream(output, true, UTF_8), false, UTF_8);
      printed.println("a label");

      assertThat(printed.checkError()).as("whoever prints sees it").isTrue();
      assertThat(output.problem()).contains("cannot write the results: no space left on device");
    }
  }

  @Test
  void pipeThatNobodyReadsIsNothingToTell() {
    ResultOutput output = new ResultOutput(new BrokenPipe());
    PrintStream printed = new PrintStream(output, true, UTF_8);
    printed.println("a label");

    assertThat(printed.checkError()).isTrue();
    assertThat(output.problem()).isEmpty();
  }

  @Test
  void whatIsWrittenIsWritten() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ResultOutput output = new ResultOutput(bytes);
    PrintStream printed = new PrintStream(output, true, UTF_8);
    printed.print("caf\u00e9");
    printed.write('!');

    assertThat(bytes.toString(UTF_8)).isEqualTo("caf\u00e9!");
    assertThat(output.problem()).isEmpty();
  }

  private static final class BrokenPipe extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}

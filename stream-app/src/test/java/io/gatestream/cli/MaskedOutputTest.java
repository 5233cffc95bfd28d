package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class MaskedOutputTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(new MaskedOutput(written, UTF_8), true, UTF_8);

  @Test
  void passwordsAreTakenOutOfLinesAndStackTraces() {
    err.println("\tbootstrap.servers = [user:hush@127.0.0.1:1]");
    new IllegalStateException("rtsp://user:hush@camera/1").printStackTrace(err);
    assertThat(written.toString(UTF_8))
        .contains("bootstrap.servers = ***@127.0.0.1:1]", "rtsp://***@camera/1", "\tat ")
        .doesNotContain("hush");
  }

  @Test
  void everythingElseComesAsItIsAndAtOnce() {
    err.print("\rgrün 3 %");
    assertThat(written.toString(UTF_8)).isEqualTo("\rgrün 3 %");
    err.println();
    assertThat(written.toString(UTF_8)).isEqualTo("\rgrün 3 %" + System.lineSeparator());
  }

  @Test
  void whatKafkaHasHiddenItselfStaysReadable() {
    err.println("ssl.key.password = [hidden]");
    err.println("sasl.jaas.config = null");
    assertThat(written.toString(UTF_8)).contains("= [hidden]", "= null");
  }
}

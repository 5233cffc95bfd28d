package io.gatestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real compilers of this JVM. */
class CompilerRulesTest {
  @TempDir Path dir;

  @Test
  void theJvmTakesTheRules() throws Exception {
    Path file = Files.writeString(dir.resolve("rules.json"), CompilerRules.rules());
    assertThat(CompilerRules.add(file)).contains("1 compiler directives added");
  }

  @Test
  void theJvmSaysWhatIsNoRule() throws Exception {
    Path file = Files.writeString(dir.resolve("rules.json"), CompilerRules.rules() + "[");
    assertThat(CompilerRules.add(file)).contains("failed");
  }

  @Test
  void theyAreGivenAgainWithoutHarm() {
    assertThatCode(
            () -> {
              CompilerRules.give();
              CompilerRules.give();
            })
        .doesNotThrowAnyException();
  }
}

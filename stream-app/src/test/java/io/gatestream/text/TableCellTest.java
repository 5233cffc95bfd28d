package io.gatestream.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class TableCellTest {
  @TempDir Path folder;

  @Property
  void noNameIsWiderThanAColumnOrDrivesTheTerminal(@ForAll String name) {
    String cell = TableCell.of(name);

    assertThat(TableCell.width(cell)).isLessThanOrEqualTo(TableCell.WIDEST);
    assertThat(cell).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
  }

  @Test
  void usualNameIsWhole() {
    assertThat(TableCell.of("hall-3/door")).isEqualTo("hall-3/door");
    assertThat(TableCell.of("x".repeat(40))).isEqualTo("x".repeat(40));
  }

  @Test
  void longNameKeepsItsEndsForThatIsWhereNamesDiffer() {
    String cell = TableCell.of("site/" + "x".repeat(10_000) + "/camera-17");

    assertThat(cell).startsWith("site/xx").contains("...").endsWith("xx/camera-17").hasSize(40);
  }

  @Test
  void wideLettersCountTwiceAndMarksNot() {
    assertThat(TableCell.width("\u6444\u50cf")).isEqualTo(4);
    assertThat(TableCell.width("e\u0301")).isEqualTo(1);
    assertThat(TableCell.width("\uD83D\uDCF7")).isEqualTo(2); // a camera
    assertThat(TableCell.width(TableCell.of("\u6444".repeat(30)))).isBetween(38, 40);
  }

  @Test
  void charactersThatDriveATerminalAreReplaced() {
    assertThat(TableCell.of("a\u001B[31mb\u202Ec\u200Bd\ne")).isEqualTo("a?[31mb?c?d?e");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void errorsInAFileGetNoEscapeCodes() throws IOException {
    Path log = Files.createSymbolicLink(folder.resolve("2"), Path.of("/var/log/run.log"));
    Path pipe = Files.createSymbolicLink(folder.resolve("3"), Path.of("pipe:[17]"));
    Path terminal = Files.createSymbolicLink(folder.resolve("4"), Path.of("/dev/pts/0"));

    assertThat(Terminal.isFile(log)).isTrue();
    assertThat(Terminal.isFile(pipe)).isTrue();
    assertThat(Terminal.isFile(terminal)).isFalse();
    assertThat(Terminal.isFile(folder.resolve("none"))).isFalse();
  }
}

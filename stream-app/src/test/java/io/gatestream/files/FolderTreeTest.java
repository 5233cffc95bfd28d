package io.gatestream.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderTreeTest {
  @TempDir Path folder;

  @Test
  void everythingInAFolderGoesAndWhatALinkNamesStays() throws Exception {
    Path kept = Files.writeString(folder.resolve("kept"), "x");
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/b/c"), "x");
    Files.createSymbolicLink(tree.resolve("a/link"), kept);
    Files.createSymbolicLink(tree.resolve("up"), folder);

    FolderTree.delete(tree);

    assertThat(tree).doesNotExist();
    assertThat(kept).exists();
  }

  @Test
  void aFolderThatIsNotThereIsNoFailure() {
    assertThatCode(() -> FolderTree.delete(folder.resolve("none"))).doesNotThrowAnyException();
  }
}

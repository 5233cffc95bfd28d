package io.gatestream.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
  private static final Map<String, String> HOME = Map.of("user.home", "/home/ann");

  private static String folder(Map<String, String> properties, Map<String, String> environment) {
    return CacheFolder.of(properties::get, environment::get).toString();
  }

  @Test
  void theLauncherThenXdgThenTheHomeDecide() {
    Map<String, String> xdg = Map.of("XDG_CACHE_HOME", "/var/cache/ann");
    assertThat(folder(Map.of("gatestream.cache", "/given/gatestream"), xdg))
        .isEqualTo("/given/gatestream");
    assertThat(folder(HOME, xdg)).isEqualTo("/var/cache/ann/gatestream");
    assertThat(folder(HOME, Map.of())).isEqualTo("/home/ann/.cache/gatestream");
  }

  @Test
  void aRelativeXdgFolderIsIgnored() {
    for (String relative : new String[] {"", "cache", "./cache"}) {
      assertThat(folder(HOME, Map.of("XDG_CACHE_HOME", relative)))
          .isEqualTo("/home/ann/.cache/gatestream");
    }
    assertThat(CacheFolder.standard()).isEqualTo(CacheFolder.standard().toAbsolutePath());
    assertThat(CacheFolder.standard().getFileName()).isEqualTo(Path.of("gatestream"));
  }
}

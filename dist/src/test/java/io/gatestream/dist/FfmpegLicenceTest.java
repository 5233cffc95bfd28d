package io.gatestream.dist;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegLicenceTest {
  private static final String BUILT = "--prefix=.. --enable-shared --enable-version3 --enable-zlib";

  @TempDir Path folder;

  @Test
  void licenceAndConfigurationAreWritten() throws IOException {
    Path to = folder.resolve("FFmpeg.txt");

    FfmpegLicence.write(library("LGPL version 3 or later", BUILT), "ffmpeg-8", to);

    assertThat(to).content().contains("LGPL version 3 or later", BUILT, "ffmpeg-8");
  }

  @Test
  void otherLicencesAreRefused() {
    refuses("GPL version 3 or later", BUILT);
    refuses("nonfree and unredistributable", BUILT);
    refuses("LGPL version 3 or later", BUILT + " --enable-nonfree");
  }

  @Test
  void libraryThatSaysNothingIsRefused() {
    assertThatThrownBy(
            () -> FfmpegLicence.write(new byte[100], "ffmpeg-8", folder.resolve("FFmpeg.txt")))
        .hasMessageContaining("no text like");
  }

  private void refuses(String licence, String configuration) {
    assertThatThrownBy(
            () ->
                FfmpegLicence.write(
                    library(licence, configuration), "ffmpeg-8", folder.resolve("FFmpeg.txt")))
        .hasMessageContaining("ffmpeg-8")
        .hasMessageContaining(licence);
  }

  private static byte[] library(String licence, String configuration) {
    return "\0\1%s\0libavutil license: %s\0\2"
        .formatted(configuration, licence)
        .getBytes(ISO_8859_1);
  }
}

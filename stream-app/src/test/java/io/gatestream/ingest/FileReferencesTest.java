package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.frame.TestPictures;
import io.gatestream.hostile.References;
import io.gatestream.hostile.Sentinel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Video files that name other files and addresses are read by themselves or not at all. */
class FileReferencesTest {
  @TempDir Path folder;

  @Test
  void noFileMakesIngestOpenAnother() throws Exception {
    byte[] mp4 = TestPictures.segment(folder, "mp4", 64, 48, 3);
    try (Sentinel sentinel =
        new Sentinel(folder, TestPictures.segment(folder, "mpegts", 96, 64, 3))) {
      List<byte[]> payloads = References.of(sentinel.file(), sentinel.address(), mp4);
      int refused = 0;
      for (int i = 0; i < payloads.size(); i++) {
        String extension = List.of("mp4", "ts", "mkv", "m3u8", "sdp", "jpg").get(i % 6);
        Path file = Files.write(folder.resolve("clip-" + i + "." + extension), payloads.get(i));
        try (Demuxer demuxer = new Demuxer(Location.of(file), null)) {
          assertThat(demuxer.parameters().width()).isEqualTo(64);
          while (demuxer.read() != null) {
            // to its end
          }
        } catch (SourceException e) {
          refused++;
        }
      }
      assertThat(refused).isGreaterThan(25);
      sentinel.requireUntouched();
    }
  }
}

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFinderTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    Files.createDirectories(folder.resolve("deep/er"));
    Files.createDirectories(folder.resolve("door"));
    for (String name :
        List.of("a.mp4", "deep/er/b.MKV", "notes.txt", "door/img2.png", "door/img10.jpg")) {
      Files.createFile(folder.resolve(name));
    }
    for (int i = 1; i <= 3; i++) {
      Files.createFile(folder.resolve("door/side_%04d.png".formatted(i)));
    }
  }

  private List<VideoSource> find(String... arguments) {
    return SourceFinder.find(
        List.of(arguments).stream()
            .map(argument -> Location.looksLikeUrl(argument) ? argument : folder + "/" + argument)
            .toList(),
        Optional.empty(),
        "");
  }

  private static List<String> names(VideoSource source) {
    return source.images().stream().map(file -> file.getFileName().toString()).toList();
  }

  @Test
  void folderIsSearchedToItsDepthAndImagesOfOneFolderAreOneStream() {
    List<VideoSource> sources = find("");
    assertThat(sources).extracting(VideoSource::streamId).containsExactly("a", "b", "door");
    assertThat(names(sources.get(2)))
        .containsExactly(
            "img2.png", "img10.jpg", "side_0001.png", "side_0002.png", "side_0003.png");
  }

  @Test
  void aLinkToAFolderIsThatFolderUnderTheNameOfTheLink() throws Exception {
    Files.createSymbolicLink(folder.resolve("gate"), folder.resolve("door"));
    List<VideoSource> sources = find("gate");
    assertThat(sources).extracting(VideoSource::streamId).containsExactly("gate");
    assertThat(names(sources.get(0))).hasSize(5).contains("img2.png");
  }

  @Test
  void patternTakesItsNumbersOnly() {
    List<VideoSource> sources = find("door/side_%04d.png");
    assertThat(sources).extracting(VideoSource::streamId).containsExactly("side");
    assertThat(names(sources.get(0)))
        .containsExactly("side_0001.png", "side_0002.png", "side_0003.png");
  }

  @Test
  void globTakesVideosEachAndImagesTogether() {
    assertThat(find("*.mp4")).extracting(VideoSource::streamId).containsExactly("a");
    assertThat(names(find("door/img*").get(0))).containsExactly("img2.png", "img10.jpg");
    assertThat(find("{a,z}.mp4")).hasSize(1);
  }

  @Test
  void problemsOfAllArgumentsComeTogether() {
    assertThatThrownBy(() -> find("no.mp4", "*.avi", "x_%d.png", "concat://a|b"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(4))
        .hasMessageContaining("no.mp4: no such file")
        .hasMessageContaining("protocol 'concat'");
  }

  @Test
  void equalNamesAreRefusedNamingBoth() {
    assertThatThrownBy(
            () ->
                SourceFinder.find(
                    List.of("rtsp://h/x/cam", "rtsp://u:secret@h/y/cam"), Optional.empty(), ""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("/x/cam")
        .hasMessageContaining("***@h/y/cam")
        .hasMessageNotContaining("secret");
  }

  @Test
  void passwordsAreMaskedInUsersQueriesAndSentences() {
    assertThat(
            Location.mask(
                "rtsp://u:p/w@h/cam failed after http://h/x?user=a&password=b&x=1 and srt://h?passphrase=c"))
        .isEqualTo(
            "rtsp://***@h/cam failed after http://h/x?user=a&password=***&x=1 and srt://h?passphrase=***");
    assertThat(find("rtsp://u:secret@h/cam").get(0).toString()).doesNotContain("secret");
  }
}

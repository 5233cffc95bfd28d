package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceNamesTest {
  @TempDir Path folder;
  private final List<String> notes = new ArrayList<>();

  private List<String> names(String... arguments) {
    return SourceFinder.find(List.of(arguments), Optional.empty(), "x-", notes::add).stream()
        .map(VideoSource::streamId)
        .toList();
  }

  @Test
  void aSourceIsNamedBeforeAnEqualsSign() throws Exception {
    Path clip = Files.createFile(folder.resolve("a.mp4"));
    List<VideoSource> sources =
        SourceFinder.find(
            List.of("door=rtsp://u:p=w@h/cam?channel=1", "yard=" + clip), Optional.empty(), "x-");
    assertThat(sources).extracting(VideoSource::streamId).containsExactly("x-door", "x-yard");
    assertThat(sources)
        .extracting(VideoSource::location)
        .containsExactly("rtsp://u:p=w@h/cam?channel=1", clip.toString());
  }

  @Test
  void aFileWhoseNameHasAnEqualsSignIsThatFile() throws Exception {
    Path clip = Files.createFile(folder.resolve("a=b.mp4"));
    assertThat(names(clip.toString())).containsExactly("x-a=b");
  }

  @Test
  void cameraUrlsThatDifferInQueryOrHostGetNamesThatDiffer() {
    assertThat(names("rtsp://u:hush@h/cam?channel=1&password=hush", "rtsp://h/cam?channel=2"))
        .containsExactly("x-cam-channel-1", "x-cam-channel-2");
    assertThat(names("rtsp://h1:554/live", "rtsp://h2:554/live", "rtsp://h3/other"))
        .containsExactly("x-h1-live", "x-h2-live", "x-other");
    assertThat(names("rtsp://h:1/live", "rtsp://h:2/live"))
        .containsExactly("x-h-1-live", "x-h-2-live");
    assertThat(notes).hasSize(3).allMatch(note -> note.contains("NAME="));
    assertThat(notes.toString()).doesNotContain("hush");
  }

  @Test
  void equalNamesAreRefusedWithTheWayOut() {
    assertThatThrownBy(() -> names("rtsp://h/x/cam", "rtsp://h/y/cam"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("NAME=rtsp://h/y/cam");
    assertThatThrownBy(() -> names("a=rtsp://h/x", "a=rtsp://h/y"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'x-a'");
  }

  @Test
  void aNameForSeveralSourcesIsRefused() throws Exception {
    Files.createFile(folder.resolve("a.mp4"));
    Files.createFile(folder.resolve("b.mp4"));
    assertThatThrownBy(() -> names("door=" + folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'door' names one stream, but there are 2 sources");
  }

  @Test
  void filesOfAFolderThatAreNotTakenAreCountedByExtension() throws Exception {
    for (String name : List.of("a.mp4", "a.txt", "b.TXT", "c.heic", "none", ".hidden")) {
      Files.createFile(folder.resolve(name));
    }
    assertThat(names(folder.toString())).containsExactly("x-a");
    assertThat(notes)
        .containsExactly(folder + ": 4 files passed over: 1 .heic, 2 .txt, 1 without extension");
  }

  @Test
  void aWebcamIsNamedAfterItsDevice() {
    VideoSource source = SourceFinder.find(List.of("/dev/video7"), Optional.empty(), "").get(0);
    assertThat(source.streamId()).isEqualTo("video7");
    assertThat(source.place().webcam()).isTrue();
    assertThat(source.place().liveProtocol()).isTrue();
  }
}

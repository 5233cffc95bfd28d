package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationTest {
  @ParameterizedTest
  @CsvSource({
    "rtsp://admin:hush@cam:554/door, door",
    "rtsp://admin:pa/hush@cam, cam",
    "rtsp://admin:pa/hush@cam/door.sdp, door",
    "rtsp://cam:554/user=admin&password=hush&channel=1.sdp, cam",
    "http://cam/door.mjpeg?token=hush, door",
    "http://cam?password=hush, cam",
    "rtsp://hush@cam/, cam",
  })
  void aStreamIsNeverNamedAfterAPassword(String url, String name) {
    Location location = Location.ofUrl(url);
    assertThat(location.name()).isEqualTo(name);
    assertThat(location.toString()).doesNotContain("hush");
    assertThat(location.forFfmpeg()).isEqualTo(url);
  }
}

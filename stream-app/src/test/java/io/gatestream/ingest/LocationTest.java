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
    "rtsp://admin:pa hush@cam/door, door",
    "rtsp://admin:554/pa hush@cam:554, cam",
    "rtsp://admin:pa%40hush@[fe80::1]:554/, [fe80::1]",
    "rtsp://[fe80::1]:554/door, door",
    "http://cam/cgi/door?loginuse=a&loginpas=hush, door",
  })
  void aStreamIsNeverNamedAfterAPassword(String url, String name) {
    Location location = Location.ofUrl(url);
    assertThat(location.name()).isEqualTo(name);
    assertThat(location.toString()).doesNotContain("hush");
    assertThat(location.forFfmpeg()).isEqualTo(url);
  }
}

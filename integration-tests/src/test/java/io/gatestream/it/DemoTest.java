package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code demo} needs nothing and leaves nothing. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoTest {
  @Test
  void sampleClipsAreScoredAndNothingIsLeft(Gatestream gatestream) {
    Running demo = demo(gatestream);

    assertThat(demo.process().exitValue()).as(demo::tail).isZero();
    assertThat(demo.out()).containsPattern("(?m)^\\s*total\\b.* %").contains("frames sent");
    assertThat(demo.out()).contains(" 0 open");
    assertThat(demo.err()).doesNotContain("\tat ", "ERROR", "retrying");
    assertThat(left(gatestream)).isEmpty();
  }

  @Test
  void anOwnClipIsClassifiedWithoutScores(Gatestream gatestream) {
    Running demo = demo(gatestream, Gatestream.SAMPLES.resolve("room.mp4").toString());

    assertThat(demo.process().exitValue()).as(demo::tail).isZero();
    assertThat(demo.out()).contains("room").contains("frames sent").doesNotContain("correct");
    assertThat(left(gatestream)).isEmpty();
  }

  @Test
  void theDashboardIsThereUntilItIsEnded(Gatestream gatestream) throws Exception {
    Path temporary = Folders.create(temporary(gatestream));
    Running demo =
        gatestream.start(
            "demo",
            Map.of("TMPDIR", temporary.toString()),
            List.of(
                "demo",
                "--dashboard",
                "--dashboard-port",
                "0",
                Gatestream.SAMPLES.resolve("room.mp4").toString()));
    String address = demo.awaitOut("dashboard on (http://\\S+)");
    demo.awaitOut("until Ctrl-C");
    URI timeline = URI.create(address + "/api/streams/room/timeline");
    Wait.until(
        () -> "the stream in the dashboard, %s".formatted(demo),
        () -> {
          demo.requireAlive();
          return status(timeline) == 200;
        });
    demo.terminate();
    assertThat(demo.err()).doesNotContain("\tat ", "WARN", "ERROR");
    assertThat(left(gatestream)).isEmpty();
  }

  private static int status(URI address) {
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aMissingFileIsNamed(Gatestream gatestream) {
    Running demo = demo(gatestream, "no-such-clip.mp4");

    assertThat(demo.process().exitValue()).as(demo::tail).isEqualTo(2);
    assertThat(demo.err()).contains("no-such-clip.mp4").doesNotContain("\tat ");
    assertThat(left(gatestream)).isEmpty();
  }

  /** Runs it to its end and sees that no process of it is left. */
  private static Running demo(Gatestream gatestream, String... arguments) {
    Path temporary = Folders.create(temporary(gatestream));
    List<String> all = new java.util.ArrayList<>(List.of("demo"));
    all.addAll(List.of(arguments));
    Running demo =
        gatestream.start(
            "demo",
            Map.of(
                "TMPDIR",
                temporary.toString(),
                "GATESTREAM_JAVA_OPTS",
                "-Djava.io.tmpdir=" + temporary),
            all);
    demo.awaitExit();
    assertThat(
            ProcessHandle.allProcesses()
                .filter(
                    process ->
                        process.info().commandLine().orElse("").contains(temporary.toString())))
        .isEmpty();
    return demo;
  }

  private static List<String> left(Gatestream gatestream) {
    return Folders.files(temporary(gatestream));
  }

  private static Path temporary(Gatestream gatestream) {
    return gatestream.folder().resolve("empty");
  }
}

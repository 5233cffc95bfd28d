package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A camera that hangs, comes back, hangs again and is then gone. */
@Timeout(60)
class LiveHttpTest {
  @TempDir Path folder;

  private static IngestSettings settings(Duration firstConnect) {
    return IngestSettings.DEFAULT.with(
        new IngestSettings.Live(
            10_000, Duration.ofSeconds(3), Duration.ofMillis(20), firstConnect));
  }

  @Test
  void silentCameraIsConnectedAnewAndTriedForAsLongAsTheRunLasts() throws Exception {
    byte[] clip = Files.readAllBytes(TestClips.h264(folder.resolve("cam.ts"), 300));
    CollectedFrames sink = new CollectedFrames();
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://user:secret@127.0.0.1:" + server.getLocalPort() + "/cam.ts";
      List<VideoSource> sources = SourceFinder.find(List.of(url), Optional.empty(), "");
      CompletableFuture<Ingest> ingest = new CompletableFuture<>();
      IngestListener listener =
          new IngestListener() {
            @Override
            public void warning(VideoSource source, String text) {
              warnings.add(source + " " + text);
              if (text.contains("refused")) {
                ingest.join().stop();
              }
            }
          };
      Thread camera = new Thread(() -> playTwiceThenLeave(server, clip), "camera");
      camera.setDaemon(true);
      camera.start();
      IngestReport report;
      try (Ingest run =
          new Ingest(settings(Duration.ZERO), sources, sink, InstantSource.system(), listener)) {
        ingest.complete(run);
        report = run.run();
      }
      assertThat(report.failed()).isFalse();
      assertThat(report.frames()).isEqualTo(sink.frames().size()).isBetween(401L, 600L);
      assertThat(report.dropped()).isZero();
    }
    assertThat(sink.frames()).extracting(Frame::getStreamId).containsOnly("cam");
    assertThat(sink.frames()).extracting(Frame::getCaptureTime).isSorted();
    for (int i = 0; i < sink.frames().size(); i++) {
      assertThat(sink.frames().get(i).getSequence()).isEqualTo(i);
    }
    assertThat(warnings)
        .as("%s", warnings)
        .filteredOn(w -> w.contains("sent nothing for too long"))
        .hasSize(2);
    assertThat(warnings).noneMatch(w -> w.contains("secret")).last().asString().contains("refused");
  }

  @Test
  void cameraThatWasNeverReachedIsTriedWithWarningsThenNamed() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    List<String> warnings = new CopyOnWriteArrayList<>();
    IngestListener listener =
        new IngestListener() {
          @Override
          public void warning(VideoSource source, String text) {
            warnings.add(text);
          }
        };
    List<VideoSource> sources =
        SourceFinder.find(
            List.of("rtsp://user:secret@127.0.0.1:" + port + "/cam"), Optional.empty(), "");
    IngestReport report =
        new Ingest(
                settings(Duration.ofSeconds(3)),
                sources,
                new CollectedFrames(),
                InstantSource.system(),
                listener)
            .run();
    assertThat(report.sources().get(0).failure().orElseThrow())
        .contains("refused", "--connect-timeout", "***@")
        .doesNotContain("secret");
    assertThat(warnings).isNotEmpty().allMatch(w -> w.contains("trying again"));
  }

  /** Every connection gets the clip and then nothing more; after two of them nobody listens. */
  private static void playTwiceThenLeave(ServerSocket server, byte[] clip) {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        Socket socket = server.accept();
        open.add(socket);
        if (i == 1) {
          server.close();
        }
        readRequest(socket.getInputStream());
        socket
            .getOutputStream()
            .write(
                "HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(clip);
        socket.getOutputStream().flush();
      }
      for (Socket socket : open) {
        socket.getInputStream().read(); // until the other side leaves
        socket.close();
      }
    } catch (IOException e) {
      // the other side left: what the test is about
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      last = last << 8 | next;
    }
  }
}

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gatestream.schema.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** URLs of a single picture, and cameras that never give one. */
@Timeout(120)
class SnapshotTest {
  private final CollectedFrames sink = new CollectedFrames();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private static byte[] jpeg(int grey) {
    try (Mat picture = new Mat(48, 64, opencv_core.CV_8UC3, new Scalar(grey));
        BytePointer jpeg = new BytePointer()) {
      opencv_imgcodecs.imencode(".jpg", picture, jpeg);
      byte[] bytes = new byte[Math.toIntExact(jpeg.limit())];
      jpeg.get(bytes);
      return bytes;
    }
  }

  /** Gives another picture at each request, cut after so many bytes. */
  private static HttpServer camera(AtomicInteger asked, int most) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] jpeg = jpeg(10 * asked.incrementAndGet() % 250);
          int size = Math.min(jpeg.length, most);
          exchange.getResponseHeaders().add("Content-Type", "image/jpeg");
          exchange.sendResponseHeaders(200, size);
          exchange.getResponseBody().write(jpeg, 0, size);
          exchange.close();
        });
    server.start();
    return server;
  }

  private SourceReport run(String url, Duration firstFrame, CompletableFuture<Ingest> started)
      throws Exception {
    IngestSettings settings =
        IngestSettings.DEFAULT
            .with(
                new IngestSettings.Pictures(
                    IngestSettings.Encoding.JPEG, 85, Optional.empty(), OptionalDouble.of(50), 2))
            .with(
                new IngestSettings.Timing(
                    false, Optional.empty(), 1, 0, OptionalDouble.empty(), OptionalLong.of(4)))
            .with(
                new IngestSettings.Live(
                    1_000, Duration.ofSeconds(3), Duration.ofMillis(20), firstFrame));
    IngestListener listener =
        new IngestListener() {
          @Override
          public void warning(VideoSource source, String text) {
            warnings.add(text);
            if (started.isDone() && text.contains("trying again")) {
              started.join().stop();
            }
          }
        };
    try (Ingest ingest =
        new Ingest(
            settings,
            SourceFinder.find(List.of(url), Optional.empty(), ""),
            sink,
            InstantSource.system(),
            listener)) {
      if (!started.isCancelled()) {
        started.complete(ingest);
      }
      return ingest.run().sources().get(0);
    }
  }

  private static CompletableFuture<Ingest> notStopped() {
    CompletableFuture<Ingest> never = new CompletableFuture<>();
    never.cancel(false);
    return never;
  }

  @Test
  void aSinglePictureIsFetchedAgainAndAgain() throws Exception {
    for (String path : List.of("/snapshot.jpg", "/cgi-bin/snapshot.cgi?channel=1")) {
      AtomicInteger asked = new AtomicInteger();
      HttpServer camera = camera(asked, Integer.MAX_VALUE);
      sink.frames().clear();
      warnings.clear();
      try {
        SourceReport report =
            run(
                "http://127.0.0.1:" + camera.getAddress().getPort() + path,
                Duration.ofSeconds(60),
                new CompletableFuture<>());
        assertThat(report.failure()).isEmpty();
        assertThat(warnings).singleElement().asString().contains("single picture", "--fps");
        assertThat(asked.get()).as("once to look, then each").isGreaterThanOrEqualTo(5);
        assertThat(sink.frames())
            .hasSize(4)
            .extracting(Frame::getPayload)
            .as("each is another")
            .doesNotHaveDuplicates();
        assertThat(sink.frames()).extracting(Frame::getCaptureTime).isSorted();
      } finally {
        camera.stop(0);
      }
    }
  }

  @Test
  void aCameraWhosePicturesNeverDecodeFailsInTime() throws Exception {
    HttpServer camera = camera(new AtomicInteger(), 200);
    try {
      SourceReport report =
          run(
              "http://u:hush@127.0.0.1:" + camera.getAddress().getPort() + "/snapshot.jpg",
              Duration.ofSeconds(3),
              notStopped());
      assertThat(report.frames()).isZero();
      assertThat(report.failure().orElseThrow())
          .contains("--connect-timeout", "***@")
          .doesNotContain("hush");
    } finally {
      camera.stop(0);
    }
  }

  @Test
  void aCameraThatNeverDeliversIsNotDoneWhereTheRunIsStopped() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      List<Socket> open = new CopyOnWriteArrayList<>();
      Thread silent =
          new Thread(
              () -> {
                try {
                  while (true) {
                    open.add(server.accept());
                  }
                } catch (IOException e) {
                  // the test is over
                }
              });
      silent.setDaemon(true);
      silent.start();
      SourceReport report =
          run(
              "http://127.0.0.1:" + server.getLocalPort() + "/cam.ts",
              Duration.ZERO,
              new CompletableFuture<>());
      assertThat(warnings).isNotEmpty();
      assertThat(report.frames()).isZero();
      assertThat(report.failure().orElseThrow()).contains("no frame", "stopped");
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}

package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.ConfigException;
import io.gatestream.ingest.IngestSettings.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Formats beside the usual ones, and video that begins after the sound. */
class FormatsTest {
  @TempDir Path folder;
  private final CollectedFrames sink = new CollectedFrames();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private IngestReport run(Encoding encoding, Path... paths) throws Exception {
    IngestListener listener =
        new IngestListener() {
          @Override
          public void warning(VideoSource source, String text) {
            warnings.add(text);
          }
        };
    List<VideoSource> sources =
        SourceFinder.find(
            java.util.Arrays.stream(paths).map(Path::toString).toList(), Optional.empty(), "");
    return new Ingest(
            IngestSettings.DEFAULT.with(
                new IngestSettings.Pictures(
                    encoding, 85, Optional.empty(), OptionalDouble.empty(), 2)),
            sources,
            sink,
            Instant::now,
            listener)
        .run();
  }

  private Path image(String name) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (Mat grey = new Mat(48, 64, opencv_core.CV_8UC3, new Scalar(90.0))) {
      assertThat(opencv_imgcodecs.imwrite(file.toString(), grey)).isTrue();
    }
    return file;
  }

  @Test
  void imagesOfEveryFormatOfAFolderAreOneStream() throws Exception {
    for (String extension : List.of("bmp", "tiff", "tif", "webp", "jpg", "png")) {
      image("door/a-" + extension + "." + extension);
    }
    IngestReport report = run(Encoding.JPEG, folder.resolve("door"));
    assertThat(report.failed()).isFalse();
    assertThat(report.sources()).singleElement().satisfies(s -> assertThat(s.notes()).isEmpty());
    assertThat(sink.frames()).hasSize(6);
  }

  @Test
  void animatedImagesAreVideos() throws Exception {
    Path gif = animation("moving.gif", "gif", avcodec.AV_CODEC_ID_GIF, avutil.AV_PIX_FMT_RGB8);
    Path png = animation("turning.png", "apng", avcodec.AV_CODEC_ID_APNG, avutil.AV_PIX_FMT_RGB24);
    IngestReport report = run(Encoding.JPEG, gif, png);
    assertThat(report.failed()).isFalse();
    assertThat(report.sources()).extracting(SourceReport::frames).containsExactly(6L, 6L);
  }

  private Path animation(String name, String format, int codec, int pixels) throws Exception {
    Path file = folder.resolve(name);
    try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toString(), 64, 48)) {
      recorder.setFormat(format);
      recorder.setVideoCodec(codec);
      recorder.setPixelFormat(pixels);
      recorder.setFrameRate(10);
      recorder.start();
      for (int i = 0; i < 6; i++) {
        recorder.record(picture(64, 48, i));
      }
    }
    return file;
  }

  private static org.bytedeco.javacv.Frame picture(int width, int height, int number) {
    org.bytedeco.javacv.Frame picture =
        new org.bytedeco.javacv.Frame(width, height, org.bytedeco.javacv.Frame.DEPTH_UBYTE, 3);
    ByteBuffer pixels = (ByteBuffer) picture.image[0];
    for (int p = 0; p < pixels.capacity(); p++) {
      pixels.put(p, (byte) (p / 7 + number * 31));
    }
    return picture;
  }

  @Test
  void anAnimatedWebpIsRefusedByNameAndPassedOverInAFolder() throws Exception {
    image("door/a.png");
    byte[] head = "RIFF....WEBPVP8X\n\0\0\0\u0002...".getBytes(StandardCharsets.ISO_8859_1);
    Path webp = Files.write(folder.resolve("door/b.webp"), head);
    assertThatThrownBy(() -> run(Encoding.JPEG, webp))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("animated WebP");
    List<String> notes = new CopyOnWriteArrayList<>();
    List<VideoSource> sources =
        SourceFinder.find(
            List.of(folder.resolve("door").toString()), Optional.empty(), "", notes::add);
    assertThat(sources).singleElement().satisfies(s -> assertThat(s.images()).hasSize(1));
    assertThat(notes).singleElement().asString().endsWith("1 file passed over: 1 .webp (animated)");
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void sourceTimesCountFromTheFilesStartAsPlayersDo(Encoding encoding) throws Exception {
    Path file = folder.resolve("late.mkv");
    try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toString(), 160, 96, 1)) {
      recorder.setFormat("matroska");
      recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
      recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
      recorder.setAudioCodec(avcodec.AV_CODEC_ID_AAC);
      recorder.setSampleRate(48_000);
      recorder.setFrameRate(10);
      recorder.setGopSize(10);
      recorder.start();
      recorder.recordSamples(48_000, 1, ShortBuffer.wrap(new short[48_000 * 4]));
      for (int i = 0; i < 10; i++) {
        recorder.setTimestamp(3_000_000 + i * 100_000L);
        recorder.record(picture(160, 96, i));
      }
    }
    assertThat(run(encoding, file).failed()).isFalse();
    Frame first = sink.frames().get(0);
    Frame last = sink.frames().get(sink.frames().size() - 1);
    assertThat(first.getSourceTime()).isBetween(2_990_000L, 3_050_000L);
    assertThat(last.getSourceTime())
        .isEqualTo(first.getSourceTime() + (encoding == Encoding.JPEG ? 900_000 : 0));
    assertThat(warnings).singleElement().asString().contains("3.0", "as players do");
  }
}

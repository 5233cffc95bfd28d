package io.gatestream.ingest;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Small videos and image sequences. */
final class TestClips {
  private TestClips() {}

  /** 160x96 at 30 frames a second, a keyframe every 10, in the container that the name says. */
  static Path h264(Path file, int frames) throws Exception {
    return h264(file, frames, 10);
  }

  /** As above, with a keyframe every {@code group} frames. */
  static Path h264(Path file, int frames, int group) throws Exception {
    try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toString(), 160, 96)) {
      recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
      record(recorder, frames, group);
    }
    return file;
  }

  /** The same in MPEG-4 with B-frames: decoded in another order than shown. */
  static Path reordered(Path file, int frames) throws Exception {
    try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toString(), 160, 96)) {
      recorder.setVideoCodec(avcodec.AV_CODEC_ID_MPEG4);
      recorder.setMaxBFrames(2);
      record(recorder, frames, 10);
    }
    return file;
  }

  private static void record(FFmpegFrameRecorder recorder, int frames, int group) throws Exception {
    recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
    recorder.setFrameRate(30);
    recorder.setGopSize(group);
    recorder.start();
    for (int i = 0; i < frames; i++) {
      try (Frame picture = new Frame(160, 96, Frame.DEPTH_UBYTE, 3)) {
        ByteBuffer pixels = (ByteBuffer) picture.image[0];
        for (int p = 0; p < pixels.capacity(); p++) {
          pixels.put(p, (byte) (p / 7 + i * 5));
        }
        recorder.record(picture);
      }
    }
  }

  /** img1.png and so on, of a grey that grows. */
  static void images(Path folder, int count) throws Exception {
    Files.createDirectories(folder);
    for (int i = 1; i <= count; i++) {
      try (Mat grey = new Mat(48, 64, opencv_core.CV_8UC3, new Scalar(10.0 * i))) {
        opencv_imgcodecs.imwrite(folder.resolve("img" + i + ".png").toString(), grey);
      }
    }
  }
}

package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.InputSpec.Interpolation;
import io.gatestream.frame.InputSpec.Mode;
import io.gatestream.frame.InputSpec.Resize;
import io.gatestream.frame.decode.H264Work;
import io.gatestream.frame.decode.Mp4Boxes;
import io.gatestream.frame.decode.PictureDecoder;
import io.gatestream.schema.Encoding;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small segment may not cost much, in its container and in its pictures. */
class SegmentCostTest {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 96;
  private static final int FRAMES = 4;
  private static final InputSpec INPUT =
      new InputSpec(32, 32, Resize.of(Mode.STRETCH, Interpolation.AREA));

  @TempDir static Path folder;
  private static byte[] ts;
  private static byte[] mp4;

  @BeforeAll
  static void record() throws Exception {
    ts = TestPictures.segment(folder, "mpegts", WIDTH, HEIGHT, FRAMES);
    mp4 = TestPictures.segment(folder, "mp4", WIDTH, HEIGHT, FRAMES);
  }

  @Test
  void framesTimesPixelsAreHeldAgainstTheWorkAllowed() throws Exception {
    long exact = (long) WIDTH * HEIGHT * FRAMES;
    for (byte[] segment : List.of(ts, mp4)) {
      assertThat(decode(limits(exact), segment, FRAMES)).hasSize(FRAMES);
      rejected(limits(exact - 1), segment, FRAMES, Reason.TOO_LARGE, "max.work is 61439");
    }
  }

  @Test
  void tablesThatClaimMillionsOfSamplesAreRefused() {
    for (int samples : new int[] {2_001, 30_000_000, Integer.MAX_VALUE, -1}) {
      rejected(
          SegmentBombs.claimedSamples(mp4, samples),
          FRAMES,
          Reason.TOO_LARGE,
          "max.segment.frames");
    }
    // of one size, so the table needs no entries
    byte[] one = SegmentBombs.withField(mp4, "stsz", 1, 1);
    rejected(
        SegmentBombs.withField(one, "stsz", 2, 90_000_000),
        FRAMES,
        Reason.TOO_LARGE,
        "90000000 samples");
    for (String table : List.of("stts", "stsc", "stco")) {
      rejected(SegmentBombs.withField(mp4, table, 1, 1 << 29), FRAMES, Reason.CORRUPT, "536870912");
    }
  }

  @Test
  void floodsOfParameterSetsAndMessagesAreRefused() throws Exception {
    byte[] parameters = SegmentBombs.pictureParameters(mp4);
    byte[] message = {6, 5, 4, 1, 2, 3, 4, (byte) 0x80};
    byte[] delimiter = {9, (byte) 0xF0};
    for (byte[] unit : List.of(parameters, message, delimiter)) {
      byte[] some = SegmentBombs.unitsBeforeKeyframe(mp4, unit, 100);
      if (unit == parameters) {
        assertThat(decode(FrameLimits.DEFAULT, some, 1)).hasSize(1);
      }
      byte[] many = SegmentBombs.unitsBeforeKeyframe(mp4, unit, 20_000);
      rejected(many, 1, Reason.TOO_LARGE, "more than 1064 NAL units");
      rejected(SegmentBombs.unitsInStream(ts, unit, 200), FRAMES, Reason.TOO_LARGE, "NAL units");
    }
  }

  @Test
  void picturesBeyondTheCountAreNotDecodedEvenIfTheyAreNeverShown() throws Exception {
    H264Work work = new H264Work(FrameLimits.DEFAULT, 3);
    for (int i = 0; i < 8; i++) {
      work.packet(ByteBuffer.allocate(0), 4, 0); // two fields a picture and some that are empty
    }
    assertThatThrownBy(() -> work.packet(ByteBuffer.allocate(0), 4, 0))
        .hasMessageContaining("not all of them shown");
    byte[] keyframe = SegmentBombs.keyframe(mp4);
    byte[] sample = SegmentBombs.joined(SegmentBombs.ints(keyframe.length), keyframe);
    byte[] many = SegmentBombs.ofSamples(mp4, Collections.nCopies(300, sample));
    rejected(many, 3, Reason.FRAME_COUNT, "3");
  }

  @Test
  void slicesThatCoverAPictureAgainAndAgainAreCounted() throws Exception {
    byte[] whole = {0, 0, 0, 2, 0x41, (byte) 0x80}; // first_mb_in_slice is 0
    byte[] late = {0, 0, 0, 3, 0x41, 0, (byte) 0x80}; // 127, which is in the last of 128 blocks
    late[5] = 1;
    late[6] = 0;
    long pixels = 128 * 256;
    FrameLimits limits = limits(pixels);
    H264Work work = new H264Work(limits, 10);
    for (int i = 0; i < 8; i++) {
      work.packet(ByteBuffer.wrap(whole), 4, pixels);
    }
    assertThatThrownBy(
            () -> {
              work.packet(ByteBuffer.wrap(whole), 4, pixels);
              work.packet(ByteBuffer.wrap(whole), 4, pixels);
            })
        .hasMessageContaining("again and again");
    H264Work little = new H264Work(limits, 10);
    for (int i = 0; i < 20; i++) {
      little.packet(ByteBuffer.wrap(late), 4, pixels);
    }
  }

  @Test
  void slicesBeforeAndAfterAChangeOfParametersAreOfTheLargestPictures() {
    byte[] slice = {0, 0, 1, 0x41, (byte) 0x80};
    byte[] slices = SegmentBombs.joined(Collections.nCopies(9, slice).toArray(byte[][]::new));
    byte[] parameters = SegmentBombs.joined(new byte[] {0, 0, 1, 7, 66}, slices);
    byte[] other = SegmentBombs.joined(new byte[] {0, 0, 1, 7, 67}, slices);
    FrameLimits limits = limits(1_000_000);
    H264Work known = new H264Work(limits, 10);
    assertThat(failure(known, parameters, 256)).isEmpty();
    assertThat(failure(known, parameters, 256)).isEmpty();
    assertThat(failure(known, other, 256)).contains("max.work is");
    assertThat(failure(new H264Work(limits, 10), slices, 0)).contains("max.work is");
  }

  private static String failure(H264Work work, byte[] packet, long pixels) {
    try {
      work.packet(ByteBuffer.wrap(packet), 0, pixels);
      return "";
    } catch (FrameDecodeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void whatLiesBesideTheVideoIsNotLookedAt() throws Exception {
    for (String movement : List.of("frag_keyframe+empty_moov+default_base_moof", "faststart")) {
      byte[] withSound = withSound(movement);
      assertThat(SegmentBombs.find(withSound, "soun")).isPositive();
      List<byte[]> pictures = decode(FrameLimits.DEFAULT, withSound, FRAMES);
      byte[] boxes = new byte[withSound.length];
      Mp4Boxes.of(ByteBuffer.wrap(withSound), FrameLimits.DEFAULT).get(boxes);
      // again: what was renamed the first time stays so
      assertThat(decode(FrameLimits.DEFAULT, boxes, FRAMES)).hasSize(FRAMES);
      List<byte[]> silent = decode(FrameLimits.DEFAULT, mp4, FRAMES);
      for (int i = 0; i < FRAMES; i++) {
        assertThat(pictures.get(i)).isEqualTo(silent.get(i));
      }
    }
  }

  private static byte[] withSound(String movement) throws Exception {
    Path file = folder.resolve(movement.substring(0, 4) + ".mp4");
    try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toFile(), WIDTH, HEIGHT, 1)) {
      recorder.setFormat("mp4");
      recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
      recorder.setVideoCodecName("libopenh264");
      recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
      recorder.setVideoBitrate(800_000);
      recorder.setFrameRate(25);
      recorder.setGopSize(25);
      recorder.setSampleRate(16_000);
      recorder.setAudioCodec(avcodec.AV_CODEC_ID_AAC);
      recorder.setOption("movflags", movement);
      recorder.start();
      for (int i = 0; i < FRAMES; i++) {
        try (org.bytedeco.javacv.Frame picture =
            new org.bytedeco.javacv.Frame(
                WIDTH, HEIGHT, org.bytedeco.javacv.Frame.DEPTH_UBYTE, 3)) {
          ByteBuffer rows = (ByteBuffer) picture.image[0];
          byte[] scene = TestPictures.scene(WIDTH, HEIGHT, i);
          for (int y = 0; y < HEIGHT; y++) {
            rows.position(y * picture.imageStride).put(scene, y * WIDTH * 3, WIDTH * 3);
          }
          rows.rewind();
          recorder.record(picture);
        }
        recorder.recordSamples(16_000, 1, ShortBuffer.wrap(new short[640]));
      }
    }
    return Files.readAllBytes(file);
  }

  private static FrameLimits limits(long work) {
    return new FrameLimits(8_192, 16_777_216, 1_000, 100, work, StrayBytes.REPAIR);
  }

  private static List<byte[]> decode(FrameLimits limits, byte[] segment, int count)
      throws FrameDecodeException {
    TestPictures.Kept kept = new TestPictures.Kept(INPUT.bytes(), 1);
    try (PictureDecoder decoder = new PictureDecoder(INPUT, limits)) {
      decoder.decode(TestPictures.frame(Encoding.H264_SEGMENT, segment, count), kept);
    }
    return kept.pictures;
  }

  private static void rejected(byte[] segment, int count, Reason reason, String message) {
    rejected(FrameLimits.DEFAULT, segment, count, reason, message);
  }

  private static void rejected(
      FrameLimits limits, byte[] segment, int count, Reason reason, String message) {
    assertThatThrownBy(() -> decode(limits, segment, count))
        .isInstanceOfSatisfying(
            FrameDecodeException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}

package io.gatestream.frame.decode;

import static io.gatestream.frame.decode.SegmentDamage.corrupt;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decodes H.264 segments picture by picture, strictly: any damage is an error. One thread. */
final class SegmentDecoder implements AutoCloseable {
  /** The decoder checks sizes with its alignment added; the exact limit is checked by frame. */
  private static final int ALIGNMENT = 64;

  private final FrameLimits limits;
  private final RgbConverter converter = new RgbConverter();

  SegmentDecoder(FrameLimits limits) {
    this.limits = limits;
  }

  /** Gives the colours of a picture when they are wanted. */
  interface Picture {
    /** uint8 [height, width, 3], valid until the next picture. */
    Mat rgb() throws FrameDecodeException;
  }

  /** Takes the pictures in order of presentation. */
  interface Receiver {
    /** Takes picture {@code index}, {@code time} microseconds after the first. */
    void accept(int index, long time, Picture picture) throws FrameDecodeException;
  }

  /** Of the pictures of a segment, in pixels. */
  record Size(int width, int height) {}

  /**
   * Decodes a segment whole.
   *
   * @return the size that all of its pictures have
   * @throws FrameDecodeException CORRUPT, TOO_LARGE, FRAME_COUNT, UNKNOWN_ENCODING; some pictures
   *     may have been given out by then
   */
  @SuppressWarnings("try") // the scope frees what is made within it
  Size decode(ByteBuffer payload, int frameCount, Receiver receiver) throws FrameDecodeException {
    H264Work work = new H264Work(limits, frameCount);
    try (PointerScope scope = new PointerScope();
        SegmentInput input = new SegmentInput(payload, limits, work)) {
      Run run = new Run(input, work, frameCount, receiver);
      try {
        run.decode();
        return new Size(run.width, run.height);
      } finally {
        run.close();
      }
    }
  }

  @Override
  public void close() {
    converter.close();
  }

  /** The decoding of one segment. */
  private final class Run implements AutoCloseable {
    private final SegmentInput input;
    private final H264Work work;
    private final int frameCount;
    private final Receiver receiver;
    private final AVCodecContext context;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVRational micros = new AVRational().num(1).den(1_000_000);
    private int decoded;
    private int width;
    private int height;
    private long start;
    private long lastTime = -1;

    Run(SegmentInput input, H264Work work, int frameCount, Receiver receiver) {
      this.input = input;
      this.work = work;
      this.frameCount = frameCount;
      this.receiver = receiver;
      this.context = avcodec.avcodec_alloc_context3(avcodec.avcodec_find_decoder_by_name("h264"));
    }

    void decode() throws FrameDecodeException {
      open();
      boolean first = true;
      int lengthBytes = input.lengthBytes();
      while (input.read(packet)) {
        if (first && (packet.flags() & avcodec.AV_PKT_FLAG_KEY) == 0) {
          throw corrupt("it does not start with a keyframe");
        }
        first = false;
        work.packet(
            packet.data().capacity(packet.size()).asByteBuffer(),
            lengthBytes,
            (long) context.coded_width() * context.coded_height());
        check(avcodec.avcodec_send_packet(context, packet));
        avcodec.av_packet_unref(packet);
        receive();
      }
      check(avcodec.avcodec_send_packet(context, null));
      receive();
      if (decoded != frameCount) {
        throw count();
      }
    }

    private void open() throws FrameDecodeException {
      avcodec.avcodec_parameters_to_context(context, input.stream().codecpar());
      if (context.width() > 0) {
        within(context.width(), context.height());
      }
      context.pkt_timebase(input.stream().time_base());
      context.thread_count(1);
      context.err_recognition(
          avcodec.AV_EF_EXPLODE
              | avcodec.AV_EF_CRCCHECK
              | avcodec.AV_EF_BITSTREAM
              | avcodec.AV_EF_BUFFER);
      context.error_concealment(0);
      // waits for all reordered pictures in place of guessing how many there are
      context.strict_std_compliance(avcodec.FF_COMPLIANCE_STRICT);
      context.max_pixels(limits.maxPixels() + 2L * ALIGNMENT * limits.maxSide());
      if (avcodec.avcodec_open2(context, context.codec(), (AVDictionary) null) < 0) {
        throw corrupt("its parameters do not open a decoder");
      }
    }

    private void receive() throws FrameDecodeException {
      while (true) {
        int received = avcodec.avcodec_receive_frame(context, frame);
        if (received == avutil.AVERROR_EAGAIN() || received == avutil.AVERROR_EOF()) {
          return;
        }
        check(received);
        picture();
        avutil.av_frame_unref(frame);
      }
    }

    private void picture() throws FrameDecodeException {
      if ((frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0) {
        throw corrupt("picture %d is damaged".formatted(decoded));
      }
      if (decoded == 0) {
        within(frame.width(), frame.height());
        width = frame.width();
        height = frame.height();
        start = frame.pts();
      }
      if (frame.width() != width || frame.height() != height) {
        throw corrupt("its size changes at picture %d".formatted(decoded));
      }
      if (decoded == frameCount) {
        throw count();
      }
      if (frame.pts() == avutil.AV_NOPTS_VALUE()) {
        throw corrupt("picture %d has no time".formatted(decoded));
      }
      long time = avutil.av_rescale_q(frame.pts() - start, input.stream().time_base(), micros);
      if (time <= lastTime) {
        throw corrupt("the time of picture %d is not above the last".formatted(decoded));
      }
      lastTime = time;
      receiver.accept(decoded, time, () -> converter.convert(frame));
      decoded++;
    }

    private void within(int width, int height) throws FrameDecodeException {
      new ImageHeader(width, height, 3).within(limits);
      if (frameCount > limits.segmentFrames(width, height)) {
        throw ImageHeader.tooMuchWork(
            "segment of %d frames of %d x %d".formatted(frameCount, width, height),
            (long) frameCount * width * height,
            limits);
      }
    }

    private void check(int result) throws FrameDecodeException {
      if (result < 0) {
        if (context.width() > 0 && context.height() > 0) {
          new ImageHeader(context.width(), context.height(), 3).within(limits);
        }
        throw corrupt("the decoder fails at picture %d, error %d".formatted(decoded, result));
      }
    }

    private FrameDecodeException count() {
      return new FrameDecodeException(
          Reason.FRAME_COUNT,
          "segment of %s pictures, frameCount says %d"
              .formatted(decoded < frameCount ? decoded : "more", frameCount));
    }

    @Override
    public void close() {
      avutil.av_frame_free(frame);
      avcodec.av_packet_free(packet);
      avcodec.avcodec_free_context(context);
    }
  }
}

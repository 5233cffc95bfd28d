package io.gatestream.ingest;

import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/** Packets of one video stream in decoding order, for a decoder. For one thread. */
interface CodedPackets extends AutoCloseable {
  /** The next packet, valid until the next call, or null at the end. */
  @Nullable AVPacket read() throws SourceException;

  AVCodecParameters parameters();

  AVRational timeBase();

  /** Microseconds since the source's start. */
  long micros(long ticks);

  /** Frames per second, on average. */
  OptionalDouble rate();

  /** Degrees clockwise that the picture must be turned to stand upright. */
  int rotation();

  Location location();

  /** Whether it is a camera, whose damage is passed over without a word. */
  boolean live();

  @Override
  void close();
}

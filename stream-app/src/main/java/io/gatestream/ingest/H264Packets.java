package io.gatestream.ingest;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * H.264 packets in decoding order, Annex B, with parameter sets before keyframes, one picture each.
 * For one thread.
 */
interface H264Packets extends AutoCloseable {
  /** The next packet, a view until the next call, or null at the end. */
  @Nullable AVPacket next() throws SourceException;

  AVCodecParameters parameters();

  AVRational timeBase();

  /** Microseconds since the source's start. */
  long micros(long ticks);

  /** Where the source ended, once {@link #next} gave null. */
  long endMicros();

  @Override
  void close();
}

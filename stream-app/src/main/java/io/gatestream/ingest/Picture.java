package io.gatestream.ingest;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A decoded picture.
 *
 * @param pixels a view: valid until its source gives the next one
 * @param micros presentation time since the source's start
 */
record Picture(AVFrame pixels, long micros) {}

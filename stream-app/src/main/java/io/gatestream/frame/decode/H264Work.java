package io.gatestream.frame.decode;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.ImageHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What decoding one H.264 segment may cost, counted from its NAL units (ITU-T H.264, clause 7.3)
 * before FFmpeg decodes them: parameter sets and messages take it microseconds for some bytes, a
 * slice of skipped blocks a whole picture, and a picture that is never shown as much as one that
 * is. One segment, one thread.
 */
public final class H264Work {
  /** Units a picture on average: encoders that cut for the network make a slice a packet. */
  private static final int UNITS = 64;

  private static final int SOME_UNITS = 1_000;

  /** How often slices may cover a picture: each counts to the picture's end, which few reach. */
  private static final int COVERED = 8;

  private static final int BLOCK = 256;
  private static final int SEQUENCE_PARAMETERS = 7;

  private final FrameLimits limits;
  private final int frameCount;
  private byte[] parameters = {};
  private int units;
  private long packets;
  private long covered;

  public H264Work(FrameLimits limits, int frameCount) {
    this.limits = limits;
    this.frameCount = frameCount;
  }

  /**
   * Counts the units of a transport stream as a whole, for its parser reads them before the first
   * packet comes out. One whose start code lies in two packets is missed: one in 188 bytes.
   */
  void stream(ByteBuffer payload) throws FrameDecodeException {
    int found = 0;
    for (int at = startCode(payload, payload.position());
        at < payload.limit();
        at = startCode(payload, at)) {
      found++;
    }
    units(found);
  }

  /**
   * Counts a packet that is to be decoded.
   *
   * @param lengthBytes of the length before each unit, 0 where start codes are between them
   * @param pixels of a picture of this segment; 0 where not known yet
   */
  public void packet(ByteBuffer packet, int lengthBytes, long pixels) throws FrameDecodeException {
    if (++packets > 2L * frameCount + 2) {
      throw new FrameDecodeException(
          Reason.FRAME_COUNT,
          "segment of more pictures than frameCount %d, not all of them shown"
              .formatted(frameCount));
    }
    long size = pixels == 0 ? unknown() : pixels;
    int found = 0;
    int at = lengthBytes == 0 ? startCode(packet, packet.position()) : packet.position();
    while (at < packet.limit()) {
      int next;
      if (lengthBytes == 0) {
        next = startCode(packet, at);
      } else {
        if (packet.limit() - at < lengthBytes) {
          break; // the decoder says what is wrong with it
        }
        long length = 0;
        for (int i = 0; i < lengthBytes; i++) {
          length = length << 8 | (packet.get(at + i) & 0xFF);
        }
        at += lengthBytes;
        next = (int) Math.min(packet.limit(), at + length);
      }
      if (at < next) {
        found++;
        size = unit(packet, at, next, size);
      }
      at = next;
    }
    units(lengthBytes == 0 ? 0 : found);
  }

  /** Counts one unit; returns the size of the pictures that follow it. */
  private long unit(ByteBuffer data, int start, int end, long size) throws FrameDecodeException {
    int type = data.get(start) & 0x1F;
    if (type == SEQUENCE_PARAMETERS) {
      byte[] found = new byte[Math.min(end - start, 64)];
      data.get(start, found);
      if (parameters.length == 0) {
        parameters = found;
      } else if (!Arrays.equals(parameters, found)) {
        return unknown(); // another size, perhaps
      }
    }
    if (type == 1 || type == 2 || type == 5) {
      covered += Math.max(BLOCK, size - BLOCK * firstBlock(data, start + 1, end));
      if (covered / COVERED > limits.maxWork()) {
        throw ImageHeader.tooMuchWork(
            "segment whose slices cover its pictures again and again", covered, limits);
      }
    }
    return size;
  }

  /** As large as a picture may be. */
  private long unknown() {
    return Math.min(limits.maxPixels(), limits.maxWork());
  }

  private void units(int found) throws FrameDecodeException {
    units += found;
    long most = SOME_UNITS + (long) UNITS * frameCount;
    if (units > most) {
      throw new FrameDecodeException(
          Reason.TOO_LARGE,
          "segment of more than %d NAL units for %d pictures".formatted(most, frameCount));
    }
  }

  /** The number of a slice's first macroblock, an Exp-Golomb code. */
  private static long firstBlock(ByteBuffer data, int start, int end) {
    long bits = 0;
    int taken = 0;
    int zeros = 0;
    for (int at = start; at < end && taken < 7; at++) {
      int next = data.get(at) & 0xFF;
      if (zeros == 2 && next == 3) {
        zeros = 0; // it stands there so that no start code does
        continue;
      }
      zeros = next == 0 ? zeros + 1 : 0;
      bits = bits << 8 | next;
      taken++;
    }
    bits <<= 64 - 8 * taken;
    int length = Long.numberOfLeadingZeros(bits);
    return length > 24 ? 0 : (bits >>> (63 - 2 * length)) - 1;
  }

  /** The position behind the next start code, or the limit. */
  private static int startCode(ByteBuffer data, int from) {
    int end = data.limit();
    for (int at = from; at + 2 < end; ) {
      int third = data.get(at + 2);
      if (third > 1 || third < 0) {
        at += 3;
      } else if (third == 1 && data.get(at) == 0 && data.get(at + 1) == 0) {
        return at + 3;
      } else {
        at++;
      }
    }
    return end;
  }
}

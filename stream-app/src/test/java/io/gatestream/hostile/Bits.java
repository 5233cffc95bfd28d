package io.gatestream.hostile;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Damage to bytes; the originals stay as they are. */
final class Bits {
  private Bits() {}

  /** One to six bits turned, half of the time all near the beginning. */
  static byte[] flipped(byte[] original, Random random) {
    byte[] damaged = original.clone();
    int reach = random.nextBoolean() ? Math.min(200, damaged.length) : damaged.length;
    for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
      damaged[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }

  /** The beginning of one and the end of another, cut anywhere. */
  static byte[] spliced(byte[] first, byte[] second, Random random) {
    int to = random.nextInt(first.length);
    int from = random.nextInt(second.length);
    return joined(Arrays.copyOf(first, to), Arrays.copyOfRange(second, from, second.length));
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

package io.gatestream.frame;

import java.util.Optional;
import java.util.stream.Stream;

/** What bytes are by their first ones: kinds that producers send in place of another. */
enum ContentKind {
  JPEG("a JPEG picture", 0, 0xFF, 0xD8, 0xFF),
  PNG("a PNG picture", 0, 0x89, 'P', 'N', 'G'),
  WEBP("a WebP picture", 8, 'W', 'E', 'B', 'P'),
  GIF("a GIF picture", 0, 'G', 'I', 'F', '8'),
  BMP("a BMP picture", 0, 'B', 'M'),
  MP4("MP4 video", 4, 'f', 't', 'y', 'p'),
  MATROSKA("Matroska or WebM video", 0, 0x1A, 0x45, 0xDF, 0xA3),
  RIFF("AVI or another RIFF file", 0, 'R', 'I', 'F', 'F'),
  AVRO_FILE("an Avro container file", 0, 'O', 'b', 'j', 1),
  GZIP("gzip", 0, 0x1F, 0x8B),
  ZSTD("zstd", 0, 0x28, 0xB5, 0x2F, 0xFD),
  BASE64_JPEG("a JPEG picture in Base64", 0, '/', '9', 'j', '/'),
  BASE64_PNG("a PNG picture in Base64", 0, 'i', 'V', 'B', 'O', 'R'),
  DATA_URL("a data: URL", 0, 'd', 'a', 't', 'a', ':'),
  JSON("JSON", 0, '{'),
  TRANSPORT_STREAM("an MPEG transport stream", 0, 0x47);

  private final String text;
  private final int offset;

  @SuppressWarnings("ImmutableEnumChecker") // never changed, never given away
  private final int[] magic;

  ContentKind(String text, int offset, int... magic) {
    this.text = text;
    this.offset = offset;
    this.magic = magic;
  }

  static Optional<ContentKind> of(byte[] bytes, int start) {
    return Stream.of(values()).filter(kind -> kind.fits(bytes, start)).findFirst();
  }

  private boolean fits(byte[] bytes, int start) {
    int first = start + offset;
    if (bytes.length < first + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[first + i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** As a sentence names it. */
  String text() {
    return text;
  }
}

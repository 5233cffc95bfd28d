package io.gatestream.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

final class Sha256Test {
  /** The first example of FIPS 180. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void theHashIsThatOfTheStandard() {
    assertThat(Sha256.hex("abc".getBytes(US_ASCII))).isEqualTo(ABC);
  }

  @Test
  void partsHashAsTheWholeDoes() {
    MessageDigest digest = Sha256.digest();
    digest.update("a".getBytes(US_ASCII));
    digest.update("bc".getBytes(US_ASCII));
    assertThat(Sha256.hex(digest)).isEqualTo(ABC);
  }
}

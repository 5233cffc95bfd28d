package io.gatestream.frame.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterSetsTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "00000001 09f0 00000001 6742aa 00000001 68ce 000001 65884020, 00000001 6742aa 00000001 68ce",
    "000001 6742aa 000001 68ce, 00000001 6742aa 00000001 68ce",
    "00000001 6742aa 00000001 68ce 00000001 6742aa 00000001 68ce 000001 65ff, 00000001 6742aa 00000001 68ce",
    "00000001 65884020, ''",
    "00000001 6742aa 000001, 00000001 6742aa"
  })
  void theSetsAmongUnitsAreFoundOnceEach(String units, String sets) {
    assertThat(ParameterSets.ofUnits(hex(units))).isEqualTo(hex(sets));
  }

  @Test
  void thereMayBeNone() {
    assertThat(ParameterSets.ofUnits(new byte[0])).isEmpty();
    assertThat(ParameterSets.ofUnits(new byte[] {0, 0, 1})).isEmpty();
  }
}

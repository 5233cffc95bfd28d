package io.gatestream.frame.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameDecodeException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A table in the room of another one is as good as new. */
class HuffmanTableTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Codes(int[] counts, byte[] symbols) {
    /** As many codes of each length as chance has it, and never more than there may be. */
    static Codes of(Random random) {
      int[] counts = new int[16];
      int free = 1;
      int total = 0;
      for (int length = 1; length <= 16; length++) {
        free *= 2;
        int most = Math.min(free, 256 - total);
        counts[length - 1] = random.nextInt(3) == 0 ? 0 : random.nextInt(most / 2 + 1);
        free -= counts[length - 1];
        total += counts[length - 1];
      }
      byte[] symbols = new byte[total];
      random.nextBytes(symbols);
      return new Codes(counts, symbols);
    }

    HuffmanTable in(HuffmanTable room) throws FrameDecodeException {
      room.load(counts, symbols);
      return room;
    }
  }

  @Property(tries = 50)
  void aTableThatTakesAnothersRoomReadsAsANewOne(@ForAll long seed, @ForAll boolean ac)
      throws Exception {
    Random random = new Random(seed);
    HuffmanTable room = new HuffmanTable(ac);
    for (int i = 0; i < 3; i++) {
      Codes codes = Codes.of(random);
      HuffmanTable used = codes.in(room);
      HuffmanTable fresh = codes.in(new HuffmanTable(ac));
      for (int next = 0; next < 1 << 16; next++) {
        if (used.lookup(next) != fresh.lookup(next)) {
          throw new AssertionError("seed %d, table %d, bits %04X".formatted(seed, i, next));
        }
      }
      assertThat(used.runs().dc()).isEqualTo(fresh.runs().dc());
      if (ac) {
        assertThat(used.runs().ac()).isEqualTo(fresh.runs().ac());
      }
    }
  }

  @Property(tries = 50)
  void aRunIsWhatItsCodesAreOneByOne(@ForAll long seed) throws Exception {
    HuffmanTable table = Codes.of(new Random(seed)).in(new HuffmanTable(true));
    for (int next = 0; next < 1 << SymbolRuns.BITS; next++) {
      int length = 0;
      int advance = 0;
      int entry = 0;
      while (length < SymbolRuns.BITS && (entry & SymbolRuns.END) == 0) {
        int code = table.lookup(next << (16 - SymbolRuns.BITS) << length & 0xFFFF);
        boolean whole = code != 0 && length + (code >>> 8) <= SymbolRuns.BITS;
        entry = whole ? SymbolRuns.entry(code >>> 8, code & 0xFF) : 0;
        if (entry == 0) {
          break;
        }
        length += entry & SymbolRuns.LENGTH_MASK;
        advance += SymbolRuns.advance(entry);
      }
      int run = table.runs().ac()[next];
      if (length == 0) {
        assertThat(SymbolRuns.advance(run)).as("bits %03X", next).isGreaterThan(63);
      } else {
        assertThat(run & SymbolRuns.LENGTH_MASK).as("bits %03X", next).isEqualTo(length);
        assertThat(SymbolRuns.advance(run)).as("bits %03X", next).isEqualTo(advance);
        assertThat(run & SymbolRuns.END).isEqualTo(entry & SymbolRuns.END);
      }
    }
  }

  @Test
  void aTableThatWasRefusedIsNotTakenForOneThatIsThere() throws Exception {
    JpegTables tables = new JpegTables();
    int[] tooMany = new int[16];
    tooMany[0] = 3;
    byte[] symbols = {1, 2, 3};
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> tables.load(true, 1, tooMany, symbols))
          .isInstanceOf(FrameDecodeException.class);
    }
  }

  @Test
  void tooManyCodesAreRefusedAndTheRoomIsGoodForTheNext() throws Exception {
    JpegTables tables = new JpegTables();
    int[] tooMany = new int[16];
    tooMany[0] = 3;
    assertThatThrownBy(() -> tables.load(true, 1, tooMany, new byte[] {1, 2, 3}))
        .isInstanceOf(FrameDecodeException.class)
        .hasMessageContaining("too many codes");
    int[] one = new int[16];
    one[0] = 1;
    HuffmanTable table = tables.load(true, 1, one, new byte[] {7});
    assertThat(table.lookup(0)).isEqualTo(1 << 8 | 7);
    assertThat(table.lookup(0x8000)).as("no code").isZero();
    assertThat(tables.load(true, 1, one, new byte[] {9})).as("the same room").isSameAs(table);
    assertThat(tables.load(false, 1, one, new byte[] {9})).as("rooms apart").isNotSameAs(table);
    assertThat(tables.load(true, 0, one, new byte[] {9})).isNotSameAs(table);
  }
}

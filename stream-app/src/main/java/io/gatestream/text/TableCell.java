package io.gatestream.text;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * A name from outside as the cell of a table: without what could drive the terminal, and no wider
 * than a column may become, so that one long name does not push all others off the screen. Outputs
 * for machines have the whole name.
 */
public final class TableCell {
  /** Columns on the screen. */
  static final int WIDEST = 40;

  private static final String CUT = "...";
  private static final Set<UnicodeScript> WIDE =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.BOPOMOFO,
          UnicodeScript.YI);

  private TableCell() {}

  /** {@code text}, its middle left out where it is too wide: names differ at their ends. */
  public static String of(String text) {
    String printable = Terminal.printable(text);
    if (width(printable) <= WIDEST) {
      return printable;
    }
    int[] letters = printable.codePoints().toArray();
    int half = (WIDEST - CUT.length()) / 2;
    StringBuilder head = new StringBuilder();
    for (int i = 0, taken = 0; taken + width(letters[i]) <= WIDEST - CUT.length() - half; i++) {
      head.appendCodePoint(letters[i]);
      taken += width(letters[i]);
    }
    int from = letters.length;
    for (int taken = 0; taken + width(letters[from - 1]) <= half; ) {
      from--;
      taken += width(letters[from]);
    }
    return head + CUT + new String(letters, from, letters.length - from);
  }

  /** Columns that {@code text} takes on a terminal, as far as one can know. */
  public static int width(String text) {
    return text.codePoints().map(TableCell::width).sum();
  }

  private static int width(int letter) {
    int type = Character.getType(letter);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean picture = letter >= 0x1F300 && letter <= 0x1FAFF;
    boolean fullForm = letter >= 0xFF01 && letter <= 0xFF60;
    return picture || fullForm || WIDE.contains(UnicodeScript.of(letter)) ? 2 : 1;
  }
}

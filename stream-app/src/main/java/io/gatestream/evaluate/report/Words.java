package io.gatestream.evaluate.report;

import java.util.Locale;

/** How figures look in the page; what is not defined is "-". */
final class Words {
  private Words() {}

  /** A share of 1 in percent. */
  static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}

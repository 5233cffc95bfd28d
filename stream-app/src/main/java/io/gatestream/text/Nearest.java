package io.gatestream.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody may have meant who wrote one that is not there. */
public final class Nearest {
  private Nearest() {}

  /**
   * Finds the name with the fewest slips of the hand between, where these are few for its length:
   * letters left out, put in, replaced, or swapped with the next. Else the only name that begins as
   * written: {@code eval} means {@code evaluate}.
   */
  public static Optional<String> to(String written, Collection<String> names) {
    Comparator<String> order =
        Comparator.<String>comparingInt(name -> distance(written, name))
            .thenComparing(Comparator.naturalOrder());
    Optional<String> near =
        names.stream().filter(name -> distance(written, name) <= slips(name)).min(order);
    return near.or(() -> only(written, names));
  }

  /** As a question to be put behind a message: {@code ": did you mean 'run'?"}, or nothing. */
  public static String question(String written, Collection<String> names) {
    return to(written, names).map(": did you mean '%s'?"::formatted).orElse("");
  }

  private static int slips(String name) {
    return Math.max(1, bare(name).length() / 3);
  }

  private static Optional<String> only(String written, Collection<String> names) {
    if (bare(written).length() < 3) {
      return Optional.empty();
    }
    List<String> longer = names.stream().filter(name -> name.startsWith(written)).limit(2).toList();
    return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
  }

  /** Dashes before an option do not make it longer. */
  private static String bare(String name) {
    return name.replaceFirst("^-+", "");
  }

  /** The distance of Damerau and Levenshtein in which no part is edited twice, case apart. */
  private static int distance(String written, String name) {
    String a = written.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
    int longer = Math.abs(a.length() - b.length());
    if (longer > slips(name)) {
      return longer; // at least; and no work for what is as long as a file
    }
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}

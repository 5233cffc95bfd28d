package io.gatestream.dist;

import java.util.regex.Pattern;

/** Which entries of jars are licences and notices that must go along. */
final class Notices {
  private static final Pattern NOTICE =
      Pattern.compile(
          "(?i)(META-INF/|META-INF/licenses/[^/]+/)?"
              + "(LICEN[CS]E|NOTICE|COPYING|ThirdPartyNotices|Privacy)[^/]*"
              + "|META-INF/(licenses?|notices?)/[^/]+");

  private Notices() {}

  static boolean isNotice(String entry) {
    return NOTICE.matcher(entry).matches() && !entry.endsWith(".class");
  }
}

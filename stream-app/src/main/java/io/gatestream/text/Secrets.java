package io.gatestream.text;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Takes passwords out of texts for people: of URLs, of Kafka settings, of JAAS entries. It rather
 * masks too much than a part too little. log4j2.xml does the same to what libraries log.
 */
public final class Secrets {
  private record Rule(Pattern pattern, String replacement) {
    static Rule of(String regex, String replacement) {
      return new Rule(Pattern.compile(regex), replacement);
    }
  }

  /** Not what Kafka writes in place of a password, or where there is none. */
  private static final String SHOWN = "(?!(?:\\[hidden]|null)\\s*(?:$|[,;\\n]))";

  /** Names of a query's values; cameras shorten them in many ways. */
  private static final String QUERY_NAMES =
      "pass|loginpas|pwd|psw|pswd|token|secret|key|auth|sig|cred|jwt|session|ticket";

  /** URLs as they were given, and how people may read them. */
  private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

  private static final Pattern USER =
      Pattern.compile("^([^:/?#]+:/{1,3})(?:.*:.*@|[^/?#]*@)", Pattern.DOTALL);

  private static final Pattern QUERY =
      Pattern.compile(
          "([?&;/](?:[^=&;/?]*(?:" + QUERY_NAMES + ")[^=&;/?]*)=)(?:(?![&;][^&;=]*=).)*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final List<Rule> RULES =
      List.of(
          // a password may hold slashes and at signs: everything up to the last one of the word
          Rule.of("(?<=://)(?:\\S*:\\S*@|[^/?#\\s]*@)", "***@"),
          // and spaces, where what follows the colon is no port
          Rule.of(
              "(?<=://)(?!\\[)[^/?#@\\s]*:(?!\\d{1,5}(?:[/?#\\s,;)'\"]|$))(?:(?!://)[^\\n])*@(?=[\\w\\[.-])",
              "***@"),
          // a URL whose slashes were forgotten
          Rule.of("(?<![^\\s/'\"=,(])[^\\s/:@'\"=,(]+:(?!//)[^\\s'\"]+@(?=[\\w\\[.-])", "***@"),
          Rule.of(
              "(?i)([?&][^=&\\s]*(?:" + QUERY_NAMES + ")[^=&\\s]*=)(?:(?!&[^&=\\s]*=)\\S)*",
              "$1***"),
          // SRT servers that take user and password as parts of the stream's name
          Rule.of("(?i)([?&]streamid=)[^&\\s]*[:,][^&\\s]*", "$1***"),
          // cameras that take it in the path
          Rule.of("(?i)([/;][^=&\\s/;]*(?:pass|pwd|token|secret)[^=&\\s/;]*=)[^&#\\s;/]*", "$1***"),
          Rule.of("(?i)(jaas\\.config['\"]?\\s*[=:]\\s*+)" + SHOWN + "[^\\n]+", "$1***"),
          Rule.of(
              "(?i)((?:password|passphrase|passwd|secret|token|keystore\\.key)['\"]?\\s*[=:]\\s*+)"
                  + SHOWN
                  + "(?:\"(?:\\\\.|[^\"\\\\])*\"|'[^']*'|[^\\s,;&]+)",
              "$1***"),
          // Kafka quotes the token of a JAAS entry at which it lost its way
          Rule.of("(control flag ')[^']*", "$1***"));

  private static final int MOST_KNOWN = 1_000;

  private Secrets() {}

  /**
   * The whole of {@code url} without passwords. In a sentence nobody can tell where a password with
   * spaces ends; here the end is known.
   */
  public static String maskUrl(String url) {
    String masked = USER.matcher(url).replaceFirst("$1***@");
    return mask(QUERY.matcher(masked).replaceAll("$1***"));
  }

  /**
   * Remembers a URL that was given, so that {@link #mask} knows it again in any text, such as one
   * that quotes a command line. Other texts are ignored.
   */
  public static void learn(String url) {
    if (KNOWN.size() < MOST_KNOWN && url.contains(":/")) {
      String masked = maskUrl(url);
      if (!masked.equals(mask(url))) {
        KNOWN.put(url, masked);
      }
    }
  }

  /** The text without passwords; the rest of it stays as it is. */
  public static String mask(String text) {
    String masked = text;
    for (Map.Entry<String, String> known : KNOWN.entrySet()) {
      masked = masked.replace(known.getKey(), known.getValue());
    }
    for (Rule rule : RULES) {
      masked = rule.pattern().matcher(masked).replaceAll(rule.replacement());
    }
    return masked;
  }
}

package io.gatestream.config;

import java.util.List;
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

  private static final List<Rule> RULES =
      List.of(
          // a password may hold slashes and at signs: everything up to the last one of the word
          Rule.of("(?<=://)(?:[^/?#@\\s]*:\\S*@|[^/?#\\s]*@)", "***@"),
          // a URL whose slashes were forgotten
          Rule.of("(?<![^\\s/'\"=,(])[^\\s/:@'\"=,(]+:(?!//)[^\\s'\"]+@(?=[\\w\\[.-])", "***@"),
          Rule.of(
              "(?i)([?&][^=&\\s]*(?:pass|pwd|token|secret|key|auth|sig)[^=&\\s]*=)[^&#\\s]*",
              "$1***"),
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

  private Secrets() {}

  /** The text without passwords; the rest of it stays as it is. */
  public static String mask(String text) {
    String masked = text;
    for (Rule rule : RULES) {
      masked = rule.pattern().matcher(masked).replaceAll(rule.replacement());
    }
    return masked;
  }
}

package io.gatestream.errors;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a failure and its causes say, in one text for people: the outermost message first, and each
 * cause that adds something.
 */
public final class Causes {
  /** A longer chain is a ring, or tells nobody anything. */
  private static final int MOST = 20;

  private Causes() {}

  /** The text; of a cause it takes the first line. No text is in it twice. */
  public static String text(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable next = failure;
        next != null && chain.size() < MOST && !chain.contains(next);
        next = next.getCause()) {
      chain.add(next);
      if (next instanceof OutageException || next instanceof ConfigException) {
        break;
      }
    }
    StringBuilder text = new StringBuilder();
    for (Throwable one : chain) {
      String own = own(one);
      if (text.isEmpty()) {
        text.append(own);
      } else if (!says(text.toString(), firstLine(own))
          && !(one instanceof IOException && says(text.toString(), IoReason.of(one)))) {
        text.append("; cause: ").append(firstLine(own));
      }
    }
    return text.toString();
  }

  private static boolean says(String text, String words) {
    return text.toLowerCase(Locale.ROOT).contains(words.toLowerCase(Locale.ROOT));
  }

  /**
   * What one failure itself says: that of its cause where it only wraps it, its kind where there is
   * nothing or a bare name.
   */
  private static String own(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage().strip();
    Throwable cause = failure.getCause();
    if (cause != null && message.equals(cause.toString().strip())) {
      return own(cause);
    }
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      return file.getFile() + ": " + IoReason.of(file);
    }
    String kind = failure.getClass().getSimpleName();
    if (message.isEmpty()) {
      return kind;
    }
    return message.contains(" ") ? message : kind + ": " + message;
  }

  /** The first line of a text, without blanks around it. */
  public static String firstLine(String text) {
    return text.lines().findFirst().orElse(text).strip();
  }
}

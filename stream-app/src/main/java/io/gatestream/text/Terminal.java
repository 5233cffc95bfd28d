package io.gatestream.text;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What standard output can show.
 *
 * @param interactive somebody watches: lines may be drawn over
 * @param colours escape codes for colours are welcome; never without {@code interactive}
 */
public record Terminal(boolean interactive, boolean colours) {
  public static final Terminal NONE = new Terminal(false, false);

  private static final String RESET = "\u001B[0m";

  /** This process's standard output. */
  public static Terminal detect() {
    return of(isTerminal(), System.getenv());
  }

  /** This process's standard error, which may go to a file while a terminal shows the rest. */
  public static Terminal detectError() {
    return isFile(Path.of("/proc/self/fd/2")) ? NONE : detect();
  }

  /**
   * Whether a link of the system leads to something else than a terminal; no where it cannot say.
   */
  static boolean isFile(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return !target.matches("/dev/(pts/|tty|console|vc/).*");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  public static Terminal of(boolean terminal, Map<String, String> environment) {
    boolean interactive = terminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(interactive, interactive && !refused);
  }

  /** From JDK 22 on there is a console even where output is redirected, and it has to be asked. */
  @SuppressWarnings("SystemConsoleNull") // asked below
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  public String bold(String text) {
    return styled("\u001B[1m", text);
  }

  public String yellow(String text) {
    return styled("\u001B[33m", text);
  }

  private String styled(String code, String text) {
    return colours ? code + text + RESET : text;
  }

  /** Goes to the start of the line {@code lines} higher and clears everything below. */
  public String backUp(int lines) {
    return interactive && lines > 0 ? "\u001B[%dF\u001B[J".formatted(lines) : "";
  }

  /**
   * {@code text} without characters that could drive the terminal, or change the direction or place
   * of what follows.
   */
  public static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }
}

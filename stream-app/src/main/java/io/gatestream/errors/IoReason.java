package io.gatestream.errors;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a file or a folder cannot be read or written, in words for the one who is to mend it. */
public final class IoReason {
  private static final String DISK_FULL = "no space left on device";
  private static final String QUOTA = "disk quota exceeded";

  /** As in {@code /a/b (Permission denied)}. */
  private static final Pattern IN_BRACKETS = Pattern.compile("\\(([A-Z][^()]*)\\)$");

  private IoReason() {}

  /** One clause without the file's name, such as {@code permission denied}. */
  public static String of(Throwable failure) {
    if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return of(unchecked.getCause());
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "there is a file of this name";
    }
    if (failure instanceof NotDirectoryException) {
      return "it is no folder";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (failure instanceof CharacterCodingException) {
      return "it is no text in UTF-8";
    }
    if (failure instanceof UnknownHostException) {
      return "unknown host " + failure.getMessage();
    }
    if (failure instanceof EOFException) {
      return "it ends too early";
    }
    return text(failure).map(IoReason::lowerFirst).orElse("input or output failed");
  }

  /**
   * What to do about a folder of the application's own that cannot be written.
   *
   * @param setting names another folder, as one types it
   */
  public static String remedy(IOException failure, String setting) {
    return isDiskFull(failure)
        ? "make room there, or give a folder on another disk with " + setting
        : "give a folder that this user may write with " + setting;
  }

  /** Whether {@code failure}, or what caused it, is a disk or a quota that is used up. */
  public static boolean isDiskFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains(DISK_FULL) || message.contains(QUOTA)) {
        return true;
      }
    }
    return false;
  }

  /** Whether nobody reads the pipe any more, as under {@code | head}. */
  public static boolean isBrokenPipe(Throwable failure) {
    return text(failure).filter("Broken pipe"::equals).isPresent();
  }

  private static Optional<String> text(Throwable failure) {
    if (failure instanceof FileSystemException ofFile && ofFile.getReason() != null) {
      return Optional.of(ofFile.getReason());
    }
    Optional<String> message = Optional.ofNullable(failure.getMessage());
    if (failure instanceof FileNotFoundException && message.isPresent()) {
      Matcher reason = IN_BRACKETS.matcher(message.get());
      return reason.find() ? Optional.of(reason.group(1)) : message;
    }
    return message;
  }

  private static String lowerFirst(String text) {
    boolean word = text.length() > 1 && Character.isLowerCase(text.charAt(1));
    return word ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
  }
}

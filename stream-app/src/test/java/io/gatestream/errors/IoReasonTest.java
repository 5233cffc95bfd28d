package io.gatestream.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class IoReasonTest {
  @TempDir Path folder;

  @Test
  void saysWhatHasHappenedToAFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("file"), "\u00e9", java.nio.charset.StandardCharsets.ISO_8859_1);

    requireReason(() -> Files.readString(folder.resolve("none")), "no such file or folder");
    requireReason(() -> Files.readAllBytes(folder), "is a directory");
    requireReason(() -> Files.newDirectoryStream(file), "it is no folder");
    requireReason(() -> Files.createDirectories(file), "there is a file of this name");
    requireReason(() -> Files.createFile(file.resolve("below")), "not a directory");
    requireReason(() -> Files.readString(file), "it is no text in UTF-8");
    requireReason(() -> Files.delete(folder), "the folder is not empty");
    requireReason(() -> new FileOutputStream(folder.toFile()).close(), "is a directory");
    requireReason(() -> Files.createFile(folder.resolve("x".repeat(300))), "file name too long");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void fullDiskIsCalledFull() {
    IOException full =
        catchThrowableOfType(
            IOException.class, () -> Files.writeString(Path.of("/dev/full"), "text"));

    assertThat(IoReason.of(full)).isEqualTo("no space left on device");
    assertThat(IoReason.isDiskFull(new IllegalStateException("step", full))).isTrue();
    assertThat(IoReason.remedy(full, "--state-dir"))
        .isEqualTo("make room there, or give a folder on another disk with --state-dir");
  }

  static Stream<Arguments> made() {
    return Stream.of(
        Arguments.of(
            new FileSystemException("f", null, "No space left on device"),
            "no space left on device"),
        Arguments.of(
            new FileSystemException("f", null, "Read-only file system"), "read-only file system"),
        Arguments.of(
            new FileSystemException("f", null, "Too many open files"), "too many open files"),
        Arguments.of(
            new FileSystemException("f", null, "Disk quota exceeded"), "disk quota exceeded"),
        Arguments.of(new AccessDeniedException("/root/x"), "permission denied"),
        Arguments.of(new FileNotFoundException("/root/x (Permission denied)"), "permission denied"),
        Arguments.of(new UnknownHostException("kafka.nowhere"), "unknown host kafka.nowhere"),
        Arguments.of(new UncheckedIOException(new AccessDeniedException("f")), "permission denied"),
        Arguments.of(new IOException(), "input or output failed"),
        Arguments.of(new IOException("JPEG is damaged"), "JPEG is damaged"));
  }

  @ParameterizedTest
  @MethodSource("made")
  void saysItWithoutTheNameOfAClass(Exception failure, String reason) {
    assertThat(IoReason.of(failure)).isEqualTo(reason);
  }

  @Test
  void otherDisksAreNotCalledFull() {
    IOException denied = new AccessDeniedException("/state");

    assertThat(IoReason.isDiskFull(denied)).isFalse();
    assertThat(IoReason.remedy(denied, "--state-dir"))
        .isEqualTo("give a folder that this user may write with --state-dir");
  }

  private static void requireReason(ThrowingCallable call, String reason) {
    assertThat(IoReason.of(catchThrowableOfType(IOException.class, call))).isEqualTo(reason);
  }
}

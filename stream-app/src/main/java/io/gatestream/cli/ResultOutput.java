package io.gatestream.cli;

import io.gatestream.errors.IoReason;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * Standard output that remembers why it could not be written: a {@link PrintStream} says only that.
 * After a failure it fails again without a try, so that whoever prints can see it and stop.
 * Thread-safe.
 */
final class ResultOutput extends OutputStream {
  private final OutputStream out;
  private volatile Optional<IOException> failure = Optional.empty();

  ResultOutput(OutputStream out) {
    this.out = out;
  }

  /** Puts itself in the place of standard output. */
  static ResultOutput install() {
    ResultOutput output = new ResultOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(output, true, charset()));
    return output;
  }

  /** From JDK 18 on the default is no longer that of the terminal. */
  private static Charset charset() {
    return Optional.ofNullable(System.getProperty("stdout.encoding"))
        .filter(Charset::isSupported)
        .map(Charset::forName)
        .orElseGet(Charset::defaultCharset);
  }

  /**
   * What to tell the user, empty where all was written. A pipe that nobody reads any more, as under
   * {@code | head}, is nothing to tell.
   */
  Optional<String> problem() {
    return failure
        .filter(thrown -> !IoReason.isBrokenPipe(thrown))
        .map(thrown -> "cannot write the results: " + IoReason.of(thrown));
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] octets, int from, int length) throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    try {
      out.write(octets, from, length);
    } catch (IOException e) {
      failure = Optional.of(e);
      throw e;
    }
  }
}

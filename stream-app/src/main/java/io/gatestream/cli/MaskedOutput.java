package io.gatestream.cli;

import io.gatestream.text.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Standard error without the passwords in it: whatever a library logs, and what the JVM says of an
 * exception that nobody caught. A line is written when it ends, or as far as it is when flushed.
 * Thread-safe.
 */
final class MaskedOutput extends OutputStream {
  private final OutputStream out;
  private final Charset charset;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  MaskedOutput(OutputStream out, Charset charset) {
    this.out = out;
    this.charset = charset;
  }

  /** Puts itself before standard error; to be called before the first logger is made. */
  static void install() {
    Charset charset = Charset.defaultCharset();
    System.setErr(new PrintStream(new MaskedOutput(System.err, charset), true, charset));
  }

  @Override
  public synchronized void write(int octet) throws IOException {
    line.write(octet);
    if (octet == '\n') {
      writeLine();
    }
  }

  @Override
  public synchronized void write(byte[] octets, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      write(octets[i]);
    }
  }

  private void writeLine() throws IOException {
    out.write(Secrets.mask(line.toString(charset)).getBytes(charset));
    line.reset();
  }

  @Override
  public synchronized void flush() throws IOException {
    writeLine();
    out.flush();
  }
}

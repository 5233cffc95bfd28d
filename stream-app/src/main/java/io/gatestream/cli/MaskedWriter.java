package io.gatestream.cli;

import io.gatestream.text.Secrets;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes lines without the passwords in them. A line is written when it ends, or as far as it is
 * when flushed. Locked like every writer.
 */
final class MaskedWriter extends Writer {
  private final Writer out;
  private final StringBuilder line = new StringBuilder();

  MaskedWriter(Writer out) {
    this.out = out;
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    synchronized (lock) {
      for (int i = from; i < from + length; i++) {
        line.append(text[i]);
        if (text[i] == '\n') {
          writeLine();
        }
      }
    }
  }

  private void writeLine() throws IOException {
    out.write(Secrets.mask(line.toString()));
    line.setLength(0);
  }

  @Override
  public void flush() throws IOException {
    synchronized (lock) {
      writeLine();
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (lock) {
      flush();
      out.close();
    }
  }
}

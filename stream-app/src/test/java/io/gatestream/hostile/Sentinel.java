package io.gatestream.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file and an address that nobody may touch. Reading is told by the file's access time, where the
 * file system keeps one; a connection waits in the socket's queue until it is asked for.
 */
public final class Sentinel implements AutoCloseable {
  private static final FileTime LONG_AGO = FileTime.fromMillis(946_684_800_000L);

  private final Path file;
  private final boolean timesKept;
  private final ServerSocket socket;

  public Sentinel(Path folder, byte[] content) throws IOException {
    file = Files.write(folder.resolve("sentinel.ts"), content);
    socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Path control = Files.write(folder.resolve("control"), content);
    reset(control);
    Files.readAllBytes(control);
    timesKept = accessed(control);
    reset(file);
  }

  private static void reset(Path path) throws IOException {
    Files.setAttribute(path, "lastAccessTime", LONG_AGO);
  }

  private static boolean accessed(Path path) throws IOException {
    return !Files.getAttribute(path, "lastAccessTime").equals(LONG_AGO);
  }

  /** The absolute path. */
  public String file() {
    return file.toAbsolutePath().toString();
  }

  /** {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Connects, for a test of the sentinel itself. */
  public void connect() throws IOException {
    new Socket(socket.getInetAddress(), socket.getLocalPort()).close();
  }

  /** Fails where somebody has read the file or connected. */
  public void requireUntouched() throws IOException {
    if (timesKept && accessed(file)) {
      throw new AssertionError(file + " was read");
    }
    socket.setSoTimeout(1);
    try (Socket caller = socket.accept()) {
      throw new AssertionError("somebody connected: " + caller);
    } catch (SocketTimeoutException e) {
      // as it should be
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

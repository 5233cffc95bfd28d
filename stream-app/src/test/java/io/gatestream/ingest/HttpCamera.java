package io.gatestream.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A camera that speaks HTTP; what it sends on each connection is up to the test. */
final class HttpCamera implements AutoCloseable {
  /** Sends what the camera has to send, for one connection. */
  interface Feed {
    void send(OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final List<Socket> open = new ArrayList<>();

  HttpCamera(String contentType, Feed feed) throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> serve(contentType, feed), "camera");
    thread.setDaemon(true);
    thread.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + "/" + path;
  }

  private void serve(String contentType, Feed feed) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        readRequest(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        out.write(
            ("HTTP/1.0 200 OK\r\nContent-Type: " + contentType + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        feed.send(out);
        socket.close();
      } catch (IOException e) {
        // the other side left, or the test is over
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    int last = 0;
    while (last != 0x0d0a0d0a) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      last = last << 8 | next;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.gatestream.bench;

import io.gatestream.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * The embedded broker as a process of its own, so that its processor time can be told from the
 * application's. It ends when its standard input does, which is when whoever started it is gone.
 */
final class BrokerMain {
  static final String LISTENING = "listening on ";

  private BrokerMain() {}

  /** Takes the data folder. */
  public static void main(String[] args) throws IOException {
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, Path.of(args[0]))) {
      System.out.println(LISTENING + broker.bootstrapServers());
      System.out.flush();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    System.exit(0);
  }
}

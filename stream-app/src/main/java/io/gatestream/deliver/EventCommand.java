package io.gatestream.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.errors.IoReason;
import io.gatestream.schema.LabelEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a shell command for each event, with the event as JSON on its standard input. An exit code
 * of 0 is a delivery. An event for which the command has failed three times in a row is refused.
 */
public final class EventCommand implements Outlet {
  static final int MOST_TRIES = 3;
  private static final long LONGEST_SECONDS = 60;

  private final String command;
  private String position = "";
  private int tries;

  public EventCommand(String command) {
    this.command = command;
  }

  @Override
  public Outcome deliver(Delivery delivery) throws InterruptedException {
    tries = delivery.position().equals(position) ? tries + 1 : 1;
    position = delivery.position();
    String why = run(delivery);
    if (why.isEmpty()) {
      return new Outcome.Done();
    }
    return tries < MOST_TRIES
        ? new Outcome.Failed(why)
        : new Outcome.Refused("%s, %d times".formatted(why, tries));
  }

  /** Why it failed; empty where it did not. */
  private String run(Delivery delivery) throws InterruptedException {
    Process process;
    try {
      process = builder(delivery.event()).start();
    } catch (IOException e) {
      return "the command cannot be run: " + IoReason.of(e);
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write(delivery.body().getBytes(UTF_8));
      in.write('\n');
    } catch (IOException e) {
      // a command need not read its input
    }
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        return "the command takes longer than %d s".formatted(LONGEST_SECONDS);
      }
      return process.exitValue() == 0
          ? ""
          : "the command ends with exit code %d".formatted(process.exitValue());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private ProcessBuilder builder(LabelEvent event) {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    ProcessBuilder builder =
        windows
            ? new ProcessBuilder("cmd", "/c", command)
            : new ProcessBuilder("/bin/sh", "-c", command);
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.put("GATESTREAM_EVENT_ID", event.getEventId());
    environment.put("GATESTREAM_EVENT_PHASE", event.getPhase().name());
    environment.put("GATESTREAM_EVENT_LABEL", withoutNul(event.getLabel()));
    environment.put("GATESTREAM_EVENT_STREAM", withoutNul(event.getStreamId()));
    return builder;
  }

  /** The system takes none in the environment. */
  private static String withoutNul(String text) {
    return text.replace("\0", "");
  }
}

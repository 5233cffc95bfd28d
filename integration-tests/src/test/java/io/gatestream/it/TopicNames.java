package io.gatestream.it;

/** The topics of one application. */
record TopicNames(String frames, String labels, String rejected, String events) {
  /** Labels and rejected records of {@code application} from a frames topic that others share. */
  static TopicNames of(String frames, String application) {
    return new TopicNames(
        frames, application + "-labels", application + "-rejected", application + "-events");
  }
}

package io.gatestream.deliver;

/** What became of an attempt to deliver an event. */
public sealed interface Outcome {
  /** It has arrived. */
  record Done() implements Outcome {}

  /** It will never be taken: it is named, and the next one is delivered. */
  record Refused(String why) implements Outcome {}

  /** It may be taken later: it is tried again, and those after it wait. */
  record Failed(String why) implements Outcome {}
}

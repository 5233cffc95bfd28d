package io.gatestream.config;

/** What becomes of frames that come faster than they can be labelled. */
public enum OverloadMode {
  KEEP_ALL,
  LATEST
}

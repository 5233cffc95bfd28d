package io.gatestream.config;

/** How log and messages are written to standard error. */
public enum LogFormat {
  TEXT,
  /** One JSON object a line. */
  JSON
}

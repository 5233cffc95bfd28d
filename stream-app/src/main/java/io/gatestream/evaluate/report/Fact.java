package io.gatestream.evaluate.report;

/** A name and its value, shown in one line. */
public record Fact(String name, String value) {}

package io.gatestream.cli;

/** The same where {@code bench} is a command too. */
final class WrongUsageWithBenchTest extends WrongUsageTest {}

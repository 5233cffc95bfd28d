package io.gatestream.bench;

/**
 * The limit of one stage under one setting.
 *
 * @param stage decode, encode, step, produce, consume or put
 * @param setting what was varied
 * @param fps frames a second
 */
public record StageFigure(String stage, String setting, Figure fps) {}

package io.gatestream.model;

/**
 * A file beside an ONNX file that holds weights of it, as model.json names it.
 *
 * @param file its name in the bundle
 * @param sha256 64 lower-case hex digits
 */
public record DataFile(String file, String sha256) {}

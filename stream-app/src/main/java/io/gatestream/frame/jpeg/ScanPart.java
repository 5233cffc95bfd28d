package io.gatestream.frame.jpeg;

/** A component in a scan, and the tables that its codes are of. */
record ScanPart(JpegComponent component, HuffmanTable dc, HuffmanTable ac) {}

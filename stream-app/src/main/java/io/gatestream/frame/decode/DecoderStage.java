package io.gatestream.frame.decode;

/**
 * What stands before every decoder of a process, decoders of trials included: a service that {@link
 * java.util.ServiceLoader} finds. The product has none; the faults of the tests are such stages.
 */
public interface DecoderStage {
  /**
   * Puts itself before a decoder, or gives that back as it is.
   *
   * @param real the result closes it
   */
  FrameDecoder before(FrameDecoder real);
}

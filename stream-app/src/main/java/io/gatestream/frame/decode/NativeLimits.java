package io.gatestream.frame.decode;

import org.bytedeco.javacpp.Pointer;

/** JavaCPP's own limits of memory as this process has them; 0 for none. */
public final class NativeLimits {
  private NativeLimits() {}

  /** Of what JavaCPP allocates itself. */
  public static long maxBytes() {
    NativeSetup.ensure();
    return Pointer.maxBytes();
  }

  /** Of the physical memory of the whole process. */
  public static long maxPhysicalBytes() {
    NativeSetup.ensure();
    return Pointer.maxPhysicalBytes();
  }
}

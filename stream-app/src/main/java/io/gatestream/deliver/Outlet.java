package io.gatestream.deliver;

/** Where events go. Used by one thread. */
@FunctionalInterface
public interface Outlet {
  /** Tries once, and takes a minute at most. */
  Outcome deliver(Delivery delivery) throws InterruptedException;
}

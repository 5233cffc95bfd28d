package io.gatestream.text;

import io.gatestream.errors.ConfigException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * A signal of the operating system that this process takes over.
 *
 * <p>By reflection on {@code sun.misc.Signal} (module jdk.unsupported, the only way to a signal):
 * the compiler's warning about that class cannot be suppressed, and warnings are errors here.
 */
final class ProcessSignal implements AutoCloseable {
  private final Object signal;
  private final Object formerHandler;

  private ProcessSignal(Object signal, Object formerHandler) {
    this.signal = signal;
    this.formerHandler = formerHandler;
  }

  /** Has the action run, on a thread of its own, each time the signal arrives. */
  static ProcessSignal handle(String name, Runnable action) {
    try {
      Object signal =
          Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
      return new ProcessSignal(signal, register(signal, handlerOf(action)));
    } catch (ReflectiveOperationException failure) {
      throw new ConfigException(
          "this JVM lets no program handle SIG%s: start it without -Xrs".formatted(name), failure);
    }
  }

  private static Object handlerOf(Runnable action) throws ClassNotFoundException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    InvocationHandler calls =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                action.run();
                yield null;
              }
              case "equals" -> arguments != null && proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "handler of " + action;
            };
    return Proxy.newProxyInstance(
        ProcessSignal.class.getClassLoader(), new Class<?>[] {type}, calls);
  }

  private static Object register(Object signal, Object handler)
      throws ReflectiveOperationException {
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal, handler);
  }

  /** Gives the signal back to whoever handled it before. */
  @Override
  public void close() {
    try {
      register(signal, formerHandler);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException("cannot give back " + signal, failure);
    }
  }
}

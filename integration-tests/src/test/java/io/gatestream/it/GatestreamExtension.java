package io.gatestream.it;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link Gatestream} of their own, and the shared {@link Recorded}, {@link Kafka} and
 * {@link SecuredBroker}. After each test, passed or failed, all its processes are ended; of a
 * failed one the logs' ends are printed.
 */
final class GatestreamExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(GatestreamExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Gatestream.class
        || type == Recorded.class
        || type == Kafka.class
        || type == SecuredBroker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == Gatestream.class) {
      return context
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              Gatestream.class, key -> new Gatestream(name(context)), Gatestream.class);
    }
    if (type == SecuredBroker.class) {
      return SecuredBroker.of(context);
    }
    Recorded recorded = Recorded.of(context);
    return type == Kafka.class ? recorded.kafka() : recorded;
  }

  private static String name(ExtensionContext context) {
    return "%s/%s"
        .formatted(
            context.getRequiredTestClass().getSimpleName(),
            context.getRequiredTestMethod().getName());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Gatestream gatestream = context.getStore(NAMESPACE).remove(Gatestream.class, Gatestream.class);
    if (gatestream == null) {
      return;
    }
    try (gatestream) {
      if (context.getExecutionException().isPresent()) {
        System.err.printf("%s failed%n%s", name(context), gatestream.tails());
      }
    }
  }
}

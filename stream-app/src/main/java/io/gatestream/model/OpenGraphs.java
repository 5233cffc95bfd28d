package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The two graphs of a bundle, open and found to be what model.json says. Whoever opened them closes
 * both.
 */
public record OpenGraphs(OrtGraph encoder, OrtGraph step) {
  /**
   * Opens the encoder where {@code provider} says and the step on the CPU.
   *
   * @throws ConfigException with the problems of both graphs
   */
  static OpenGraphs open(
      OrtEnvironment environment,
      ModelBundle bundle,
      Provider provider,
      RuntimeSettings settings,
      BatchSizes sizes) {
    OrtGraph encoder;
    try {
      encoder = openEncoder(environment, bundle, provider, settings, sizes);
    } catch (ConfigException e) {
      throw withProblemsOfStep(environment, bundle, e);
    }
    try {
      return new OpenGraphs(encoder, openStep(environment, bundle));
    } catch (RuntimeException e) {
      closeAfter(encoder, e);
      throw e;
    }
  }

  /** Closes what was opened before a failure, and keeps the failure first. */
  public static void closeAfter(AutoCloseable opened, RuntimeException failure) {
    try {
      opened.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }

  private static ConfigException withProblemsOfStep(
      OrtEnvironment environment, ModelBundle bundle, ConfigException ofEncoder) {
    try {
      openStep(environment, bundle).close();
      return ofEncoder;
    } catch (ConfigException ofStep) {
      ConfigException both =
          new ConfigException(
              Stream.of(ofEncoder, ofStep).flatMap(e -> e.problems().stream()).toList());
      both.addSuppressed(ofEncoder);
      both.addSuppressed(ofStep);
      return both;
    }
  }

  public static OrtGraph openEncoder(
      OrtEnvironment environment,
      ModelBundle bundle,
      Provider provider,
      RuntimeSettings settings,
      BatchSizes sizes) {
    return openEncoder(environment, bundle, provider, settings, sizes, Optional.empty());
  }

  static OrtGraph openEncoder(
      OrtEnvironment environment,
      ModelBundle bundle,
      Provider provider,
      RuntimeSettings settings,
      BatchSizes sizes,
      Optional<NodeProfile> profile) {
    EncoderSpec spec = bundle.encoder();
    try (SessionOptions options =
        provider == Provider.CPU
            ? SessionOptionsFactory.cpu(settings.intraOpThreads())
            : SessionOptionsFactory.gpu(provider, bundle, settings, sizes)) {
      if (profile.isPresent()) {
        profile.get().enable(options);
      }
      return open(
          environment,
          bundle,
          spec.file(),
          spec.sha256(),
          spec.data(),
          List.of(spec.frames()),
          List.of(spec.features()),
          options);
    } catch (OrtException e) {
      throw provider == Provider.CPU
          ? unreadable(bundle, spec.file(), e)
          : ProviderFailure.of(provider, e);
    }
  }

  static OrtGraph openStep(OrtEnvironment environment, ModelBundle bundle) {
    return openStep(environment, bundle, Provider.CPU, RuntimeSettings.DEFAULT, Optional.empty());
  }

  /** Opens the step where {@code provider} says: {@code run} itself steps on the CPU. */
  static OrtGraph openStep(
      OrtEnvironment environment,
      ModelBundle bundle,
      Provider provider,
      RuntimeSettings settings,
      Optional<NodeProfile> profile) {
    StepSpec spec = bundle.step();
    try (SessionOptions options =
        provider == Provider.CPU
            ? SessionOptionsFactory.cpu(1)
            : SessionOptionsFactory.gpuStep(provider, settings)) {
      if (profile.isPresent()) {
        profile.get().enable(options);
      }
      return open(
          environment,
          bundle,
          spec.file(),
          spec.sha256(),
          spec.data(),
          spec.inputs(),
          spec.outputs(),
          options);
    } catch (OrtException e) {
      throw provider == Provider.CPU
          ? unreadable(bundle, spec.file(), e)
          : ProviderFailure.of(provider, e);
    }
  }

  private static OrtGraph open(
      OrtEnvironment environment,
      ModelBundle bundle,
      String file,
      String sha256,
      List<DataFile> data,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      SessionOptions options)
      throws OrtException {
    String path = bundle.folder().resolve(file).toString();
    ByteBuffer graph = BundleFiles.mapVerified(bundle.folder(), file, sha256);
    boolean whole = ExternalData.check(bundle.folder(), file, graph, data);
    // only by its path does ONNX Runtime find what lies beside it
    OrtGraph opened =
        new OrtGraph(
            path,
            whole
                ? environment.createSession(graph, options)
                : environment.createSession(path, options));
    try {
      List<String> problems =
          opened.call(session -> GraphCheck.problems(path, session, inputs, outputs));
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      return opened;
    } catch (RuntimeException e) {
      closeAfter(opened, e);
      throw e;
    }
  }

  private static ConfigException unreadable(ModelBundle bundle, String file, OrtException e) {
    return new ConfigException(
        "%s: ONNX Runtime cannot open it: %s"
            .formatted(bundle.folder().resolve(file), e.getMessage()),
        e);
  }
}

package io.gatestream.cli;

import io.gatestream.model.ModelBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of a bundle.
 *
 * @param sha256 its hash where model.json gives one, which was verified when the bundle was read
 */
record BundleFile(String name, long bytes, Optional<String> sha256) {
  static List<BundleFile> of(ModelBundle bundle) {
    List<BundleFile> files = new ArrayList<>();
    files.add(of(bundle, "model.json", Optional.empty()));
    files.add(of(bundle, bundle.encoder().file(), Optional.of(bundle.encoder().sha256())));
    files.add(of(bundle, bundle.step().file(), Optional.of(bundle.step().sha256())));
    Stream.concat(bundle.encoder().data().stream(), bundle.step().data().stream())
        .distinct()
        .forEach(data -> files.add(of(bundle, data.file(), Optional.of(data.sha256()))));
    return files;
  }

  private static BundleFile of(ModelBundle bundle, String name, Optional<String> sha256) {
    try {
      return new BundleFile(name, Files.size(bundle.folder().resolve(name)), sha256);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.gatestream.model;

import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;

/** What a bundle takes of memory, as far as model.json and the files tell. */
public final class ModelMemory {
  private ModelMemory() {}

  /** Bytes of the tensors of one step call. */
  public static long stepBytes(ModelBundle bundle) {
    return Stream.concat(bundle.step().inputs().stream(), bundle.step().outputs().stream())
        .mapToLong(
            tensor ->
                Float.BYTES
                    * tensor.shape().stream()
                        .skip(1)
                        .mapToLong(Integer::longValue)
                        .reduce(1, Math::multiplyExact))
        .sum();
  }

  /** Bytes of the graphs and their weights on disk, which ONNX Runtime reads into memory. */
  public static long fileBytes(ModelBundle bundle) {
    return Stream.of(
            Stream.of(bundle.encoder().file(), bundle.step().file()),
            bundle.encoder().data().stream().map(DataFile::file),
            bundle.step().data().stream().map(DataFile::file))
        .flatMap(names -> names)
        .distinct()
        .mapToLong(name -> size(bundle, name))
        .sum();
  }

  private static long size(ModelBundle bundle, String name) {
    try {
      return Files.size(bundle.folder().resolve(name));
    } catch (IOException e) {
      throw new OutageException(
          "cannot read %s: %s".formatted(bundle.folder().resolve(name), IoReason.of(e)), e);
    }
  }
}

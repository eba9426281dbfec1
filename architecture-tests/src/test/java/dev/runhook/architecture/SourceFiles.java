package dev.runhook.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The Java files below a folder, without what a build has made.
///
/// @param root absolute
record SourceFiles(Path root) {
  /// Ours, wherever in the house the tests were started.
  static SourceFiles ofProject() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("domain/src/main/java"))
          && Files.isDirectory(folder.resolve("bootstrap/src/main/java"))) {
        return new SourceFiles(folder);
      }
    }
    throw new IllegalStateException("no sources are found above " + Path.of("").toAbsolutePath());
  }

  List<Path> all() {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !isBuilt(path))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The files that are longer, each with its length.
  List<String> longerThan(int lines) {
    return all().stream()
        .filter(file -> lengthOf(file) > lines)
        .map(file -> root.relativize(file) + " has " + lengthOf(file) + " lines")
        .toList();
  }

  private boolean isBuilt(Path file) {
    return root.relativize(file).startsWith("target")
        || root.relativize(file).toString().contains("/target/");
  }

  private static long lengthOf(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.runhook.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The Java files in a directory, without the output of builds.
///
/// @param root an absolute path
record SourceFiles(Path root) {
  /// The files of the project that contains the working directory.
  static SourceFiles ofProject() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("domain/src/main/java"))
          && Files.isDirectory(folder.resolve("bootstrap/src/main/java"))) {
        return new SourceFiles(folder);
      }
    }
    throw new IllegalStateException(
        "no directory with sources above " + Path.of("").toAbsolutePath());
  }

  /// The files in a subdirectory.
  SourceFiles in(String directory) {
    return new SourceFiles(root.resolve(directory));
  }

  List<Path> all() {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !isBuildOutput(path))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Finds the files that contain the text.
  List<String> findContaining(String text) {
    return all().stream()
        .filter(file -> linesOf(file).stream().anyMatch(line -> line.contains(text)))
        .map(file -> root.relativize(file).toString())
        .toList();
  }

  private boolean isBuildOutput(Path file) {
    return root.relativize(file).startsWith("target")
        || root.relativize(file).toString().contains("/target/");
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

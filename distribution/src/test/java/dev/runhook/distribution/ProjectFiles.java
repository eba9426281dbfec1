package dev.runhook.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The files of the project. Tests run in the directory of this module.
final class ProjectFiles {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern VARIABLE = Pattern.compile("\\bRUNHOOK_[A-Z0-9_]+");

  private ProjectFiles() {}

  static Path path(String name) {
    return ROOT.resolve(name);
  }

  static String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The `RUNHOOK_…` variables that a text contains.
  static Set<String> environmentVariables(String text) {
    Set<String> names = new TreeSet<>();
    VARIABLE.matcher(text).results().forEach(match -> names.add(match.group()));
    return names;
  }
}

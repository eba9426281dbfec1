package dev.runhook.systemtests.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// Source files from which documents quote, so that quotations are compiled and tested.
final class QuotedSources {
  private final List<List<String>> files;

  private QuotedSources(List<List<String>> files) {
    this.files = files;
  }

  /// @param ending the ending of the file names
  static QuotedSources fromFilesEndingIn(String ending) {
    try (Stream<Path> files = Files.walk(MarkdownDocument.root())) {
      return new QuotedSources(
          files
              .filter(file -> file.toString().endsWith(ending))
              .filter(file -> !file.toString().contains("/target/"))
              .map(QuotedSources::read)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether a file contains these lines in sequence, with any indentation.
  boolean contain(String text) {
    List<String> quoted = stripped(text.strip().lines());
    return files.stream().anyMatch(file -> Collections.indexOfSubList(file, quoted) >= 0);
  }

  private static List<String> read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return stripped(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> stripped(Stream<String> lines) {
    return lines.map(String::strip).toList();
  }
}

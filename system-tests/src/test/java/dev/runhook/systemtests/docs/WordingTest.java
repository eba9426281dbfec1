package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks that sources, resources and documents contain none of the words that the style of this
/// project excludes.
class WordingTest {
  private static final Pattern EXCLUDED_WORDS =
      Pattern.compile(
          """
          \\b(told|hear[sd]? of|anew|mend(s|ed)?|somebody|nobody|anybody|everybody|whoever|whatever\
          |besides?|amid|lest|save for|cannot be had|so many|forget|forgot|forgotten)\\b\
          |(?<!\\bthere )\\bis no (?!longer\\b|more\\b|less\\b|later\\b|earlier\\b)\\w\
          """,
          Pattern.CASE_INSENSITIVE);

  /// The secret of the test vectors that GitHub publishes, and a method of the JDK.
  private static final List<String> NAMES_OF_OTHERS =
      List.of("It's a Secret to Everybody", "BodyPublishers.noBody()");

  private static final Pattern TEXT_FILE =
      Pattern.compile(".*\\.(java|sql|ya?ml|js|css|html|properties|md)");

  private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", ".git", "data", "test");

  @Test
  void the_sources_resources_and_documents_use_plain_english() throws IOException {
    List<Path> files = textFiles(MarkdownDocument.root());

    assertThat(files).hasSizeGreaterThan(300);
    assertThat(files.stream().flatMap(file -> findExcludedWords(file).stream())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The receiver is told of the run.",
        "// nobody reads this",
        "Whatever the server sends",
        "This is no error.",
        "so many attempts",
        "The port is forgotten."
      })
  void an_excluded_word_is_detected(String text) {
    assertThat(EXCLUDED_WORDS.matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "There is no database.",
        "The lease is no longer valid.",
        "The receiver accepts the delivery.",
        "the wait is no more than 24 h"
      })
  void plain_english_is_accepted(String text) {
    assertThat(EXCLUDED_WORDS.matcher(text).find()).isFalse();
  }

  private static List<String> findExcludedWords(Path file) {
    List<String> found = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        for (String name : NAMES_OF_OTHERS) {
          line = line.replace(name, "");
        }
        if (EXCLUDED_WORDS.matcher(line).find()) {
          Path path = MarkdownDocument.root().relativize(file);
          found.add("%s:%d: %s".formatted(path, i + 1, line.strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// The text files of the project, except tests and the glossary, which quotes the excluded words.
  private static List<Path> textFiles(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return SKIPPED_DIRECTORIES.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (TEXT_FILE.matcher(file.toString()).matches()
                && !file.endsWith("docs/glossary.md")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}

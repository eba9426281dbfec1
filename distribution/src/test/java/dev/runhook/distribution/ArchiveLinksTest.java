package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The links in the documents of a release archive.
class ArchiveLinksTest {
  private static final Path ROOT = ProjectFiles.path("");
  private static final Pattern INCLUDE = Pattern.compile("<include>(.+)</include>");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");

  @Test
  void every_link_target_is_in_the_archive() throws IOException {
    List<PathMatcher> packed = packed();
    List<Path> documents = documents(packed);

    assertThat(documents).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/api.md"));
    for (Path document : documents) {
      LINK.matcher(Files.readString(document))
          .results()
          .map(link -> document.resolveSibling(link.group(1)).normalize())
          .forEach(target ->
              assertThat(isPacked(packed, target))
                  .as("%s links to %s", ROOT.relativize(document), ROOT.relativize(target))
                  .isTrue());
    }
  }

  private static List<PathMatcher> packed() {
    return INCLUDE
        .matcher(ProjectFiles.text("distribution/src/main/assembly/archive.xml"))
        .results()
        .map(include -> FileSystems.getDefault().getPathMatcher("glob:" + include.group(1)))
        .toList();
  }

  private static List<Path> documents(List<PathMatcher> packed) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> isPacked(packed, file))
          .toList();
    }
  }

  /// A directory counts as packed if a file in it is packed.
  private static boolean isPacked(List<PathMatcher> packed, Path target) {
    Path path = ROOT.relativize(target);
    return packed.stream()
        .anyMatch(pattern ->
            pattern.matches(path)
                || (Files.isDirectory(target) && pattern.matches(path.resolve("something"))));
  }
}

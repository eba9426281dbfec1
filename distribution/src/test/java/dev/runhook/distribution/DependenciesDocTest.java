package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/internals/dependencies.md` lists exactly the libraries of the service.
class DependenciesDocTest {
  private static final Path LIBRARIES = ProjectFiles.path("bootstrap/target/lib");
  private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9._-]+)`");
  private static final Pattern JAR = Pattern.compile("(.+?)-\\d[^-]*(-SNAPSHOT)?\\.jar");

  @Test
  void the_document_lists_the_packaged_libraries() throws IOException {
    Prerequisite.require(
        Files.isDirectory(LIBRARIES), "the service is not packaged: run mvn verify");
    Set<String> packaged = packaged();

    assertThat(documented()).isEqualTo(packaged);
    assertThat(ProjectFiles.text("docs/internals/dependencies.md"))
        .contains(packaged.size() + " jars");
  }

  private static Set<String> packaged() throws IOException {
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      return jars.map(jar -> JAR.matcher(jar.getFileName().toString()))
          .map(name -> name.matches() ? name.group(1) : "")
          .filter(name -> !name.startsWith("runhook"))
          .map(name -> name.replaceFirst("(binaries)-.*", "$1-linux-amd64"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> documented() {
    List<String> rows =
        ProjectFiles.text("docs/internals/dependencies.md")
            .lines()
            .filter(line -> line.startsWith("| `"))
            .toList();
    return rows.stream()
        .flatMap(row -> NAME.matcher(row.split("\\|", -1)[1]).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

package dev.runhook.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// Checks the class path of the packaged program, which is in the manifest of its jar.
class PackagedClassPathIT {
  private static final Path TARGET = SourceFiles.ofProject().root().resolve("bootstrap/target");

  @Test
  void every_entry_of_the_class_path_exists() throws IOException {
    assertThat(classPath())
        .anyMatch(jar -> jar.startsWith("lib/runhook-domain-"))
        .anyMatch(jar -> jar.startsWith("lib/runhook-adapters-http-"))
        .allSatisfy(jar -> assertThat(TARGET.resolve(jar)).isRegularFile());
  }

  @Test
  void the_class_path_contains_no_test_libraries() throws IOException {
    assertThat(classPath())
        .noneMatch(jar ->
            jar.matches(
                "lib/(runhook-application-testkit|junit|assertj|archunit|awaitility|hamcrest|opentest4j)-.*"));
  }

  private static List<String> classPath() throws IOException {
    Path jar = TARGET.resolve("runhook.jar");
    assertThat(Files.isRegularFile(jar)).as("%s, which `mvn package` creates", jar).isTrue();
    try (JarFile program = new JarFile(jar.toFile())) {
      return List.of(
          program
              .getManifest()
              .getMainAttributes()
              .getValue(Attributes.Name.CLASS_PATH)
              .split(" "));
    }
  }
}

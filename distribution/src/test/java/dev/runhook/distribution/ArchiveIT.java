package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The release archive, unpacked into an empty directory and run without Maven on the path, and the
/// jar that is downloaded alone. Requires `mvn -Prelease verify`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveIT {
  private Path home = Path.of("");

  @BeforeAll
  void unpack(@TempDir Path folder) throws Exception {
    run(folder, List.of("tar", "xzf", archive().toAbsolutePath().toString()));
    try (Stream<Path> unpacked = Files.list(folder)) {
      home = unpacked.findFirst().orElseThrow();
    }
  }

  @Test
  void the_archive_contains_the_launcher_the_documents_the_licenses_and_the_sbom()
      throws IOException {
    assertThat(home.resolve("runhook")).isExecutable();
    assertThat(home.resolve("LICENSE")).isNotEmptyFile();
    assertThat(home.resolve("README.md")).isNotEmptyFile();
    assertThat(Files.readString(home.resolve("THIRD-PARTY.txt"))).contains("io.javalin:javalin");
    assertThat(Files.readString(home.resolve("sbom.json")))
        .contains("\"bomFormat\" : \"CycloneDX\"", "pkg:maven/org.postgresql/postgresql@");
  }

  @Test
  void the_archive_runs_the_demo_without_maven() throws Exception {
    String printed = run(home, List.of("./runhook", "demo", "--once"));

    assertThat(printed)
        .contains("signature verified", "All 8 state changes arrived")
        .doesNotContain("building");
  }

  @Test
  void the_jar_runs_the_demo_alone(@TempDir Path folder) throws Exception {
    Path jar = Path.of("target", "runhook.jar").toAbsolutePath();

    String printed =
        run(
            folder,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                jar.toString(),
                "demo",
                "--once"));

    assertThat(printed)
        .contains("signature verified", "All 8 state changes arrived")
        .doesNotContain("WARNING");
  }

  @Test
  void the_jar_contains_the_database_of_each_platform_and_all_licenses() throws IOException {
    try (JarFile jar = new JarFile(Path.of("target", "runhook.jar").toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .contains(
              "postgres-linux-x86_64.txz",
              "postgres-linux-arm_64.txz",
              "postgres-darwin-arm_64.txz",
              "META-INF/THIRD-PARTY.txt");
      assertThat(text(jar, "META-INF/LICENSE"))
          .contains("Apache License", "PostgreSQL Global Development Group");
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getJarEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Path archive() throws IOException {
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      return built.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
  }

  private static String run(Path folder, List<String> command) throws Exception {
    Path output = Files.createTempFile("archive", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PATH", "/usr/bin:/bin");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      String printed = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(printed).isZero();
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}

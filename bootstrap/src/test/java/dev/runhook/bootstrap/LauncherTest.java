package dev.runhook.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The script `./runhook` as it is in a release archive, with a Java that only says what it was
/// told.
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "runhook");
  private static final String JAVA = "#!/bin/sh\necho \"java $*\"\n";

  @TempDir private Path archive;

  @BeforeEach
  void unpack() throws IOException {
    Files.copy(SCRIPT, archive.resolve("runhook"));
    Files.createFile(archive.resolve("runhook.jar"));
    Files.createDirectories(archive.resolve("jdk/bin"));
    Files.writeString(archive.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
    Path java = Files.writeString(archive.resolve("jdk/bin/java"), JAVA);
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "demo", "demo --once"})
  void the_first_start_of_a_server_prepares_fast_ones(String arguments) throws Exception {
    String said = run(arguments);

    assertThat(said).contains("preparing fast starts").endsWith("runhook.jar " + arguments + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo --help", "serve -h", "serve --version", "config", "--help"})
  void whoever_asks_for_help_does_not_wait_for_that(String arguments) throws Exception {
    String said = run(arguments);

    assertThat(said).startsWith("java ").endsWith("runhook.jar " + arguments + "\n");
  }

  @Test
  void without_arguments_the_program_says_what_there_is() throws Exception {
    assertThat(run("")).startsWith("java ").endsWith("runhook.jar\n");
  }

  @Test
  void an_archive_without_the_program_says_so() throws Exception {
    Files.delete(archive.resolve("runhook.jar"));

    assertThat(run("serve", 1)).contains("there is no build here, and nothing to build it from");
  }

  @Test
  void bench_says_that_it_is_not_in_an_archive() throws Exception {
    assertThat(run("bench delivery", 1)).contains("bench is no part of a release archive");
  }

  private String run(String arguments) throws IOException, InterruptedException {
    return run(arguments, 0);
  }

  private String run(String arguments, int code) throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", "exec ./runhook " + arguments)
            .directory(archive.toFile())
            .redirectErrorStream(true);
    shell.environment().keySet().removeIf(name -> name.startsWith("RUNHOOK_"));
    shell.environment().put("JAVA_HOME", archive.resolve("jdk").toString());
    Path output = archive.resolve("output");
    Process process = shell.redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("%s ends", arguments).isTrue();
      String said = Files.readString(output);
      assertThat(process.exitValue()).as(said).isEqualTo(code);
      return said;
    } finally {
      process.destroy();
    }
  }
}

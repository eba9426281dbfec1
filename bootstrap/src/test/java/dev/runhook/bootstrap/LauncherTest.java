package dev.runhook.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private String run(String arguments) throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", "./runhook " + arguments)
            .directory(archive.toFile())
            .redirectErrorStream(true);
    shell.environment().keySet().removeIf(name -> name.startsWith("RUNHOOK_"));
    shell.environment().put("JAVA_HOME", archive.resolve("jdk").toString());
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}

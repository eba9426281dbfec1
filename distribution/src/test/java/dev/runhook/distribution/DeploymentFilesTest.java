package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `compose.yaml` and the unit of systemd. Neither an engine nor systemd runs where this is built,
/// so they are checked by what is known of their form.
class DeploymentFilesTest {
  private static final Set<String> KEYS_OF_A_SERVICE =
      Set.of(
          "image",
          "command",
          "environment",
          "ports",
          "volumes",
          "depends_on",
          "healthcheck",
          "restart",
          "stop_grace_period",
          "profiles");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compose.yaml",
        "deploy/kubernetes/runhook.yaml",
        "deploy/systemd/runhook.service",
        "distribution/pom.xml"
      })
  void each_variable_is_one_that_the_product_knows(String file) {
    Set<String> known =
        ProjectFiles.environmentVariables(ProjectFiles.text("docs/configuration.md"));

    assertThat(known).contains("RUNHOOK_DATABASE_URL");
    assertThat(ProjectFiles.environmentVariables(ProjectFiles.text(file)))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void compose_names_only_what_it_has() throws IOException {
    JsonNode compose = new YAMLMapper().readTree(ProjectFiles.text("compose.yaml"));
    JsonNode services = compose.path("services");

    assertThat(names(compose)).containsOnly("name", "services", "volumes");
    assertThat(names(services)).containsExactlyInAnyOrder("postgres", "runhook", "receiver");
    for (JsonNode service : services) {
      assertThat(names(service)).isSubsetOf(KEYS_OF_A_SERVICE).contains("image");
      assertThat(names(service.path("depends_on"))).isSubsetOf(names(services));
      for (JsonNode volume : service.path("volumes")) {
        assertThat(names(compose.path("volumes"))).contains(volume.asText().split(":", 2)[0]);
      }
    }
  }

  @Test
  void compose_gives_commands_options_that_they_have() throws Exception {
    JsonNode services =
        new YAMLMapper().readTree(ProjectFiles.text("compose.yaml")).path("services");
    for (String name : List.of("runhook", "receiver")) {
      List<String> command =
          StreamSupport.stream(services.path(name).path("command").spliterator(), false)
              .map(JsonNode::asText)
              .toList();

      String help = helpOf(command.getFirst());

      assertThat(command.stream().filter(word -> word.startsWith("--"))).allMatch(help::contains);
      assertThat(help).contains("Usage: runhook " + command.getFirst());
    }
  }

  @Test
  void systemd_understands_the_unit(@TempDir Path folder) throws Exception {
    Path analyze = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(analyze), "systemd-analyze is not here");
    Path unit = folder.resolve("runhook.service");
    // the program is not installed here
    Files.writeString(
        unit,
        ProjectFiles.text("deploy/systemd/runhook.service")
            .replace("/opt/runhook/runhook", "/bin/true"));

    Process process =
        new ProcessBuilder(analyze.toString(), "verify", "--man=no", unit.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said.lines().filter(line -> line.contains("runhook.service"))).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  private static String helpOf(String command) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.runhook.bootstrap.cli.Main",
                command,
                "--help")
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }
}

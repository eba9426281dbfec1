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

/// Checks `compose.yaml` and the systemd unit statically: neither a container engine nor systemd is
/// required for the build.
class DeploymentFilesTest {
  private static final Set<String> SERVICE_KEYS =
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
  void every_environment_variable_is_documented(String file) {
    Set<String> documented =
        ProjectFiles.environmentVariables(ProjectFiles.text("docs/configuration.md"));

    assertThat(documented).contains("RUNHOOK_DATABASE_URL");
    assertThat(ProjectFiles.environmentVariables(ProjectFiles.text(file)))
        .isNotEmpty()
        .isSubsetOf(documented);
  }

  @Test
  void the_compose_file_is_consistent() throws IOException {
    JsonNode compose = new YAMLMapper().readTree(ProjectFiles.text("compose.yaml"));
    JsonNode services = compose.path("services");

    assertThat(names(compose)).containsOnly("name", "services", "volumes");
    assertThat(names(services)).containsExactlyInAnyOrder("postgres", "runhook", "receiver");
    for (JsonNode service : services) {
      assertThat(names(service)).isSubsetOf(SERVICE_KEYS).contains("image");
      assertThat(names(service.path("depends_on"))).isSubsetOf(names(services));
      for (JsonNode volume : service.path("volumes")) {
        assertThat(names(compose.path("volumes"))).contains(volume.asText().split(":", 2)[0]);
      }
    }
  }

  @Test
  void the_commands_in_the_compose_file_have_valid_options() throws Exception {
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
  void systemd_accepts_the_unit(@TempDir Path folder) throws Exception {
    Path analyze = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(analyze), "systemd-analyze is not installed");
    Path unit = folder.resolve("runhook.service");
    // the program is not installed on the build machine
    Files.writeString(
        unit,
        ProjectFiles.text("deploy/systemd/runhook.service")
            .replace("/opt/runhook/runhook", "/bin/true"));

    Process process =
        new ProcessBuilder(analyze.toString(), "verify", "--man=no", unit.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output.lines().filter(line -> line.contains("runhook.service"))).isEmpty();
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

package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks `compose.yaml` and `deploy` statically: neither a container engine nor systemd is
/// required for the build.
class DeploymentFilesTest {
  private static final String DEPLOY = ProjectFiles.path("deploy").toString();

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
          "profiles",
          "secrets",
          "networks",
          "tmpfs",
          "read_only",
          "cap_drop",
          "cap_add",
          "security_opt");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compose.yaml",
        "deploy/kubernetes/runhook.yaml",
        "deploy/systemd/runhook.service",
        "distribution/pom.xml"
      })
  void every_environment_variable_is_documented(String file) {
    String settings = ProjectFiles.text("docs/configuration.md");
    Set<String> documented = ProjectFiles.environmentVariables(settings);
    settings
        .lines()
        .filter(line -> line.contains("` † |"))
        .flatMap(line -> ProjectFiles.environmentVariables(line.split("†", 2)[0]).stream())
        .forEach(secret -> documented.add(secret + "_FILE"));

    assertThat(documented).contains("RUNHOOK_DATABASE_URL");
    assertThat(ProjectFiles.environmentVariables(ProjectFiles.text(file)))
        .isNotEmpty()
        .isSubsetOf(documented);
  }

  @Test
  void the_compose_file_is_consistent() throws IOException {
    JsonNode compose = new YAMLMapper().readTree(ProjectFiles.text("compose.yaml"));
    JsonNode services = compose.path("services");

    assertThat(names(compose)).containsOnly("name", "services", "secrets", "networks", "volumes");
    assertThat(names(services)).containsExactlyInAnyOrder("postgres", "runhook", "receiver");
    for (JsonNode service : services) {
      assertThat(names(service)).isSubsetOf(SERVICE_KEYS).contains("image");
      assertThat(names(service.path("depends_on"))).isSubsetOf(names(services));
      assertThat(texts(service.path("secrets"))).isSubsetOf(names(compose.path("secrets")));
      assertThat(texts(service.path("networks"))).isSubsetOf(names(compose.path("networks")));
      for (JsonNode volume : service.path("volumes")) {
        assertThat(names(compose.path("volumes"))).contains(volume.asText().split(":", 2)[0]);
      }
    }
  }

  @Test
  void every_container_has_minimal_privileges() throws IOException {
    JsonNode services =
        new YAMLMapper().readTree(ProjectFiles.text("compose.yaml")).path("services");

    for (JsonNode service : services) {
      assertThat(service.path("read_only").asBoolean()).isTrue();
      assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
      assertThat(texts(service.path("security_opt"))).containsExactly("no-new-privileges:true");
    }
    assertThat(ProjectFiles.text("compose.yaml")).doesNotContain("PASSWORD:", "_KEY:");
    assertThat(services.at("/runhook/environment/RUNHOOK_ALLOWED_NETWORKS").asText())
        .isEqualTo("${RUNHOOK_ALLOWED_NETWORKS:-}");
  }

  @Test
  void the_commands_in_the_compose_file_have_valid_options() throws Exception {
    JsonNode services =
        new YAMLMapper().readTree(ProjectFiles.text("compose.yaml")).path("services");
    for (String name : List.of("runhook", "receiver")) {
      List<String> command = texts(services.path(name).path("command"));

      String help = helpOf(command.getFirst());

      assertThat(command.stream().filter(word -> word.startsWith("--"))).allMatch(help::contains);
      assertThat(help).contains("Usage: runhook " + command.getFirst());
    }
  }

  @Test
  void systemd_accepts_the_unit(@TempDir Path folder) throws Exception {
    Process process = analyze(folder, "verify", "--man=no");
    String output = output(process);

    assertThat(output.lines().filter(line -> line.contains("runhook.service"))).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void systemd_rates_the_exposure_of_the_unit_as_low(@TempDir Path folder) throws Exception {
    Process process = analyze(folder, "security", "--offline=true", "--threshold=12");
    String output = output(process);

    assertThat(process.waitFor()).as("an exposure of 1.2 of 10 at most%n%s", output).isZero();
  }

  @Test
  void shellcheck_accepts_the_scripts() throws Exception {
    Process process =
        start(
            "/usr/bin/shellcheck",
            "-x",
            "-P",
            "SCRIPTDIR",
            "-s",
            "bash",
            DEPLOY + "/backup",
            DEPLOY + "/restore",
            DEPLOY + "/database.sh");

    assertThat(output(process)).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void yamllint_accepts_the_manifests_and_the_compose_file() throws Exception {
    String rules =
        """
        {extends: default, rules: {line-length: {max: 120}, document-start: disable,
          comments: {min-spaces-from-content: 1}}}
        """;

    Process process =
        start(
            "/usr/bin/yamllint",
            "--strict",
            "-d",
            rules,
            DEPLOY + "/kubernetes",
            ProjectFiles.path("compose.yaml").toString());

    assertThat(output(process)).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  private static Process analyze(Path folder, String... arguments) throws IOException {
    Path unit = folder.resolve("runhook.service");
    // the program is not installed on the build machine
    Files.writeString(
        unit,
        ProjectFiles.text("deploy/systemd/runhook.service")
            .replace("/opt/runhook/runhook", "/bin/true"));
    List<String> command = new ArrayList<>(List.of("/usr/bin/systemd-analyze"));
    command.addAll(List.of(arguments));
    command.add(unit.toString());
    return start(command.toArray(String[]::new));
  }

  /// Skips the test if the program is not installed.
  private static Process start(String... command) throws IOException {
    assumeTrue(Files.isExecutable(Path.of(command[0])), command[0] + " is not installed");
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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
    return output(process);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}

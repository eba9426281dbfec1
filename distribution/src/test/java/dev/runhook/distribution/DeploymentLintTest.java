package dev.runhook.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks the files of a deployment with the linters of their formats, with all rules that these
/// have. A test is skipped if its program is not installed. Neither a container engine nor a
/// cluster is required.
class DeploymentLintTest {
  private static final String DEPLOY = ProjectFiles.path("deploy").toString();
  private static final String COMPOSE = ProjectFiles.path("compose.yaml").toString();
  private static final String ALERTS = HelmChart.ALERTS.toString();
  private static final String INTEGRATIONS = ProjectFiles.path("integrations").toString();
  private static final String ACTION = INTEGRATIONS + "/github-action/action.yml";
  private static final String COMPONENT = INTEGRATIONS + "/gitlab/templates/report.yml";
  private static final Path RESOURCES = ProjectFiles.path("distribution/src/test/resources");
  private static final String ALERTS_TEST =
      RESOURCES.resolve("prometheus-alerts-test.yml").toString();

  private static final Path LINTERS = ProjectFiles.path("distribution/target/linters");

  @TempDir private static Path folder;

  /// What a program printed, and its exit code.
  private record Result(int exitCode, String output) {}

  @Test
  void systemd_accepts_the_unit() throws Exception {
    Result result = run("systemd-analyze", "verify", "--man=no", unit());

    assertThat(result.output().lines().filter(line -> line.contains("runhook.service"))).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void systemd_rates_the_exposure_of_the_unit_as_low() throws Exception {
    Result result = run("systemd-analyze", "security", "--offline=true", "--threshold=11", unit());

    assertThat(result.exitCode())
        .as("an exposure of 1.1 of 10 at most%n%s", result.output())
        .isZero();
  }

  @Test
  void shellcheck_accepts_the_scripts() throws Exception {
    String scripts = DEPLOY + "/";

    assertAccepted(
        run(
            "shellcheck",
            "--enable=all",
            "--external-sources",
            "--source-path=SCRIPTDIR",
            "--shell=bash",
            scripts + "backup",
            scripts + "restore",
            scripts + "database.sh",
            INTEGRATIONS + "/github-action/report.sh"));
  }

  @Test
  void shellcheck_accepts_the_script_of_the_gitlab_component() throws Exception {
    String component = Files.readString(Path.of(COMPONENT));
    String jobs = component.substring(component.indexOf("\n---\n") + 1);
    String script = new YAMLMapper().readTree(jobs).findPath("script").path(0).asText();
    Path file = Files.writeString(folder.resolve("report"), script + "\n");

    assertThat(script).contains("report --create-stack");
    assertAccepted(run("shellcheck", "--enable=all", "--shell=sh", file.toString()));
  }

  @Test
  void yamllint_accepts_the_files() throws Exception {
    String rules =
        """
        {extends: default, ignore: [templates/], rules: {line-length: {max: 120},
          empty-values: enable, octal-values: enable}}
        """;

    assertAccepted(run("yamllint", "--strict", "-d", rules, DEPLOY, COMPOSE, ALERTS_TEST, ACTION));
    assertAccepted(
        run("yamllint", "--strict", "-d", rules.replace("ignore: [templates/], ", ""), COMPONENT));
  }

  @Test
  void docker_compose_accepts_the_compose_file() throws Exception {
    assertAccepted(
        run("docker-compose", "--file", COMPOSE, "--profile", "try", "config", "--quiet"));
  }

  @Test
  void the_manifests_follow_their_schemas_and_the_restricted_pod_security_standard()
      throws Exception {
    String manifests = DEPLOY + "/kubernetes/";
    Path allOptions = folder.resolve("all-options.yaml");
    Files.writeString(allOptions, HelmChart.render(HelmChart.ALL_OPTIONS));

    assertThat(
            lintManifests(
                manifests + "runhook.yaml", manifests + "monitoring.yaml", allOptions.toString()))
        .isEmpty();
  }

  @Test
  void violations_in_a_manifest_are_found() throws Exception {
    Path manifest = folder.resolve("invalid.yaml");
    Files.writeString(
        manifest,
        ProjectFiles.text("deploy/kubernetes/runhook.yaml")
            .replace("protocol: UDP", "protocol: UPD")
            .replace("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")
            .replace("              memory: 768Mi\n", ""));

    assertThat(lintManifests(manifest.toString()))
        .contains("NetworkPolicy: data/spec/egress/0/ports/0/protocol")
        .contains("PSS202: Disallow the process from elevating its privileges.")
        .contains("KBP005: Require the memory to be limited");
  }

  @Test
  void kustomize_accepts_the_manifests_as_a_base() throws Exception {
    Result result = run("kustomize", "build", DEPLOY + "/kubernetes");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(KubernetesManifests.documents(result.output()))
        .containsExactlyInAnyOrderElementsOf(
            KubernetesManifests.documents(ProjectFiles.text("deploy/kubernetes/runhook.yaml")));
  }

  @Test
  void the_documented_kustomization_changes_the_image_and_the_replicas() throws Exception {
    Path base = Files.createDirectories(folder.resolve("runhook/deploy/kubernetes"));
    for (String file : List.of("kustomization.yaml", "runhook.yaml")) {
      Files.writeString(base.resolve(file), ProjectFiles.text("deploy/kubernetes/" + file));
    }
    String documented =
        ProjectFiles.text("deploy/helm/runhook/README.md")
            .split("```yaml\napiVersion: kustomize", 2)[1]
            .split("```", 2)[0];
    Files.writeString(folder.resolve("kustomization.yaml"), "apiVersion: kustomize" + documented);

    Result result = run("kustomize", "build", folder.toString());

    assertThat(result.output())
        .contains("image: registry.example.com/runhook:0.1.0", "replicas: 3");
  }

  @Test
  void the_dockerfile_the_workflows_and_the_action_are_valid() throws Exception {
    String workflows = ProjectFiles.path(".github/workflows").toString();

    assertThat(
            lint(
                "lint-files.mjs",
                ProjectFiles.path("Dockerfile").toString(),
                workflows + "/ci.yml",
                workflows + "/release.yml",
                ACTION))
        .isEmpty();
  }

  @Test
  void errors_in_a_dockerfile_a_workflow_and_an_action_are_found() throws Exception {
    Path dockerfile = folder.resolve("Dockerfile");
    Files.writeString(dockerfile, ProjectFiles.text("Dockerfile").replace("EXPOSE", "EXPOS"));
    Path workflow = folder.resolve("release.yml");
    Files.writeString(
        workflow,
        ProjectFiles.text(".github/workflows/release.yml")
            .replace("runs-on:", "run-on:")
            .replace("github.actor", "github.actr"));

    Path action = folder.resolve("action.yml");
    Files.writeString(
        action, Files.readString(Path.of(ACTION)).replace("using: composite", "using: compost"));

    assertThat(
            lint("lint-files.mjs", dockerfile.toString(), workflow.toString(), action.toString()))
        .contains("Unknown instruction: EXPOS", "run-on", "actr", "/runs/using");
  }

  @Test
  void promtool_accepts_the_alerts() throws Exception {
    Result result = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", ALERTS);

    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  @Test
  void each_alert_fires_when_its_condition_lasts() throws Exception {
    Result result = run("promtool", "test", "rules", ALERTS_TEST);
    Stream<String> alerts =
        Files.readString(HelmChart.ALERTS)
            .lines()
            .filter(line -> line.contains("- alert: "))
            .map(line -> line.split(": ", 2)[1]);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(alerts)
        .isNotEmpty()
        .allSatisfy(alert ->
            assertThat(
                    ProjectFiles.text("distribution/src/test/resources/prometheus-alerts-test.yml"))
                .contains("alertname=\"" + alert + "\", alertstate=\"firing\""));
  }

  @Test
  void promtool_accepts_the_queries_of_the_dashboard() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode file = mapper.createObjectNode();
    ObjectNode group = file.putArray("groups").addObject().put("name", "dashboard");
    ArrayNode rules = group.putArray("rules");
    mapper
        .readTree(Files.readString(HelmChart.DASHBOARD))
        .findValues("expr")
        .forEach(query ->
            rules
                .addObject()
                .put("record", "query:" + rules.size())
                .put("expr", query.asText().replace("$__rate_interval", "5m")));
    Path queries = folder.resolve("dashboard.json");
    mapper.writeValue(queries.toFile(), file);

    Result result =
        run("promtool", "check", "rules", "--lint=all", "--lint-fatal", queries.toString());

    assertThat(result.output()).contains("SUCCESS: " + rules.size() + " rules found");
    assertThat(rules).hasSizeGreaterThan(20);
    assertThat(result.exitCode()).isZero();
  }

  private static void assertAccepted(Result result) {
    assertThat(result.output()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  /// Copies the unit, because its program is not installed on the build machine.
  private static String unit() throws IOException {
    return Files.writeString(
            folder.resolve("runhook.service"),
            ProjectFiles.text("deploy/systemd/runhook.service")
                .replace("/opt/runhook/runhook", "/bin/true"))
        .toString();
  }

  private static String lintManifests(String... manifests)
      throws IOException, InterruptedException {
    return lint("lint-manifests.mjs", manifests);
  }

  /// Runs a script of the resources and returns its findings. Skips the test without npm or its
  /// registry. The linters stay in `target`, because npm needs longer than they do.
  private static String lint(String script, String... files)
      throws IOException, InterruptedException {
    installLinters();
    Path copy = LINTERS.resolve(script);
    String[] command =
        Stream.concat(Stream.of("node", copy.toString()), Stream.of(files)).toArray(String[]::new);
    Result result = run(command);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  private static void installLinters() throws IOException, InterruptedException {
    for (String file :
        List.of("package.json", "package-lock.json", "lint-files.mjs", "lint-manifests.mjs")) {
      Files.createDirectories(LINTERS);
      Files.copy(
          RESOURCES.resolve("linters").resolve(file),
          LINTERS.resolve(file),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path installed = LINTERS.resolve("node_modules/.package-lock.json"); // npm writes it last
    if (Files.exists(installed)
        && Files.getLastModifiedTime(installed)
                .compareTo(Files.getLastModifiedTime(LINTERS.resolve("package-lock.json")))
            > 0) {
      return;
    }
    Result npm =
        run(
            "npm",
            "ci",
            "--ignore-scripts",
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
            "--fetch-timeout=20000",
            "--fetch-retries=1",
            "--prefix=" + LINTERS);
    Prerequisite.require(npm.exitCode() == 0, "npm cannot install the linters");
  }

  /// Runs a program. Skips the test if it is not installed.
  private static Result run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException _) {
      throw Prerequisite.missing(command[0] + " is not installed");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}

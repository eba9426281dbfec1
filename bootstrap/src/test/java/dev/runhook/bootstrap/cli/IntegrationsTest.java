package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scripts in `integrations` report to a server with the variables of a CI system.
class IntegrationsTest {
  private static final Path INTEGRATIONS = Path.of("..", "integrations").toAbsolutePath();
  private static final Path ACTION = INTEGRATIONS.resolve("github-action/action.yml");
  private static final Path COMPONENT = INTEGRATIONS.resolve("gitlab/templates/report.yml");

  private static final Map<String, String> GITHUB =
      Map.of(
          "GITHUB_ACTIONS", "true",
          "GITHUB_ACTOR", "octocat",
          "GITHUB_REF_NAME", "main",
          "GITHUB_REPOSITORY", "acme/infrastructure",
          "GITHUB_RUN_ID", "42",
          "GITHUB_SERVER_URL", "https://github.com",
          "GITHUB_SHA", "0ee3f1c");

  private static final Map<String, String> GITLAB =
      Map.of(
          "GITLAB_CI", "true",
          "CI_COMMIT_REF_NAME", "main",
          "CI_COMMIT_SHA", "0ee3f1c",
          "CI_COMMIT_MESSAGE", "Add a subnet",
          "CI_JOB_URL", "https://gitlab.com/acme/infrastructure/-/jobs/7",
          "CI_PIPELINE_ID", "42",
          "GITLAB_USER_LOGIN", "octocat");

  @TempDir private Path folder;
  @AutoClose private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();

  @BeforeEach
  void signIn() {
    command.signIn(server);
  }

  /// Writes a program that runs the commands of this build.
  private Path program(String name, String script) throws IOException {
    Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  private Path runhook() throws IOException {
    return program(
        "runhook",
        "exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.runhook.bootstrap.cli.Main \"$@\""
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
  }

  private String run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(arguments).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().putAll(environment);
    builder.environment().putIfAbsent("RUNHOOK_URL", server.url());
    builder.environment().putIfAbsent("RUNHOOK_TOKEN", ServerFixture.ADMIN);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /// Returns the variables of the step, as GitHub sets them for these inputs.
  private static Map<String, String> step(Map<String, String> inputs) throws IOException {
    JsonNode action = new YAMLMapper().readTree(Files.readString(ACTION));
    Map<String, String> environment = new HashMap<>(GITHUB);
    action
        .at("/runs/steps/0/env")
        .properties()
        .forEach(variable -> {
          String input = variable.getValue().asText().replaceAll(".*inputs\\.([a-z-]+) .*", "$1");
          String value = action.at("/inputs/" + input + "/default").asText();
          environment.put(
              variable.getKey(),
              inputs.getOrDefault(
                  input, value.replaceAll("\\$\\{\\{ github\\.run_(id|attempt) }}", "42")));
        });
    environment.keySet().removeIf(name -> name.startsWith("RUNHOOK_"));
    return environment;
  }

  private JsonNode theRun() throws IOException {
    return command.json("runs", "get", "net", "42-42", "-o", "json");
  }

  @Test
  void the_github_action_reports_the_states_of_a_run() throws Exception {
    String program = runhook().toString();
    String script = INTEGRATIONS.resolve("github-action/report.sh").toString();

    run(
        step(
            Map.of(
                "stack", "net", "state", "PLANNING", "create-stack", "true", "command", program)),
        "bash",
        script);
    run(
        step(
            Map.of(
                "stack", "net",
                "state", "FINISHED",
                "note", "two words; and $HOME",
                "added", "3",
                "command", program)),
        "bash",
        script);

    JsonNode run = theRun();
    assertThat(run.path("branch").asText()).isEqualTo("main");
    assertThat(run.at("/commit/hash").asText()).isEqualTo("0ee3f1c");
    assertThat(run.path("url").asText())
        .isEqualTo("https://github.com/acme/infrastructure/actions/runs/42");
    assertThat(run.path("triggeredBy").asText()).isEqualTo("octocat");
    assertThat(run.at("/delta/added").asInt()).isEqualTo(3);
    assertThat(run.at("/transitions/0/state").asText()).isEqualTo("PLANNING");
    assertThat(run.at("/transitions/1/state").asText()).isEqualTo("FINISHED");
    assertThat(run.at("/transitions/1/note").asText()).isEqualTo("two words; and $HOME");
  }

  @Test
  void without_a_program_the_github_action_runs_the_image_with_the_variables() throws Exception {
    program("docker", "for argument; do echo \"$argument\"; done");
    Map<String, String> environment = step(Map.of("stack", "net", "state", "PLANNING"));
    environment.put("PATH", folder + ":" + System.getenv("PATH"));

    List<String> arguments =
        run(environment, "bash", INTEGRATIONS.resolve("github-action/report.sh").toString())
            .lines()
            .toList();

    assertThat(arguments)
        .startsWith("run", "--rm")
        .containsSubsequence("ghcr.io/runhook/runhook:0.1.0", "report", "--stack", "net")
        .contains("--env=RUNHOOK_URL", "--env=RUNHOOK_TOKEN")
        .containsAll(GITHUB.keySet().stream().map(name -> "--env=" + name).toList())
        .noneMatch(argument -> argument.contains(ServerFixture.ADMIN));
  }

  @Test
  void the_github_action_adds_the_end_of_a_log() throws Exception {
    String log =
        Files.writeString(folder.resolve("apply.log"), "\u001b[31mError: no key\n").toString();
    String script = INTEGRATIONS.resolve("github-action/report.sh").toString();
    Map<String, String> inputs =
        new HashMap<>(
            Map.of("stack", "net", "state", "FAILED", "create-stack", "true", "note-file", log));
    program("docker", "for argument; do echo \"$argument\"; done");
    Map<String, String> inImage = step(inputs);
    inImage.put("PATH", folder + ":" + System.getenv("PATH"));
    inputs.put("command", runhook().toString());

    String arguments = run(inImage, "bash", script);
    run(step(inputs), "bash", script);

    assertThat(arguments.lines())
        .containsSubsequence(
            "--volume", log + ":/note:ro", "ghcr.io/runhook/runhook:0.1.0", "--note-file", "/note");
    assertThat(theRun().at("/transitions/0/note").asText()).isEqualTo("Error: no key");
  }

  private static final String PLAN =
      """
      {"resource_changes":[{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","change":{"actions":["delete"]}}]}
      """;

  @Test
  void the_github_action_reports_what_a_plan_changes() throws Exception {
    Files.writeString(folder.resolve("plan.json"), PLAN);
    String script = INTEGRATIONS.resolve("github-action/report.sh").toString();
    Map<String, String> inputs =
        new HashMap<>(
            Map.of(
                "stack",
                "net",
                "state",
                "PLANNING",
                "create-stack",
                "true",
                "plan-json",
                "plan.json"));
    program("docker", "for argument; do echo \"$argument\"; done");
    Map<String, String> inImage = step(inputs);
    inImage.put("PATH", folder + ":" + System.getenv("PATH"));
    inputs.put("command", runhook().toString());

    String arguments = run(inImage, "bash", script);
    run(step(inputs), "bash", script);

    assertThat(arguments.lines())
        .containsSubsequence(
            "--volume",
            folder.resolve("plan.json") + ":/plan.json:ro",
            "ghcr.io/runhook/runhook:0.1.0",
            "--plan-json",
            "/plan.json")
        .doesNotContain("--note-file");
    assertThat(theRun().at("/transitions/0/delta/deleted").asInt()).isEqualTo(1);
    assertThat(theRun().at("/transitions/0/changeCount").asInt()).isEqualTo(1);
  }

  @Test
  void the_gitlab_component_reports_a_log_and_a_plan() throws Exception {
    Files.writeString(folder.resolve("plan.json"), PLAN);
    Files.writeString(folder.resolve("apply.log"), "Error: no key");

    runComponent(Map.of("note-file", "apply.log", "plan-json", "plan.json"));

    assertThat(theRun().at("/transitions/0/changeCount").asInt()).isEqualTo(1);
    assertThat(theRun().at("/transitions/0/note").asText()).isEqualTo("Error: no key");
  }

  @Test
  void the_gitlab_component_reports_a_state() throws Exception {
    runComponent(Map.of());

    JsonNode run = theRun();
    assertThat(run.path("state").asText()).isEqualTo("FAILED");
    assertThat(run.path("branch").asText()).isEqualTo("main");
    assertThat(run.at("/commit/message").asText()).isEqualTo("Add a subnet");
    assertThat(run.path("triggeredBy").asText()).isEqualTo("octocat");
  }

  /// Runs the script of the job that the component adds with these inputs.
  private void runComponent(Map<String, String> chosen) throws IOException, InterruptedException {
    List<String> documents = List.of(Files.readString(COMPONENT).split("\n---\n"));
    JsonNode inputs = new YAMLMapper().readTree(documents.getFirst()).at("/spec/inputs");
    Map<String, String> values = new HashMap<>(Map.of("stack", "net", "state", "FAILED"));
    values.putAll(chosen);
    inputs
        .properties()
        .forEach(
            input -> values.putIfAbsent(input.getKey(), input.getValue().path("default").asText()));
    String job = documents.getLast();
    for (Map.Entry<String, String> value : values.entrySet()) {
      job = job.replace("$[[ inputs." + value.getKey() + " ]]", value.getValue());
    }
    JsonNode parsed = new YAMLMapper().readTree(job).path("runhook-report");
    Map<String, String> environment = new HashMap<>(GITLAB);
    parsed
        .path("variables")
        .properties()
        .forEach(variable ->
            environment.put(
                variable.getKey(),
                variable.getValue().asText().replace("$CI_PIPELINE_ID", "42-42")));

    run(
        environment,
        "sh",
        "-euc",
        parsed
            .at("/script/0")
            .asText()
            .replace("java -jar /app/runhook.jar", "'" + runhook() + "'"));

    assertThat(job).doesNotContain("$[[");
  }
}

package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "runs",
    aliases = "run",
    description = "Shows runs, and why webhooks were notified or not.",
    footer = "To report a run, see ./runhook report --help.")
public final class RunsCommand extends ApiCommand {
  private static final String RUNS = "runs";
  private static final List<Column> COLUMNS =
      Column.of(
          """
          STACK /stack, ID /id, STATE /state, TYPE /type, BRANCH /branch, COMMIT /commit/hash,
          CREATED /createdAt
          """);
  private static final List<Column> TRANSITIONS =
      Column.of(
          "STATE /state, VERSION /stateVersion, TIME /timestamp, EXPECTED /expected, NOTE /note");
  private static final List<Column> EXPLANATIONS =
      Column.of(
          """
          STATE /transition/state, VERSION /transition/stateVersion, WEBHOOK /name,
          STATUS /webhook/status not sent, EXPLANATION /statement/text
          """);

  @Command(name = "list", description = "Lists runs, the latest first.")
  int list(
      @Option(names = "--stack", paramLabel = "STACK", description = "Only runs of this stack.")
          @Nullable String stack,
      @Option(names = "--state", paramLabel = "STATE", description = "Only runs in this state.")
          @Nullable RunState state,
      @Option(names = "--type", paramLabel = "TYPE", description = "Only runs of this type.")
          @Nullable RunType type,
      @Option(names = "--branch", paramLabel = "B", description = "Only runs of this branch.")
          @Nullable String branch,
      @Option(
              names = "--commit",
              paramLabel = "HASH",
              description = "Only runs of the commit whose hash begins like this.")
          @Nullable String commit,
      @Mixin Limit limit) {
    ApiPath path =
        ApiPath.of(RUNS)
            .with("stack", stack)
            .with("state", state)
            .with("type", type)
            .with("branch", branch)
            .with("commit", commit);
    return printList(path, limit, COLUMNS);
  }

  @Command(name = "get", description = "Shows a run with its latest 50 transitions.")
  int get(
      @Parameters(paramLabel = "STACK", description = "The id of the stack.") String stack,
      @Parameters(paramLabel = "RUN", description = "The id of the run.") String run) {
    return printDetails(
        get(ApiPath.of("stacks", stack, RUNS, run)), Map.of("transitions", TRANSITIONS));
  }

  @Command(
      name = "explain",
      description =
          "Says for each transition which webhooks were notified, and why others were not.")
  int explain(
      @Parameters(paramLabel = "STACK", description = "The id of the stack.") String stack,
      @Parameters(paramLabel = "RUN", description = "The id of the run.") String run) {
    JsonNode explanation = get(ApiPath.of("stacks", stack, RUNS, run, "explanation"));
    if (!isTable()) {
      return printDetails(explanation, Map.of());
    }
    List<JsonNode> rows = new ArrayList<>();
    for (JsonNode transition : explanation.path("transitions")) {
      for (JsonNode webhook : transition.path("webhooks")) {
        JsonNode statements = webhook.path("explanation");
        ObjectNode row = object().put("name", nameOf(webhook)).set("webhook", webhook);
        row.set("transition", transition);
        rows.add(row.set("statement", statements.path(statements.size() - 1)));
      }
    }
    print(rows, EXPLANATIONS);
    return EXIT_SUCCESS;
  }

  private static String nameOf(JsonNode webhook) {
    return Stream.of("name", "endpoint", "webhook")
        .map(field -> webhook.path(field).asText())
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElseThrow();
  }
}

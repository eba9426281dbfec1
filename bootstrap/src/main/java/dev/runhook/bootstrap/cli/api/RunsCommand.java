package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
    name = "runs",
    aliases = "run",
    description = "Shows runs, and why webhooks were notified or not.",
    footer = "To report a run, see ./runhook report --help.")
public final class RunsCommand extends OperationsCommand {
  private static final List<Column> EXPLANATIONS =
      Column.of(
          """
          STATE /transition/state, VERSION /transition/stateVersion, WEBHOOK /name,
          STATUS /webhook/status not sent, EXPLANATION /statement/text
          """);

  @Override
  int print(Operation operation, JsonNode response) {
    return operation.name().equals("explain") && isTable()
        ? printExplanation(response)
        : super.print(operation, response);
  }

  private int printExplanation(JsonNode explanation) {
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

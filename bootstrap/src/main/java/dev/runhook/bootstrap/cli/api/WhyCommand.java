package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "why",
    description = "Says what webhooks received of a run, and why they did not get it.",
    footer =
        "./runhook why slack 01JD1FC8 explains the run 01JD1FC8 for the webhooks to Slack. A term is the"
            + " id of a run, delivery, event, webhook or stack, a commit, or part of a name or endpoint."
            + " Exit code 1 if nothing is found.")
public final class WhyCommand extends ApiCommand {
  private static final List<Column> OUTCOMES =
      Column.of(
          """
          STACK /stack, RUN /run, STATE /state, VERSION /stateVersion, WEBHOOK /outcome/name,
          STATUS /outcome/status not sent, WHY /outcome/explanation/0/text
          """);
  private static final List<Column> RUNS =
      Column.of("RUN /id, STACK /stack, STATE /state, BRANCH /branch, COMMIT /commit");
  private static final List<Column> WEBHOOKS =
      Column.of("WEBHOOK /id, STACK /stack, NAME /name, ENDPOINT /endpoint");
  private static final List<Column> STACKS = Column.of("STACK /id, NAME /name");

  @Parameters(arity = "1..4", paramLabel = "TERM", description = "What to find; all terms count.")
  private List<String> terms = List.of();

  @Override
  public Integer call() {
    JsonNode found = get(ApiPath.of("search").with("q", String.join(" ", terms)));
    if (!isTable()) {
      print(found);
      return EXIT_SUCCESS;
    }
    boolean explained = printFound(found.path("outcomes"), OUTCOMES);
    boolean runs = !explained && printFound(found.path("runs"), RUNS); // the outcomes name them
    boolean webhooks = printFound(found.path("webhooks"), WEBHOOKS);
    boolean stacks = printFound(found.path("stacks"), STACKS);
    if (!(explained || runs || webhooks || stacks)) {
      throw failure("nothing has all of these terms: " + String.join(" ", terms));
    }
    return EXIT_SUCCESS;
  }

  private boolean printFound(JsonNode items, List<Column> columns) {
    if (!items.isEmpty()) {
      printTable(Column.rows(columns, items));
    }
    return !items.isEmpty();
  }
}

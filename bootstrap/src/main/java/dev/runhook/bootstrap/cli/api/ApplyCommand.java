package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.runhook.bootstrap.cli.client.ProblemMessage;
import dev.runhook.bootstrap.cli.client.SetupFile;
import dev.runhook.bootstrap.cli.client.SetupPlan;
import dev.runhook.bootstrap.cli.client.SetupPlan.Change;
import dev.runhook.client.ApiProblemException;
import dev.runhook.client.RunhookClient;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = "Creates and changes stacks, webhooks and tokens as a file describes them.",
    footer =
        "Prints the changes: + for new, ~ for changed, - for deleted. Applying it again changes nothing."
            + " See docs/setup.md.")
public final class ApplyCommand extends ApiCommand {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file, in YAML or JSON.")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "Prints the changes without making them.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description =
          "Deletes webhooks of the stacks in the file, and tokens, that the file does not contain.")
  private boolean prune;

  @Override
  public Integer call() {
    SetupFile setup = SetupFile.read(file, environment());
    return withClient(client -> {
      List<Change> changes = SetupPlan.of(setup, client, prune);
      ArrayNode made = JsonNodeFactory.instance.arrayNode();
      try {
        for (Change change : changes) {
          if (!dryRun) {
            make(change, client);
          }
          made.addObject().put("change", change.line()).put("path", change.path().text());
          if (isTable()) {
            out().println(change.line());
            out().flush();
          }
        }
      } finally {
        if (!isTable()) {
          print(made);
        }
      }
      err().println("runhook: " + summary(changes.size()));
      return EXIT_SUCCESS;
    });
  }

  private void make(Change change, RunhookClient client) {
    try {
      change.make(client).forEach(warning -> err().println("runhook: " + warning));
    } catch (ApiProblemException e) {
      throw failure(change.title() + ": " + ProblemMessage.of(e.problem()));
    }
  }

  private String summary(int changes) {
    return changes == 0
        ? "nothing to change"
        : (dryRun ? "changes that were not made: " : "changes: ") + changes;
  }
}

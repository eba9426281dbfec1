package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.runhook.bootstrap.cli.client.ProblemMessage;
import dev.runhook.bootstrap.cli.client.SetupExport;
import dev.runhook.bootstrap.cli.client.SetupFile;
import dev.runhook.bootstrap.cli.client.SetupPlan;
import dev.runhook.bootstrap.cli.client.SetupPlan.Change;
import dev.runhook.client.ApiProblemException;
import dev.runhook.client.RunhookClient;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = "Creates and changes stacks, webhooks and tokens as a file describes them.",
    footer =
        "Prints the changes: + for new, ~ for changed, - for deleted. Applying it again changes nothing."
            + " With --dry-run, exit code 3 means that there are changes. See docs/setup.md.")
public final class ApplyCommand extends ApiCommand {
  /// A file to apply, or none.
  static final class Source {
    @Option(
        names = {"-f", "--file"},
        required = true,
        paramLabel = "FILE",
        description = "The file, in YAML or JSON.")
    private @Nullable Path file;

    @Option(
        names = "--export",
        required = true,
        description = "Prints a file for the stacks and webhooks of the server instead.")
    private boolean export;
  }

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(names = "--dry-run", description = "Prints the changes without making them.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description =
          "Deletes webhooks of the stacks in the file, and tokens, that the file does not contain.")
  private boolean prune;

  @Override
  public Integer call() {
    return source.file == null || source.export
        ? export()
        : apply(SetupFile.read(source.file, environment()));
  }

  private int export() {
    SetupExport exported = withClient(SetupExport::of);
    exported.warnings().forEach(warning -> err().println("runhook: " + warning));
    print(exported.file());
    return EXIT_SUCCESS;
  }

  private int apply(SetupFile setup) {
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
      return dryRun && !changes.isEmpty() ? EXIT_DRIFT : EXIT_SUCCESS;
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

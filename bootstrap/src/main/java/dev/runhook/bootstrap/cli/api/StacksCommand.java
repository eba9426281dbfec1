package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "stacks", aliases = "stack", description = "Lists, creates and deletes stacks.")
public final class StacksCommand extends ApiCommand {
  private static final String STACKS = "stacks";
  private static final List<Column> COLUMNS =
      Column.of(
          """
          ID /id, NAME /name, LABELS /labels, LATEST RUN /latestRun/id, STATE /latestRun/state,
          WEBHOOKS /webhooks/total, HEALTH /health/verdict, PENDING /health/pendingDeliveries,
          FAILED 24H /failedDeliveries
          """);

  @Command(name = "list", description = "Lists stacks by id.")
  int list(
      @Option(
              names = "--search",
              paramLabel = "TEXT",
              description = "Part of the id, name, description, repository or a label.")
          @Nullable String search,
      @Option(
              names = "--label",
              paramLabel = "LABEL",
              description = "Only stacks with this label; can be repeated.")
          @Nullable List<String> labels,
      @Mixin Limit limit) {
    ApiPath path = ApiPath.of(STACKS).with("search", search).with("label", labels);
    return printList(path, limit, COLUMNS);
  }

  @Command(name = "get", description = "Shows a stack.")
  int get(@Parameters(paramLabel = "STACK", description = "The id of the stack.") String stack) {
    return printDetails(get(ApiPath.of(STACKS, stack)), Map.of());
  }

  @Command(
      name = "create",
      description = "Creates a stack, or replaces all fields of an existing one.")
  int create(
      @Parameters(paramLabel = "STACK", description = "The id of the stack.") String stack,
      @Option(names = "--name", paramLabel = "NAME", description = "Its name (default: the id).")
          @Nullable String name,
      @Option(
              names = "--description",
              paramLabel = "TEXT",
              description = "What the stack contains.")
          @Nullable String description,
      @Option(names = "--label", paramLabel = "LABEL", description = "A label; can be repeated.")
          @Nullable List<String> labels,
      @Option(
              names = "--page",
              paramLabel = "URL",
              description = "The URL of its page in your platform.")
          @Nullable String page,
      @Option(names = "--repository", paramLabel = "R", description = "Its repository.")
          @Nullable String repository) {
    ObjectNode body = object().put("name", name == null ? stack : name);
    body.put("description", description).put("url", page).put("repository", repository);
    (labels == null ? List.<String>of() : labels).forEach(body.putArray("labels")::add);
    return printChange(send("PUT", ApiPath.of(STACKS, stack), body), "saved stack " + stack);
  }

  @Command(name = "delete", description = "Deletes a stack with its runs, webhooks and deliveries.")
  int delete(
      @Parameters(paramLabel = "STACK", description = "The id of the stack.") String stack,
      @Option(names = "--yes", description = "Confirms the deletion.") boolean yes) {
    requireYes(yes, "the stack " + stack + ", with its runs, webhooks and deliveries,");
    return printChange(send("DELETE", ApiPath.of(STACKS, stack), null), "deleted stack " + stack);
  }
}

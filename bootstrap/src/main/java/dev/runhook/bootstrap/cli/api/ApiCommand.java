package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.bootstrap.cli.client.Login;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.client.RunhookClient;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// A command that calls the API of a server and prints the response.
abstract class ApiCommand extends CliCommand {
  private static final List<Column> ATTEMPT =
      Column.of("OUTCOME /outcome, HTTP /statusCode, MS /durationMs, ERROR /error");

  enum Format {
    TABLE,
    JSON,
    YAML
  }

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "The server (default: RUNHOOK_URL, or else that of the login).")
  private @Nullable String url;

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      paramLabel = "FORMAT",
      description = "table, json (as in the API) or yaml (default: ${DEFAULT-VALUE}).")
  private Format output = Format.TABLE;

  /// How many items of a list to print.
  static final class Limit {
    static final int UNLIMITED = Integer.MAX_VALUE - 1;

    @Option(
        names = {"-L", "--limit"},
        defaultValue = "50",
        paramLabel = "N",
        description = "The maximum number of items (default: ${DEFAULT-VALUE}).")
    private int limit = 50;

    @Option(names = "--all", description = "All items; ignores --limit.")
    private boolean all;

    int get(CliCommand command) {
      command.requireRange("--limit", limit, 1, UNLIMITED);
      return all ? UNLIMITED : limit;
    }
  }

  final JsonNode get(ApiPath path) {
    return send("GET", path, null);
  }

  final JsonNode post(ApiPath path, @Nullable JsonNode body) {
    return send("POST", path, body);
  }

  final JsonNode send(String method, ApiPath path, @Nullable JsonNode body) {
    return withClient(client -> client.call(method, path.text(), body));
  }

  /// Returns one item more than the limit if there are more. Warns if items are missing.
  final List<JsonNode> list(ApiPath path, int limit) {
    return withClient(client ->
        client.list(
            path.text(),
            limit + 1,
            buckets ->
                err()
                    .printf(
                        "runhook: the list is incomplete: buckets %s are unavailable%n", buckets)));
  }

  final <T> T withClient(Function<RunhookClient, T> request) {
    return withClient(Login.find(url, environment()), request);
  }

  /// The address of the server.
  final URI server() {
    return Login.find(url, environment()).url();
  }

  final boolean isTable() {
    return output == Format.TABLE;
  }

  /// Prints the items of a list.
  final int printList(ApiPath path, Limit limit, List<Column> columns) {
    int max = limit.get(this);
    return printList(list(path, max), max, columns);
  }

  /// @param items one more than the maximum if there are more
  final int printList(List<JsonNode> items, int max, List<Column> columns) {
    print(items.subList(0, Math.min(max, items.size())), columns);
    if (items.size() > max) {
      err().printf("runhook: there are more than %d; see --limit and --all%n", max);
    }
    return EXIT_SUCCESS;
  }

  final void print(Collection<JsonNode> items, List<Column> columns) {
    if (!isTable()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(items);
      print(array);
    } else if (items.isEmpty()) {
      err().println("runhook: nothing found");
    } else {
      printTable(Column.rows(columns, items));
    }
  }

  /// Prints all fields of a resource.
  ///
  /// @param lists the columns of the lists of objects that it contains; printed by name
  final int printDetails(JsonNode resource, Map<String, List<Column>> lists) {
    if (!isTable()) {
      print(resource);
      return EXIT_SUCCESS;
    }
    printTable(Column.fields(resource));
    new TreeMap<>(lists)
        .forEach((name, columns) -> {
          if (!resource.path(name).isEmpty()) {
            out().println();
            printTable(Column.rows(columns, resource.path(name)));
          }
        });
    return EXIT_SUCCESS;
  }

  /// Prints what a request has changed: a sentence, or the response.
  final int printChange(JsonNode response, String sentence) {
    if (isTable()) {
      out().println(sentence);
      out().flush();
    } else if (!response.isNull()) {
      print(response);
    }
    return EXIT_SUCCESS;
  }

  /// Prints an item of a list that has no end: a line of text or of JSON, or a YAML document.
  final void printLine(JsonNode item, String line) {
    out()
        .println(
            switch (output) {
              case TABLE -> line;
              case JSON -> item.toString();
              case YAML -> "---\n" + format(item);
            });
    out().flush();
  }

  final void print(JsonNode json) {
    out().println(format(json));
    out().flush();
  }

  private String format(JsonNode json) {
    try {
      return output == Format.JSON
          ? json.toPrettyString()
          : yaml().writeValueAsString(json).stripTrailing();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Not a constant, because it would delay the commands that do not need it.
  private static YAMLMapper yaml() {
    return YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();
  }

  /// Describes a finished attempt in one line.
  static String describeAttempt(JsonNode attempt) {
    List<String> cells = Column.row(ATTEMPT, attempt);
    String result = "%s %s (%s ms)".formatted(cells.get(0), cells.get(1), cells.get(2));
    return attempt.path("error").isNull() ? result : result + ": " + cells.get(3);
  }

  /// @param result the status of a delivery, or the outcome of an attempt
  static int exitCode(JsonNode result) {
    return result.asText().equals("DELIVERED") ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}

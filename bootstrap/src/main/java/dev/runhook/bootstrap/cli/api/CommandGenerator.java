package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.http.server.HttpApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Part of the build: completes `commands.yaml` with the methods, the paths and the types in
/// `openapi.yaml`. Writes a file of JSON for each group of commands, because reading YAML would
/// delay their start.
final class CommandGenerator {
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "(?<option>--[a-z-]+)?\\s?(?<label>[A-Z]+)?(?<split>,)?(?<to> >\\s?(?<field>[\\w/]+)?"
              + "(=(?<value>.+))?)?");
  private static final Map<String, String> TYPES_BY_NAME =
      Map.of("TimeInput", "time", "DurationInput", "duration");
  private static final YAMLMapper YAML = new YAMLMapper();

  private final JsonNode commands;
  private final JsonNode api;

  private CommandGenerator(JsonNode commands, JsonNode api) {
    this.commands = commands;
    this.api = api;
  }

  /// @param arguments the file `commands.yaml` and the directory of the results
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[1]));
    JsonNode commands = YAML.readTree(Path.of(arguments[0]).toFile());
    try (InputStream file =
        Objects.requireNonNull(HttpApi.class.getResourceAsStream("openapi.yaml"))) {
      CommandGenerator generator = new CommandGenerator(commands, YAML.readTree(file));
      for (Map.Entry<String, JsonNode> group : commands.properties()) {
        Map<String, JsonNode> completed = new TreeMap<>();
        group
            .getValue()
            .properties()
            .forEach(each -> completed.put(each.getKey(), generator.complete(each.getValue())));
        String json = YAML.createObjectNode().setAll(completed).toString();
        Files.writeString(directory.resolve(group.getKey() + ".json"), json);
      }
    }
  }

  private ObjectNode complete(JsonNode command) {
    String id = command.path("operation").asText();
    ObjectNode completed = command.deepCopy();
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (operation.getValue().path("operationId").asText().equals(id)) {
          completed
              .put("method", operation.getKey().toUpperCase(Locale.ROOT))
              .put("path", path.getKey().replaceFirst("^/api/v1", ""));
          ArrayNode arguments = completed.putArray("arguments");
          addArguments(command, path.getValue(), operation.getValue(), arguments);
          return completed;
        }
      }
    }
    throw new IllegalStateException("there is no operation " + id);
  }

  private void addArguments(JsonNode command, JsonNode path, JsonNode operation, ArrayNode all) {
    if (command.has("like")) {
      JsonNode like = commands.at("/" + command.path("like").asText().replace(' ', '/'));
      addArguments(like, path, operation, all);
    }
    command
        .path("arguments")
        .properties()
        .forEach(each -> all.add(argument(each.getKey(), each.getValue(), path, operation)));
  }

  private ObjectNode argument(String text, JsonNode help, JsonNode path, JsonNode operation) {
    Matcher parts = ARGUMENT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalStateException("not an argument: " + text);
    }
    ObjectNode argument = YAML.createObjectNode();
    String option = parts.group("option");
    String label = parts.group("label");
    argument.put("option", option).put("label", label).set("help", help);
    String name = parts.group("field");
    String field =
        name != null
            ? name
            : parts.group("to") != null
                ? ""
                : option == null ? label.toLowerCase(Locale.ROOT) : camelCase(option.substring(2));
    argument.put("field", field);
    JsonNode schema = addPlace(argument, field, path, operation);
    if (label == null) {
      String value = parts.group("value");
      return argument.put("type", "flag").set("value", json(value == null ? "true" : value));
    }
    String type = parts.group("split") != null ? "items" : label.equals("FILE") ? "file" : "";
    return type.isEmpty() ? addType(argument, schema) : argument.put("type", type);
  }

  private static String camelCase(String name) {
    return Pattern.compile("-(.)")
        .matcher(name)
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  private static JsonNode json(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Adds whether the field is in the path, the query or the body, and returns its schema.
  private JsonNode addPlace(ObjectNode argument, String field, JsonNode path, JsonNode operation) {
    for (JsonNode each : List.of(path, operation)) {
      for (JsonNode parameter : each.path("parameters")) {
        JsonNode resolved = resolve(parameter);
        if (resolved.path("name").asText().equals(field)) {
          argument.set("in", resolved.path("in"));
          return resolved.path("schema");
        }
      }
    }
    if (field.isEmpty()) {
      return YAML.createObjectNode().put("type", "integer");
    }
    argument.put("in", "body");
    JsonNode schema =
        resolve(operation.path("requestBody")).at("/content/application~1json/schema");
    for (String name : field.split("/", -1)) {
      schema = property(schema, name);
    }
    if (schema.isMissingNode()) {
      throw new IllegalStateException(
          operation.path("operationId").asText() + " has no field " + field);
    }
    return schema;
  }

  private JsonNode property(JsonNode schema, String name) {
    JsonNode resolved = resolve(schema);
    return Stream.concat(
            Stream.of(resolved.path("properties").path(name)),
            alternatives(resolved).map(each -> property(each, name)))
        .filter(found -> !found.isMissingNode())
        .findFirst()
        .orElse(resolved.path("properties").path(name));
  }

  private static Stream<JsonNode> alternatives(JsonNode schema) {
    return Stream.of("allOf", "oneOf", "anyOf").flatMap(each -> schema.path(each).valueStream());
  }

  private ObjectNode addType(ObjectNode argument, JsonNode schema) {
    String reference = schema.path("$ref").asText().replaceFirst(".*/", "");
    if (TYPES_BY_NAME.containsKey(reference)) {
      return argument.put("type", TYPES_BY_NAME.get(reference));
    }
    if (schema.has("$ref")) {
      return addType(argument, resolve(schema));
    }
    if (schema.has("enum")) {
      return argument.put("type", "choice").set("values", schema.path("enum"));
    }
    return alternatives(schema)
        .findFirst()
        .map(each -> addType(argument, each))
        .orElseGet(() ->
            argument.put(
                "type",
                switch (schema.path("type").asText()) {
                  case "array" -> "texts";
                  case "integer" -> "integer";
                  default -> "text";
                }));
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? resolve(api.at(node.path("$ref").asText().substring(1))) : node;
  }
}

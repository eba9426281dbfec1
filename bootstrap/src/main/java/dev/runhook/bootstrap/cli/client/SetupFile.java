package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.domain.text.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The stacks and webhooks that a server should have, as a user has written them in YAML. Fields
/// that are left out have their defaults, except `enabled`, `secret` and `headers`, which are then
/// not managed.
public final class SetupFile {
  static final Set<String> ROOT = Set.of("stacks", "webhooks");
  static final Set<String> STACK =
      Set.of("id", "name", "description", "labels", "url", "repository", "webhooks");
  static final Set<String> WEBHOOK =
      Set.of(
          "endpoint",
          "name",
          "enabled",
          "states",
          "types",
          "driftDetection",
          "timeout",
          "retrySchedule",
          "secret",
          "headers");

  private final Path file;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final List<StackSetup> stacks = new ArrayList<>();

  /// The webhooks of every stack in the file.
  private final List<WebhookSetup> common = new ArrayList<>();

  /// A stack with its webhooks.
  ///
  /// @param stack the body of a request that creates it
  public record StackSetup(String id, ObjectNode stack, List<WebhookSetup> webhooks) {}

  /// A webhook of a stack.
  ///
  /// @param webhook the body of a request that creates it, without secret and headers
  /// @param secret null if it is not managed
  /// @param headers null if they are not managed
  public record WebhookSetup(
      String endpoint, ObjectNode webhook, @Nullable String secret, @Nullable ObjectNode headers) {
    @Override
    public String toString() {
      return "webhook";
    }
  }

  private SetupFile(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /// Reads and validates a file, with the secrets that it refers to.
  ///
  /// @throws ConfigurationException with all problems, if there are any
  public static SetupFile read(Path file, Map<String, String> environment) {
    SetupFile setup = new SetupFile(file, environment);
    setup.parse();
    if (!setup.problems.isEmpty()) {
      throw new ConfigurationException(setup.problems);
    }
    return setup;
  }

  public List<StackSetup> stacks() {
    return List.copyOf(stacks);
  }

  private void parse() {
    JsonNode root;
    try {
      root =
          YAMLMapper.builder()
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .build()
              .readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      problems.add(
          file
              + " is not valid YAML: line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
      return;
    } catch (IOException _) {
      problems.add(file + " cannot be read");
      return;
    }
    if (requireObject("", root, ROOT)) {
      parseWebhooks("/webhooks", root.path("webhooks"), common, new HashSet<>());
      Set<String> ids = new HashSet<>();
      int index = 0;
      for (JsonNode stack : root.path("stacks")) {
        addStack("/stacks/" + index++, stack, ids);
      }
    }
  }

  private void addStack(String at, JsonNode fields, Set<String> ids) {
    if (!requireObject(at, fields, STACK)) {
      return;
    }
    String id = requireText(at, fields, "id");
    if (!ids.add(id)) {
      problems.add("%s: %s/id: \"%s\" occurs twice".formatted(file, at, id));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", fields.path("name").asText(id));
    body.put("description", fields.path("description").asText(""));
    body.set("labels", fields.has("labels") ? fields.path("labels") : body.arrayNode());
    body.put("url", text(fields, "url"));
    body.put("repository", text(fields, "repository"));
    List<WebhookSetup> webhooks = new ArrayList<>(common);
    Set<String> endpoints = new HashSet<>();
    common.forEach(webhook -> endpoints.add(webhook.endpoint()));
    parseWebhooks(at + "/webhooks", fields.path("webhooks"), webhooks, endpoints);
    stacks.add(new StackSetup(id, body, List.copyOf(webhooks)));
  }

  private void parseWebhooks(
      String at, JsonNode list, List<WebhookSetup> webhooks, Set<String> endpoints) {
    int index = 0;
    for (JsonNode webhook : list) {
      addWebhook(at + "/" + index++, webhook, webhooks, endpoints);
    }
  }

  private void addWebhook(
      String at, JsonNode fields, List<WebhookSetup> webhooks, Set<String> endpoints) {
    if (!requireObject(at, fields, WEBHOOK)) {
      return;
    }
    String endpoint = requireText(at, fields, "endpoint");
    if (!endpoints.add(endpoint)) {
      problems.add("%s: %s/endpoint occurs twice on the stack".formatted(file, at));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("endpoint", endpoint);
    body.put("name", fields.path("name").asText(""));
    body.set("states", sorted(fields.path("states")));
    body.set("types", sorted(fields.path("types")));
    body.set(
        "driftDetection",
        fields.has("driftDetection") ? fields.get("driftDetection") : body.nullNode());
    body.put("timeout", duration(at + "/timeout", fields.path("timeout")));
    if (fields.path("retrySchedule").isArray()) {
      var delays = body.putArray("retrySchedule");
      fields
          .path("retrySchedule")
          .forEach(delay -> delays.add(duration(at + "/retrySchedule", delay)));
    } else {
      body.putNull("retrySchedule");
    }
    if (fields.has("enabled")) {
      body.set("enabled", fields.get("enabled"));
    }
    String secret = fields.has("secret") ? secret(at + "/secret", fields.path("secret")) : null;
    ObjectNode headers = null;
    if (fields.path("headers").isObject()) {
      headers = JsonNodeFactory.instance.objectNode();
      for (var header : fields.path("headers").properties()) {
        JsonNode value = header.getValue();
        String place = at + "/headers/" + header.getKey();
        headers.put(header.getKey(), value.isTextual() ? value.asText() : secret(place, value));
      }
    }
    webhooks.add(new WebhookSetup(endpoint, body, secret, headers));
  }

  /// Names are a set; the API returns them in another order.
  private static JsonNode sorted(JsonNode names) {
    Set<String> sorted = new TreeSet<>();
    names.forEach(name -> sorted.add(name.asText()));
    var array = JsonNodeFactory.instance.arrayNode();
    sorted.forEach(array::add);
    return array;
  }

  private @Nullable String duration(String at, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    try {
      return Durations.parse(value.asText()).toString();
    } catch (IllegalArgumentException e) {
      problems.add("%s: %s %s".formatted(file, at, e.getMessage()));
      return null;
    }
  }

  /// Reads a secret from the environment or a file. It cannot be in this file, which belongs into
  /// version control.
  private @Nullable String secret(String at, JsonNode source) {
    String variable = source.path("env").asText("");
    String path = source.path("file").asText("");
    if (!source.isObject() || source.size() != 1 || (variable + path).isEmpty()) {
      problems.add(
          "%s: %s must be {env: VARIABLE} or {file: PATH}, because secrets do not belong here"
              .formatted(file, at));
      return null;
    }
    String secret = variable.isEmpty() ? content(path) : environment.get(variable);
    if (secret == null || secret.isBlank()) {
      problems.add(
          "%s: %s: %s is %s"
              .formatted(
                  file,
                  at,
                  variable.isEmpty() ? "the file " + path : "the variable " + variable,
                  variable.isEmpty() ? "not readable, or blank" : "not set"));
    }
    return secret;
  }

  private @Nullable String content(String path) {
    try {
      return Files.readString(file.resolveSibling(path)).replaceFirst("\r?\n\\z", "");
    } catch (IOException _) {
      return null;
    }
  }

  private static @Nullable String text(JsonNode fields, String name) {
    return fields.hasNonNull(name) ? fields.get(name).asText() : null;
  }

  private String requireText(String at, JsonNode fields, String name) {
    String text = fields.path(name).asText("");
    if (text.isBlank()) {
      problems.add("%s: %s/%s is required".formatted(file, at, name));
    }
    return text;
  }

  private boolean requireObject(String at, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      problems.add("%s: %s must have fields".formatted(file, at.isEmpty() ? "the file" : at));
      return false;
    }
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            problems.add(
                "%s: %s/%s is unknown; the fields are %s"
                    .formatted(file, at, name, String.join(", ", new TreeSet<>(known))));
          }
        });
    return true;
  }
}

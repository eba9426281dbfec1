package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.webhook.BranchFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A webhook of a stack or of the account.
///
/// @param webhook the body of a request that creates it, without secret and headers
/// @param secret null if it is not managed
/// @param headers null if they are not managed
public record WebhookSetup(
    String endpoint, ObjectNode webhook, @Nullable String secret, @Nullable ObjectNode headers) {
  static final Set<String> FIELDS =
      Set.of(
          "endpoint",
          "name",
          "enabled",
          "states",
          "types",
          "driftDetection",
          "previousStates",
          "branches",
          "delta",
          "stackLabels",
          "events",
          "format",
          "template",
          "timeout",
          "retrySchedule",
          "secret",
          "headers");

  private static final String SELECTOR = "selector";

  /// The fields of an account webhook.
  static final Set<String> ACCOUNT_FIELDS =
      Stream.concat(FIELDS.stream(), Stream.of(SELECTOR)).collect(Collectors.toSet());

  static final Set<String> SELECTOR_FIELDS = Set.of("labels", "stacks");

  /// @param known the fields that it may have
  /// @param endpoints the endpoints of the webhooks before this one
  static Optional<WebhookSetup> parse(
      SetupFile file, String at, JsonNode fields, Set<String> known, Set<String> endpoints) {
    if (!file.requireObject(at, fields, known)) {
      return Optional.empty();
    }
    String endpoint = file.requireText(at, fields, "endpoint");
    if (!endpoints.add(endpoint)) {
      file.addProblem(at + "/endpoint occurs twice");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("endpoint", endpoint);
    if (known.contains(SELECTOR)) {
      body.set(SELECTOR, selector(file, at + "/selector", fields.path(SELECTOR)));
    }
    body.put("name", fields.path("name").asText(""));
    body.set("states", SetupFile.sorted(file.list(at, fields, "states")));
    body.set("types", SetupFile.sorted(file.list(at, fields, "types")));
    body.set("driftDetection", orNull(fields, "driftDetection"));
    body.set("previousStates", SetupFile.sorted(file.list(at, fields, "previousStates")));
    body.set("branches", SetupFile.sorted(file.list(at, fields, "branches")));
    checkBranches(file, at + "/branches/", file.list(at, fields, "branches"));
    body.set("delta", orNull(fields, "delta"));
    body.set("stackLabels", SetupFile.sorted(file.list(at, fields, "stackLabels")));
    body.set("events", SetupFile.sorted(file.list(at, fields, "events")));
    if (body.path("events").isEmpty()) {
      body.putArray("events").add("run_state_changed");
    }
    body.put("template", SetupFile.text(fields, "template"));
    String defaultFormat = fields.hasNonNull("template") ? "template" : "runhook";
    body.put("format", fields.path("format").asText(defaultFormat));
    body.put("timeout", file.duration(at + "/timeout", fields.path("timeout")));
    Iterable<JsonNode> schedule = file.list(at, fields, "retrySchedule");
    if (fields.hasNonNull("retrySchedule")) {
      ArrayNode delays = body.putArray("retrySchedule");
      schedule.forEach(delay -> delays.add(file.duration(at + "/retrySchedule", delay)));
    } else {
      body.putNull("retrySchedule");
    }
    if (fields.has("enabled")) {
      body.set("enabled", fields.get("enabled"));
    }
    String secret =
        fields.has("secret") ? file.secret(at + "/secret", fields.path("secret")) : null;
    ObjectNode headers =
        fields.hasNonNull("headers")
            ? headers(file, at + "/headers", fields.path("headers"))
            : null;
    return Optional.of(new WebhookSetup(endpoint, body, secret, headers));
  }

  private static ObjectNode selector(SetupFile file, String at, JsonNode fields) {
    ObjectNode selector = JsonNodeFactory.instance.objectNode();
    if (file.requireObject(at, fields, SELECTOR_FIELDS)) {
      String labels = SetupFile.text(fields, "labels");
      selector.put("labels", labels == null ? null : labels.strip());
      file.list(at, fields, "stacks").forEach(selector.putArray("stacks")::add);
    }
    return selector;
  }

  private static void checkBranches(SetupFile file, String at, Iterable<JsonNode> patterns) {
    int index = 0;
    for (JsonNode pattern : patterns) {
      String text = pattern.asText("");
      try {
        var ignored = BranchFilter.of(List.of(text));
      } catch (IllegalArgumentException e) {
        String hint = text.isEmpty() ? "; YAML requires quotes around a leading ! or *" : "";
        file.addProblem(at + index + " " + e.getMessage() + hint);
      }
      index++;
    }
  }

  private static JsonNode orNull(JsonNode fields, String name) {
    return fields.has(name) ? fields.get(name) : NullNode.instance;
  }

  private static ObjectNode headers(SetupFile file, String at, JsonNode values) {
    if (!values.isObject()) {
      file.addProblem(at + " must be names with values");
    }
    ObjectNode headers = JsonNodeFactory.instance.objectNode();
    for (var header : values.properties()) {
      String name = header.getKey();
      JsonNode value = header.getValue();
      headers.put(name, value.isTextual() ? value.asText() : file.secret(at + "/" + name, value));
    }
    return headers;
  }

  @Override
  public String toString() {
    return "webhook";
  }
}

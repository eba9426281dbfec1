package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.webhook.EndpointCheck;
import dev.runhook.domain.webhook.EndpointValidator;
import dev.runhook.http.webhook.WebhookRequestParser;
import dev.runhook.http.webhook.WebhookRequestParser.NewAccountWebhook;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
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

  /// The fields whose order has no meaning.
  static final List<String> SETS =
      List.of("states", "types", "previousStates", "branches", "stackLabels", "events");

  private static final String SELECTOR = "selector";
  private static final EgressPolicy ANY_POLICY = new EgressPolicy(List.of());
  private static final JsonPayloadRenderer RENDERER = new JsonPayloadRenderer();

  /// The fields of an account webhook.
  static final Set<String> ACCOUNT_FIELDS =
      Stream.concat(FIELDS.stream(), Stream.of(SELECTOR)).collect(Collectors.toSet());

  static final Set<String> SELECTOR_FIELDS = Set.of("labels", "stacks");

  /// @param known the fields that it may have
  /// @param endpoints the endpoints of the webhooks before this one
  static Optional<WebhookSetup> parse(
      SetupReader reader, String at, JsonNode fields, Set<String> known, Set<String> endpoints) {
    if (!reader.requireObject(at, fields, known)) {
      return Optional.empty();
    }
    String endpoint = reader.requireText(at, fields, "endpoint");
    if (!endpoints.add(endpoint)) {
      reader.addProblem(at + "/endpoint occurs twice");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("endpoint", endpoint);
    if (known.contains(SELECTOR)) {
      body.set(SELECTOR, selector(reader, at + "/selector", fields.path(SELECTOR)));
    }
    body.put("name", fields.path("name").asText(""));
    SETS.forEach(name -> body.set(name, SetupReader.texts(reader.list(at, fields, name))));
    checkBranches(reader, at + "/branches/", body.path("branches"));
    body.set("driftDetection", orNull(fields, "driftDetection"));
    body.set("delta", orNull(fields, "delta"));
    if (body.path("events").isEmpty()) {
      body.putArray("events").add("run_state_changed");
    }
    body.put("template", SetupReader.text(fields, "template"));
    String defaultFormat = fields.hasNonNull("template") ? "template" : "runhook";
    body.put("format", fields.path("format").asText(defaultFormat));
    body.put("timeout", reader.duration(at + "/timeout", fields.path("timeout")));
    Iterable<JsonNode> schedule = reader.list(at, fields, "retrySchedule");
    if (fields.hasNonNull("retrySchedule")) {
      ArrayNode delays = body.putArray("retrySchedule");
      schedule.forEach(delay -> delays.add(reader.duration(at + "/retrySchedule", delay)));
    } else {
      body.putNull("retrySchedule");
    }
    if (fields.has("enabled")) {
      body.set("enabled", fields.get("enabled"));
    }
    String secret =
        fields.has("secret") ? reader.secret(at + "/secret", fields.path("secret")) : null;
    ObjectNode headers =
        fields.hasNonNull("headers")
            ? headers(reader, at + "/headers", fields.path("headers"))
            : null;
    WebhookSetup setup = new WebhookSetup(endpoint, body, secret, headers);
    setup.validate(reader, at);
    SETS.forEach(name -> body.set(name, SetupReader.sorted(body.path(name))));
    return Optional.of(setup);
  }

  /// Leaves to the server what depends on its settings: whether it may call the endpoint.
  private void validate(SetupReader reader, String at) {
    Optional<CreateWebhookRequest> parsed =
        webhook.has(SELECTOR)
            ? reader
                .validate(at, newWebhook(), WebhookRequestParser::parseNewAccountWebhook)
                .map(NewAccountWebhook::webhook)
            : reader.validate(at, newWebhook(), WebhookRequestParser::parseNewWebhook);
    if (parsed.isEmpty()) {
      return;
    }
    if (new EndpointValidator(ANY_POLICY).check(endpoint)
        instanceof EndpointCheck.Malformed(String reason)) {
      reader.addProblem(at + "/endpoint: " + reason);
    }
    parsed
        .get()
        .delivery()
        .template()
        .flatMap(RENDERER::findTemplateError)
        .ifPresent(error -> reader.addProblem(at + "/template: " + error));
  }

  /// Returns the body of a request that creates the webhook.
  ObjectNode newWebhook() {
    ObjectNode body = webhook.deepCopy();
    if (secret != null) {
      body.put("secret", secret);
    }
    if (headers != null) {
      body.set("headers", headers);
    }
    return body;
  }

  private static ObjectNode selector(SetupReader reader, String at, JsonNode fields) {
    ObjectNode selector = JsonNodeFactory.instance.objectNode();
    if (reader.requireObject(at, fields, SELECTOR_FIELDS)) {
      String labels = SetupReader.text(fields, "labels");
      selector.put("labels", labels == null ? null : labels.strip());
      reader.list(at, fields, "stacks").forEach(selector.putArray("stacks")::add);
    }
    return selector;
  }

  private static void checkBranches(SetupReader reader, String at, Iterable<JsonNode> patterns) {
    int index = 0;
    for (JsonNode pattern : patterns) {
      if (pattern.asText().isEmpty()) {
        reader.addProblem(
            at + index + " must not be empty; YAML requires quotes around a leading ! or *");
      }
      index++;
    }
  }

  private static JsonNode orNull(JsonNode fields, String name) {
    return fields.has(name) ? fields.get(name) : NullNode.instance;
  }

  private static ObjectNode headers(SetupReader reader, String at, JsonNode values) {
    if (!values.isObject()) {
      reader.addProblem(at + " must be names with values");
    }
    ObjectNode headers = JsonNodeFactory.instance.objectNode();
    for (var header : values.properties()) {
      String name = header.getKey();
      JsonNode value = header.getValue();
      headers.put(name, value.isTextual() ? value.asText() : reader.secret(at + "/" + name, value));
    }
    return headers;
  }

  @Override
  public String toString() {
    return "webhook";
  }
}

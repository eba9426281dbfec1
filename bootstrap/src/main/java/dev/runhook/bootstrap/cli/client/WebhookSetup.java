package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.setting.SettingType;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.webhook.EndpointCheck;
import dev.runhook.domain.webhook.EndpointValidator;
import dev.runhook.http.webhook.WebhookRequestParser;
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
      Stream.concat(
              Stream.of("endpoint", "enabled", "secret", "headers"),
              WebhookSetting.ALL.stream().map(WebhookSetting::name))
          .collect(Collectors.toSet());

  private static final String SELECTOR = "selector";
  private static final ObjectMapper MAPPER = new ObjectMapper();
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
    for (WebhookSetting<?> setting : WebhookSetting.ALL) {
      body.set(
          setting.name(),
          fields.hasNonNull(setting.name())
              ? value(reader, at, fields, setting)
              : NullNode.instance);
    }
    checkBranches(reader, at + "/branches/", body.path("branches"));
    if (body.hasNonNull("template") && !body.hasNonNull("format")) {
      body.put("format", Format.TEMPLATE.wireName());
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
    setup
        .validate(reader, at)
        .ifPresent(valid ->
            body.setAll(
                MAPPER.<ObjectNode>valueToTree(
                    WebhookSetting.write(valid.settings(WebhookSetting.DEFAULTS.endpoint())))));
    return Optional.of(setup);
  }

  /// YAML has numbers and dates where JSON has strings.
  private static JsonNode value(
      SetupReader reader, String at, JsonNode fields, WebhookSetting<?> setting) {
    JsonNode value = fields.path(setting.name());
    return switch (setting.type()) {
      case SettingType.Flag() -> value;
      case SettingType.Toggle() -> value;
      case SettingType.Count ignored -> value;
      case SettingType.Text<?> ignored -> TextNode.valueOf(value.asText());
      case SettingType.Texts<?, ?> ignored ->
          SetupReader.texts(reader.list(at, fields, setting.name()));
    };
  }

  /// Leaves to the server what depends on its settings: whether it may call the endpoint.
  ///
  /// @return what the server would read
  private Optional<CreateWebhookRequest> validate(SetupReader reader, String at) {
    Optional<CreateWebhookRequest> parsed =
        reader.validate(
            at,
            newWebhook(),
            webhook.has(SELECTOR)
                ? WebhookRequestParser::parseNewAccountWebhook
                : WebhookRequestParser::parseNewWebhook);
    if (parsed.isEmpty()) {
      return parsed;
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
    return parsed;
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

package dev.runhook.http.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The description of the API: `openapi.yaml`, and what follows from the kind of an operation: its
/// role, the key of idempotent requests, and error responses such as 401 if it takes a token. The
/// file has only what does not follow.
final class OpenApiDescription {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  private static final String ROLE = "x-runhook-role";
  private static final Set<String> WITHOUT_TOKEN = Set.of("open", "signed");

  private static final Map<String, String> OF_ALL =
      Map.of(
          "406", "NotAcceptable",
          "429", "TooManyRequests",
          "500", "InternalError",
          "503", "StoreUnavailable");
  private static final Map<String, String> OF_TOKENS =
      Map.of("401", "NotAuthenticated", "403", "NotPermitted");
  private static final Map<String, String> OF_BODIES =
      Map.of("413", "TooLarge", "415", "UnsupportedMediaType");
  private static final Map<String, String> OF_COMMANDS =
      Map.of("409", "Conflict", "422", "Unprocessable");
  private static final Map<String, String> OF_CONDITIONS = Map.of("412", "PreconditionFailed");
  private static final Map<String, String> OF_INPUT = Map.of("400", "ValidationError");
  private static final Map<String, String> OF_RESOURCES = Map.of("404", "NotFound");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .build();

  private final JsonNode root;

  private OpenApiDescription(JsonNode root) {
    this.root = root;
  }

  static OpenApiDescription load() {
    try (InputStream file =
        Objects.requireNonNull(OpenApiDescription.class.getResourceAsStream("openapi.yaml"))) {
      OpenApiDescription description = new OpenApiDescription(YAML.readTree(file));
      description.root.path("paths").properties().stream()
          .filter(path -> path.getKey().startsWith("/api/"))
          .forEach(path -> description.complete(path.getKey(), path.getValue()));
      return description;
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.yaml is not valid YAML", e);
    }
  }

  byte[] json() {
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  byte[] yaml() {
    try {
      return YAML.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void complete(String path, JsonNode item) {
    item.properties().stream()
        .filter(operation -> METHODS.contains(operation.getKey()))
        .forEach(operation ->
            complete(path, item, operation.getKey(), (ObjectNode) operation.getValue()));
  }

  private void complete(String path, JsonNode item, String method, ObjectNode operation) {
    if (!operation.has(ROLE)) {
      operation.put(ROLE, method.equals("get") ? "reader" : "admin");
    }
    Map<String, JsonNode> responses = new TreeMap<>();
    operation
        .path("responses")
        .properties()
        .forEach(response -> responses.put(response.getKey(), response.getValue()));
    add(responses, OF_ALL);
    if (!WITHOUT_TOKEN.contains(operation.path(ROLE).asText())) {
      add(responses, OF_TOKENS);
      if (method.equals("post")) {
        operation.withArray("/parameters").add(reference("parameters/idempotencyKey"));
        add(responses, OF_COMMANDS);
      }
    }
    if (parameters(operation).anyMatch(each -> each.path("name").asText().equals("If-Match"))) {
      add(responses, OF_CONDITIONS);
    }
    if (operation.has("requestBody")) {
      add(responses, OF_BODIES);
    }
    if (operation.has("requestBody") || hasQuery(item) || hasQuery(operation)) {
      add(responses, OF_INPUT);
    }
    if (path.contains("{")) {
      add(responses, OF_RESOURCES);
    }
    ((ObjectNode) operation.path("responses")).removeAll().setAll(responses);
  }

  private void add(Map<String, JsonNode> responses, Map<String, String> standard) {
    standard.forEach(
        (status, name) -> responses.putIfAbsent(status, reference("responses/" + name)));
  }

  private static ObjectNode reference(String component) {
    return YAML.createObjectNode().put("$ref", "#/components/" + component);
  }

  private boolean hasQuery(JsonNode operation) {
    return parameters(operation).anyMatch(each -> each.path("in").asText().equals("query"));
  }

  private Stream<JsonNode> parameters(JsonNode operation) {
    return operation
        .path("parameters")
        .valueStream()
        .map(each -> each.has("$ref") ? root.at(each.path("$ref").asText().substring(1)) : each);
  }
}

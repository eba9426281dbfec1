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

/// The description of the API: `openapi.yaml`, and the error responses that follow from the kind of
/// an operation, such as 401 if it takes a token. The file has only those that do not.
final class OpenApiDescription {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
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
        .forEach(operation -> complete(path, item, operation.getValue()));
  }

  private void complete(String path, JsonNode item, JsonNode operation) {
    Map<String, JsonNode> responses = new TreeMap<>();
    operation
        .path("responses")
        .properties()
        .forEach(response -> responses.put(response.getKey(), response.getValue()));
    add(responses, OF_ALL);
    if (!WITHOUT_TOKEN.contains(operation.path("x-runhook-role").asText())) {
      add(responses, OF_TOKENS);
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
    standard.forEach((status, name) ->
        responses.putIfAbsent(
            status, YAML.createObjectNode().put("$ref", "#/components/responses/" + name)));
  }

  private boolean hasQuery(JsonNode parameters) {
    return parameters
        .path("parameters")
        .valueStream()
        .map(each -> each.has("$ref") ? root.at(each.path("$ref").asText().substring(1)) : each)
        .anyMatch(each -> each.path("in").asText().equals("query"));
  }
}

package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.atlassian.oai.validator.report.ValidationReport.Level;
import com.atlassian.oai.validator.report.ValidationReport.Message;
import com.atlassian.oai.validator.schema.ValidationConfiguration;
import dev.runhook.http.json.Problem;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Validates all requests and responses of the tests against the description of the API.
public final class OpenApiSpecification {
  public static final OpenApiSpecification INSTANCE = new OpenApiSpecification();

  /// More than the file has. The validator compiles a schema, with all components, each time that
  /// it does not find it in its cache, which by default keeps 100.
  private static final int SCHEMAS = 10_000;

  private static final Set<String> UNDESCRIBED =
      Set.of("validation.request.path.missing", "validation.request.operation.notAllowed");

  /// Responses to invalid requests, which therefore need not conform to the file.
  private static final Set<Integer> CLIENT_ERRORS = Set.of(400, 401, 403, 404, 406, 413, 415, 429);

  final String text = new String(OpenApiDescription.load().yaml(), StandardCharsets.UTF_8);
  private final SwaggerParseResult parsed =
      new OpenAPIV3Parser().readContents(text, null, resolving());
  private final OpenApiInteractionValidator validator =
      OpenApiInteractionValidator.createForInlineApiSpecification(text)
          .withLevelResolver(
              LevelResolver.create()
                  // the file itself says which properties an object may have
                  .withLevel("validation.schema.additionalProperties", Level.IGNORE)
                  .withLevel("validation.request.body.schema.additionalProperties", Level.ERROR)
                  .withLevel("validation.response.body.schema.additionalProperties", Level.ERROR)
                  .withLevel("validation.request.parameter.query.unexpected", Level.ERROR)
                  // the file is served regardless of the Accept header
                  .withLevel("validation.request.accept.notAllowed", Level.IGNORE)
                  .build())
          .withSchemaValidationConfiguration(new ValidationConfiguration().setMaxCacheSize(SCHEMAS))
          .build();

  private OpenApiSpecification() {}

  /// The validator does not recognize the array type of OpenAPI 3.1 in a query parameter, and
  /// expects JSON in it. A value of another type that is not JSON is rejected by the server.
  private static final Set<String> ARRAY_IN_QUERY =
      Set.of(
          "validation.request.parameter.schema.invalidJson",
          "validation.request.parameter.collection.invalid");

  /// One operation of the API.
  public record ApiOperation(String method, String path, Operation definition) {
    public String role() {
      return String.valueOf(definition.getExtensions().get("x-runhook-role"));
    }

    /// Returns whether the caller sends a token.
    public boolean takesToken() {
      return !role().equals("open") && !isSigned();
    }

    /// Returns whether the signature of the body identifies the caller.
    public boolean isSigned() {
      return role().equals("signed");
    }

    /// Returns whether the body is required.
    public boolean requiresBody() {
      return acceptsBody() && Boolean.TRUE.equals(definition.getRequestBody().getRequired());
    }

    public boolean acceptsBody() {
      return definition.getRequestBody() != null;
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  public List<ApiOperation> operations() {
    return model().getPaths().entrySet().stream()
        .flatMap(path ->
            path.getValue().readOperationsMap().entrySet().stream()
                .map(operation ->
                    new ApiOperation(
                        operation.getKey().name(), path.getKey(), resolved(operation.getValue()))))
        .toList();
  }

  /// Replaces the references to shared bodies and responses by what they name.
  private Operation resolved(Operation operation) {
    RequestBody body = operation.getRequestBody();
    if (body != null && body.get$ref() != null) {
      operation.setRequestBody(named(model().getComponents().getRequestBodies(), body.get$ref()));
    }
    operation
        .getResponses()
        .replaceAll((status, response) ->
            response.get$ref() == null
                ? response
                : named(model().getComponents().getResponses(), response.get$ref()));
    return operation;
  }

  /// Returns the component that a reference names.
  static <T> T named(Map<String, T> components, String reference) {
    return Objects.requireNonNull(
        components.get(reference.substring(reference.lastIndexOf('/') + 1)), reference);
  }

  OpenAPI model() {
    return parsed.getOpenAPI();
  }

  /// The errors in the file itself.
  List<String> parseErrors() {
    return parsed.getMessages();
  }

  /// Fails if the exchange does not conform to the file. A request that the server rejected as
  /// invalid need not conform. An operation that is not in the file must return 404 or 405.
  void assertConforms(Exchange exchange) {
    ValidationReport report = responseReport(exchange);
    if (report.getMessages().stream().map(Message::getKey).anyMatch(UNDESCRIBED::contains)) {
      assertThat(exchange.status()).as("%s is not in openapi.yaml", exchange).isIn(400, 404, 405);
      assertThat(exchange.mediaType()).isEqualTo(Problem.MEDIA_TYPE);
      return;
    }
    assertThat(errors(report)).as("response: %s", exchange).isEmpty();
    if (exchange.statuses().noneMatch(CLIENT_ERRORS::contains)) {
      assertThat(errors(validator.validateRequest(exchange.request())))
          .as("request: %s", exchange)
          .isEmpty();
    }
  }

  private ValidationReport responseReport(Exchange exchange) {
    SimpleRequest request = exchange.request();
    SimpleResponse response = exchange.response();
    ValidationReport report =
        validator.validateResponse(request.getPath(), request.getMethod(), response);
    return exchange.isHead() ? withoutBody(report) : report;
  }

  private static ValidationReport withoutBody(ValidationReport report) {
    return ValidationReport.from(
        report.getMessages().stream()
            .filter(message -> !message.getKey().equals("validation.response.body.missing"))
            .toList());
  }

  private static List<String> errors(ValidationReport report) {
    return report.getMessages().stream()
        .filter(message -> message.getLevel() == Level.ERROR)
        .filter(message -> !ARRAY_IN_QUERY.contains(message.getKey()))
        .map(message -> message.getKey() + ": " + message.getMessage())
        .toList();
  }

  private static ParseOptions resolving() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    return options;
  }
}

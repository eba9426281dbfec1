package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.atlassian.oai.validator.report.ValidationReport.Level;
import com.atlassian.oai.validator.report.ValidationReport.Message;
import dev.runhook.http.json.Problem;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// `openapi.yaml`, as the judge of all that goes over the wire in tests.
public final class OpenApiSpecification {
  public static final OpenApiSpecification INSTANCE = new OpenApiSpecification();

  private static final Set<String> NOWHERE =
      Set.of("validation.request.path.missing", "validation.request.operation.notAllowed");

  /// Answers that tell of a mistake in what was sent; so it may be unlike the file.
  private static final Set<Integer> MISTAKEN = Set.of(400, 401, 403, 404, 406, 413, 415, 429);

  final String text = read();
  private final SwaggerParseResult parsed =
      new OpenAPIV3Parser().readContents(text, null, resolving());
  private final OpenApiInteractionValidator validator =
      OpenApiInteractionValidator.createForInlineApiSpecification(text)
          .withLevelResolver(
              LevelResolver.create()
                  // what an object may have, the file itself says
                  .withLevel("validation.schema.additionalProperties", Level.IGNORE)
                  .withLevel("validation.request.body.schema.additionalProperties", Level.ERROR)
                  .withLevel("validation.response.body.schema.additionalProperties", Level.ERROR)
                  .withLevel("validation.request.parameter.query.unexpected", Level.ERROR)
                  // the file itself is shown to those who want no YAML too
                  .withLevel("validation.request.accept.notAllowed", Level.IGNORE)
                  .build())
          .build();

  private OpenApiSpecification() {}

  /// One thing that can be asked for.
  public record ApiOperation(String method, String path, Operation operation) {
    public String role() {
      return String.valueOf(operation.getExtensions().get("x-runhook-role"));
    }

    /// Whether it is nothing without a body.
    public boolean requiresBody() {
      return acceptsBody() && Boolean.TRUE.equals(operation.getRequestBody().getRequired());
    }

    public boolean acceptsBody() {
      return operation.getRequestBody() != null;
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
                        operation.getKey().name(), path.getKey(), operation.getValue())))
        .toList();
  }

  OpenAPI model() {
    return parsed.getOpenAPI();
  }

  /// What is wrong with the file itself.
  List<String> parseErrors() {
    return parsed.getMessages();
  }

  /// Fails where the exchange is not as the file says. What the server took must be like the file;
  /// what it refused as a mistake need not. A call that is not in the file must find nothing.
  void assertConforms(Exchange exchange) {
    ValidationReport answered = answered(exchange);
    if (answered.getMessages().stream().map(Message::getKey).anyMatch(NOWHERE::contains)) {
      assertThat(exchange.status()).as("%s is not in openapi.yaml", exchange).isIn(400, 404, 405);
      assertThat(exchange.mediaType()).isEqualTo(Problem.MEDIA_TYPE);
      return;
    }
    assertThat(errors(answered)).as("what was answered: %s", exchange).isEmpty();
    if (exchange.statuses().noneMatch(MISTAKEN::contains)) {
      assertThat(errors(validator.validateRequest(exchange.request())))
          .as("what was asked: %s", exchange)
          .isEmpty();
    }
  }

  private ValidationReport answered(Exchange exchange) {
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
        .map(message -> message.getKey() + ": " + message.getMessage())
        .toList();
  }

  private static ParseOptions resolving() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    return options;
  }

  private static String read() {
    try (InputStream file =
        Objects.requireNonNull(HttpApi.class.getResourceAsStream("openapi.yaml"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

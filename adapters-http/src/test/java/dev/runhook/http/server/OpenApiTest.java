package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.text.Explanation;
import dev.runhook.http.json.Json;
import dev.runhook.http.webui.WebUiRoutes;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `openapi.yaml` is complete and describes the actual API.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final Pattern RESPONSE =
      Pattern.compile("<!-- response of (\\w+) -->\n```json\n(.*?)```", Pattern.DOTALL);

  private final TestServer server = new TestServer();

  @AfterAll
  void tearDown() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> calls() {
    return OpenApiSpecification.INSTANCE.operations().stream();
  }

  @Test
  void every_route_is_described_and_every_description_is_a_route() {
    List<String> routes =
        server.routes.stream()
            .filter(route -> !route.startsWith("HEAD "))
            .filter(route -> !WebUiRoutes.isWebUiPath(route.substring("GET ".length())))
            .filter(route -> !route.contains(" " + OpenApiRoutes.REFERENCE_PATH + "/"))
            .toList();

    assertThat(routes)
        .as("routes (left) and calls of openapi.yaml (right)")
        .containsExactlyInAnyOrderElementsOf(
            calls().map(OpenApiSpecification.ApiOperation::toString).toList());
  }

  @Test
  void the_file_is_well_formed() {
    assertThat(OpenApiSpecification.INSTANCE.parseErrors()).isEmpty();
    assertThat(OpenApiSpecification.INSTANCE.model().getOpenapi()).startsWith("3.1");
  }

  /// openapi-generator writes no class for a schema whose name it also meets as such a property.
  @Test
  void no_reference_points_into_a_schema() {
    assertThat(OpenApiSpecification.INSTANCE.text)
        .doesNotContainPattern("#/components/schemas/\\w+/");
  }

  @Test
  void every_key_of_audit_details_is_described() throws Exception {
    assertThat(
            new YAMLMapper()
                .readTree(OpenApiSpecification.INSTANCE.text)
                .at("/components/schemas/AuditDetails/properties")
                .properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyElementsOf(
            Stream.of(AuditDetail.values()).map(AuditDetail::wireName).toList());
  }

  @Test
  void every_code_of_an_explanation_is_described() throws Exception {
    JsonNode schema =
        new YAMLMapper()
            .readTree(OpenApiSpecification.INSTANCE.text)
            .at("/components/schemas/ExplanationCode");

    assertThat(schema.at("/enum").valueStream().map(JsonNode::asText))
        .containsExactlyElementsOf(
            Stream.of(Explanation.Code.values()).map(Explanation.Code::name).toList());
    assertThat(schema.at("/description").asText().replaceAll("\\s+", " "))
        .contains(
            Stream.of(Explanation.Code.values())
                .map(code -> "- `" + code + "`: " + code.template() + ".")
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/yaml", "text/html"})
  void the_file_is_public_and_served_with_all_responses(String accept) {
    TestResponse response =
        server.send(
            server
                .rawRequest("GET", "/openapi.yaml", BodyPublishers.noBody())
                .header("Accept", accept));

    assertThat(response.isOk().text()).isEqualTo(OpenApiSpecification.INSTANCE.text);
    assertThat(response.header("Content-Type")).isEqualTo("application/yaml");
  }

  @Test
  void the_json_file_has_the_same_content() throws Exception {
    TestResponse json = get(OpenApiRoutes.JSON_PATH).isOk();

    assertThat(json.header("Content-Type")).isEqualTo("application/json");
    assertThat(json.json())
        .isEqualTo(new YAMLMapper().readTree(OpenApiSpecification.INSTANCE.text));
  }

  @Test
  void the_schema_of_payloads_is_the_one_in_the_documentation() throws Exception {
    TestResponse schema = get(OpenApiRoutes.SCHEMA_PATH).isOk();

    assertThat(schema.header("Content-Type")).isEqualTo("application/schema+json");
    assertThat(schema.text())
        .isEqualTo(Files.readString(Path.of("..", "docs", "payload.schema.json")));
  }

  @Test
  void the_reference_loads_only_files_of_this_server() {
    TestResponse page = get(OpenApiRoutes.REFERENCE_PATH).isOk();
    List<String> files =
        Pattern.compile("(?:src|spec-url|href)=\"([^\"]+)\"")
            .matcher(page.text())
            .results()
            .map(match -> match.group(1))
            .filter(url -> !url.startsWith("data:"))
            .toList();

    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
        .doesNotContain("http:", "https:", "*");
    assertThat(files).hasSize(2).allMatch(file -> get("/" + file).status() == 200);
  }

  private TestResponse get(String path) {
    return server.send(server.rawRequest("GET", path, BodyPublishers.noBody()));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void an_operation_is_documented(OpenApiSpecification.ApiOperation operation) {
    assertThat(operation.definition().getSummary()).isNotBlank().doesNotEndWith(".");
    assertThat(operation.definition().getDescription()).isNotBlank();
    assertThat(operation.definition().getOperationId()).isNotBlank();
    assertThat(operation.definition().getTags()).hasSize(1);
    assertThat(operation.definition().getResponses().values())
        .allSatisfy(
            response -> assertThat(response.get$ref() + response.getDescription()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void an_operation_states_its_role_and_the_responses_of_a_rejected_caller(
      OpenApiSpecification.ApiOperation operation) {
    boolean open = operation.role().equals("open");

    assertThat(operation.role()).isIn("reader", "writer", "admin", "signed", "open");
    assertThat(open).isEqualTo(List.of().equals(operation.definition().getSecurity()));
    boolean signsIn = operation.path().startsWith("/api/v1/session");
    assertThat(operation.definition().getResponses().containsKey("401"))
        .isEqualTo(!open || signsIn);
    if (!open) {
      assertThat(operation.definition().getResponses()).containsKeys("406", "429", "500", "503");
    }
    if (operation.takesToken()) {
      assertThat(operation.definition().getResponses()).containsKeys("403");
    }
    if (operation.acceptsBody()) {
      assertThat(operation.definition().getResponses()).containsKeys("400", "413", "415");
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void an_operation_has_examples_of_its_request_and_responses(
      OpenApiSpecification.ApiOperation operation) {
    List<Exchange> examples = OpenApiExamples.of(operation);

    assertThat(examples).isNotEmpty().allSatisfy(OpenApiSpecification.INSTANCE::assertConforms);
    assertThat(examples).filteredOn(example -> example.status() < 300).isNotEmpty();
  }

  /// So that the guide shows what the server responds, which other tests compare with the examples.
  @Test
  void a_response_in_the_api_guide_is_part_of_an_example() throws Exception {
    List<MatchResult> responses =
        RESPONSE.matcher(Files.readString(Path.of("../docs/api.md"))).results().toList();

    assertThat(responses)
        .hasSizeGreaterThan(15)
        .allSatisfy(response -> {
          JsonNode shown = Json.MAPPER.readTree(response.group(2));
          assertThat(calls().filter(call -> isNamed(call, response.group(1))))
              .as(response.group(1))
              .flatMap(OpenApiExamples::of)
              .filteredOn(example -> example.status() < 300)
              .anySatisfy(example ->
                  assertThat(isPartOf(shown, Json.MAPPER.readTree(example.responseBody())))
                      .as("%s is part of %s", shown, example.responseBody())
                      .isTrue());
        });
  }

  private static boolean isNamed(OpenApiSpecification.ApiOperation call, String operationId) {
    return operationId.equals(call.definition().getOperationId());
  }

  /// Whether each shown field has its value, and each shown element is in the list.
  private static boolean isPartOf(JsonNode shown, JsonNode whole) {
    if (shown.isObject()) {
      return shown.properties().stream()
          .allMatch(field ->
              whole.has(field.getKey()) && isPartOf(field.getValue(), whole.get(field.getKey())));
    }
    if (shown.isArray()) {
      return shown
          .valueStream()
          .allMatch(element -> whole.valueStream().anyMatch(other -> isPartOf(element, other)));
    }
    return shown.equals(whole);
  }

  @Test
  void operation_ids_are_unique() {
    Map<String, Long> names =
        calls()
            .collect(
                Collectors.groupingBy(
                    operation -> operation.definition().getOperationId(),
                    TreeMap::new,
                    Collectors.counting()));

    assertThat(names.values()).containsOnly(1L);
  }
}

package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.http.webui.WebUiRoutes;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The file, and whether it is of the API that there is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private final TestServer server = new TestServer();

  @AfterAll
  void stop() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> calls() {
    return OpenApiSpecification.INSTANCE.operations().stream();
  }

  @Test
  void every_route_is_in_the_file_and_every_call_of_the_file_is_a_route() {
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

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/yaml", "text/html"})
  void the_file_is_served_as_it_is_to_anybody(String accept) {
    TestResponse testResponse =
        server.send(
            server
                .rawRequest("GET", "/openapi.yaml", BodyPublishers.noBody())
                .header("Accept", accept));

    assertThat(testResponse.isOk().text()).isEqualTo(OpenApiSpecification.INSTANCE.text);
    assertThat(testResponse.header("Content-Type")).isEqualTo("application/yaml");
  }

  @Test
  void the_json_file_has_the_same_content() throws Exception {
    TestResponse json = get(OpenApiRoutes.JSON_PATH).isOk();

    assertThat(json.header("Content-Type")).isEqualTo("application/json");
    assertThat(json.json())
        .isEqualTo(new YAMLMapper().readTree(OpenApiSpecification.INSTANCE.text));
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
  void a_call_tells_a_person_what_it_is_for(OpenApiSpecification.ApiOperation apiOperation) {
    assertThat(apiOperation.operation().getSummary()).isNotBlank().doesNotEndWith(".");
    assertThat(apiOperation.operation().getDescription()).isNotBlank();
    assertThat(apiOperation.operation().getOperationId()).isNotBlank();
    assertThat(apiOperation.operation().getTags()).hasSize(1);
    assertThat(apiOperation.operation().getResponses().values())
        .allSatisfy(
            response -> assertThat(response.get$ref() + response.getDescription()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void a_call_tells_its_role_and_whoever_needs_a_token_can_be_refused(
      OpenApiSpecification.ApiOperation apiOperation) {
    boolean open = apiOperation.role().equals("open");

    assertThat(apiOperation.role()).isIn("reader", "writer", "admin", "open");
    assertThat(open).isEqualTo(List.of().equals(apiOperation.operation().getSecurity()));
    boolean signsIn = apiOperation.operation().getOperationId().equals("signIn");
    assertThat(apiOperation.operation().getResponses().containsKey("401"))
        .isEqualTo(!open || signsIn);
    if (!open) {
      assertThat(apiOperation.operation().getResponses())
          .containsKeys("403", "406", "429", "500", "503");
    }
    if (apiOperation.acceptsBody()) {
      assertThat(apiOperation.operation().getResponses()).containsKeys("400", "413", "415");
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void a_call_has_examples_of_what_is_sent_and_answered(
      OpenApiSpecification.ApiOperation apiOperation) {
    List<Exchange> examples = OpenApiExamples.of(apiOperation);

    assertThat(examples).isNotEmpty().allSatisfy(OpenApiSpecification.INSTANCE::assertConforms);
    assertThat(examples).filteredOn(example -> example.status() < 300).isNotEmpty();
  }

  @Test
  void names_of_calls_are_unique() {
    Map<String, Long> names =
        calls()
            .collect(
                Collectors.groupingBy(
                    apiOperation -> apiOperation.operation().getOperationId(),
                    TreeMap::new,
                    Collectors.counting()));

    assertThat(names.values()).containsOnly(1L);
  }
}

package dev.runhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  static Stream<Specification.Call> calls() {
    return Specification.OURS.calls().stream();
  }

  @Test
  void every_route_is_in_the_file_and_every_call_of_the_file_is_a_route() {
    List<String> routes =
        server.routes.stream()
            .filter(route -> !route.startsWith("HEAD "))
            .filter(route -> !PageRoutes.isOfThePage(route.substring("GET ".length())))
            .toList();

    assertThat(routes)
        .as("routes (left) and calls of openapi.yaml (right)")
        .containsExactlyInAnyOrderElementsOf(calls().map(Specification.Call::toString).toList());
  }

  @Test
  void the_file_is_well_formed() {
    assertThat(Specification.OURS.complaints()).isEmpty();
    assertThat(Specification.OURS.model().getOpenapi()).startsWith("3.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/yaml", "text/html"})
  void the_file_is_served_as_it_is_to_anybody(String accept) {
    Reply reply =
        server.send(
            server.bare("GET", "/openapi.yaml", BodyPublishers.noBody()).header("Accept", accept));

    assertThat(reply.isOk().text()).isEqualTo(Specification.OURS.text);
    assertThat(reply.header("Content-Type")).isEqualTo("application/yaml");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void a_call_tells_a_person_what_it_is_for(Specification.Call call) {
    assertThat(call.operation().getSummary()).isNotBlank().doesNotEndWith(".");
    assertThat(call.operation().getDescription()).isNotBlank();
    assertThat(call.operation().getOperationId()).isNotBlank();
    assertThat(call.operation().getTags()).hasSize(1);
    assertThat(call.operation().getResponses().values())
        .allSatisfy(
            response -> assertThat(response.get$ref() + response.getDescription()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void a_call_tells_its_role_and_whoever_needs_a_token_can_be_refused(Specification.Call call) {
    boolean open = call.role().equals("open");

    assertThat(call.role()).isIn("reader", "writer", "admin", "open");
    assertThat(open).isEqualTo(List.of().equals(call.operation().getSecurity()));
    boolean signsIn = call.operation().getOperationId().equals("signIn");
    assertThat(call.operation().getResponses().containsKey("401")).isEqualTo(!open || signsIn);
    if (!open) {
      assertThat(call.operation().getResponses()).containsKeys("403", "406", "429", "500", "503");
    }
    if (call.reads()) {
      assertThat(call.operation().getResponses()).containsKeys("400", "413", "415");
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void a_call_has_examples_of_what_is_sent_and_answered(Specification.Call call) {
    List<Exchange> examples = Examples.of(call);

    assertThat(examples).isNotEmpty().allSatisfy(Specification.OURS::check);
    assertThat(examples).filteredOn(example -> example.status() < 300).isNotEmpty();
  }

  @Test
  void names_of_calls_are_unique() {
    Map<String, Long> names =
        calls()
            .collect(
                Collectors.groupingBy(
                    call -> call.operation().getOperationId(),
                    TreeMap::new,
                    Collectors.counting()));

    assertThat(names.values()).containsOnly(1L);
  }
}

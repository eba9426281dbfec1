package dev.runhook.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import dev.runhook.http.webui.WebUiRoutes;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("four-buckets")
class AuthorizationTest {
  private final TestServer server = new TestServer();

  @BeforeAll
  void setUp() {
    server.withDemoStack();
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
  }

  @AfterAll
  void tearDown() {
    server.close();
  }

  @Test
  void no_route_of_the_api_is_public() {
    List<String> routes =
        server.routes.stream()
            .filter(route -> !route.contains(" /health/") && !route.endsWith(" /metrics"))
            .filter(route -> !route.contains(" /openapi.") && !route.contains(" /docs"))
            .filter(route -> !route.contains(" /payload.schema.json"))
            .filter(route -> !WebUiRoutes.isWebUiPath(route.substring(route.indexOf(' ') + 1)))
            .filter(route -> !route.equals("POST /api/v1/session"))
            .filter(route -> !route.equals("POST /api/v1/session/preview"))
            .toList();

    assertThat(routes)
        .hasSizeGreaterThanOrEqualTo(18)
        .allMatch(route -> route.contains(" /api/v1/"));
    for (String route : routes) {
      String path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[a-z]+}", "x");
      String method = route.substring(0, route.indexOf(' '));
      assertThat(server.send(server.rawRequest(method, path, BodyPublishers.noBody())).status())
          .as(route)
          .isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        TestServer.ADMIN,
        "Basic " + TestServer.ADMIN,
        "Token " + TestServer.ADMIN,
        "Bearer " + TestServer.ADMIN + "x",
        "Bearer " + TestServer.ADMIN + " " + TestServer.ADMIN
      })
  void anything_but_one_bearer_token_is_unauthenticated(String header) {
    TestResponse response =
        server.send(
            server
                .rawRequest("GET", "/api/v1/stacks", BodyPublishers.noBody())
                .header("Authorization", header));

    response.isProblem(401, "not-authenticated");
    assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(response.text()).doesNotContain(TestServer.ADMIN);
  }

  @Test
  void two_tokens_are_unauthenticated() {
    server
        .send(
            server
                .request("GET", "/stacks", BodyPublishers.noBody())
                .header("Authorization", "Bearer " + TestServer.ADMIN))
        .isProblem(401, "not-authenticated");
  }

  @Test
  void the_scheme_is_case_insensitive() {
    server
        .send(
            server
                .rawRequest("GET", "/api/v1/stacks", BodyPublishers.noBody())
                .header("Authorization", "bEARER  " + TestServer.READER))
        .isOk();
  }

  @Test
  void a_head_request_requires_a_token() {
    assertThat(
            server
                .send(server.rawRequest("HEAD", "/api/v1/stacks", BodyPublishers.noBody()))
                .status())
        .isEqualTo(401);
    assertThat(server.send(server.request("HEAD", "/stacks", BodyPublishers.noBody())).status())
        .isEqualTo(200);
  }

  @Test
  void a_limited_token_sees_only_its_stacks() {
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/stacks").isOk().texts("/items", "id"))
        .containsExactly("demo");
    server.getAs(TestServer.STACK_ADMIN, "/stacks/demo").isOk();
  }

  @Test
  void a_token_of_another_account_sees_other_stacks() {
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/stacks").isOk().at("/items")).isEmpty();
    server.getAs(TestServer.OTHER_ACCOUNT, "/stacks/demo").isProblem(404, "no-such-stack");
  }
}

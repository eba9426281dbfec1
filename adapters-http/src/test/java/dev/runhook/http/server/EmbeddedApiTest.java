package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The API in a Javalin that also serves other paths.
class EmbeddedApiTest {
  private final TestServer server =
      new TestServer(config -> {
        config.routes.get("/own", context -> context.result("from the host"));
        config.routes.get(
            "/own/bug",
            ignored -> {
              throw new IllegalStateException("handled by the host");
            });
        config.routes.exception(
            IllegalStateException.class,
            (e, context) -> context.status(418).result(String.valueOf(e.getMessage())));
        config.routes.error(
            404,
            context -> {
              if (context.path().startsWith("/own")) {
                context.result("not mine");
              }
            });
        config.router.contextPath = "/hooks";
      });

  @AfterEach
  void tearDown() {
    server.close();
  }

  private TestResponse get(String path) {
    return server.send(
        server
            .rawRequest("GET", path, BodyPublishers.noBody())
            .header("Authorization", "Bearer " + TestServer.ADMIN));
  }

  @Test
  void the_host_handles_its_own_paths() {
    assertThat(get("/hooks/own").isOk().text()).isEqualTo("from the host");
    assertThat(get("/hooks/own/bug").is(418).text()).isEqualTo("handled by the host");
    assertThat(get("/hooks/elsewhere").is(404).header("Content-Type")).doesNotContain("problem");
  }

  @Test
  void the_api_works_below_the_context_path_of_the_host() {
    TestResponse created =
        server.send(
            server
                .rawRequest(
                    "PUT",
                    "/hooks/api/v1/stacks/demo",
                    BodyPublishers.ofString("{\"name\":\"Demo\"}"))
                .header("Authorization", "Bearer " + TestServer.ADMIN)
                .header("Content-Type", "application/json"));

    assertThat(created.is(201).header("Location")).isEqualTo("/hooks/api/v1/stacks/demo");
    get("/hooks/api/v1/nothing").isProblem(404, "not-found");
    server.store.failure.set(new IllegalStateException("a bug"));
    get("/hooks/api/v1/stacks/demo").isProblem(500, "internal-error");
  }

  @Test
  void a_method_override_is_refused() {
    TestResponse response =
        server.send(
            server
                .rawRequest("PUT", "/hooks/api/v1/stacks/demo", BodyPublishers.ofString("{}"))
                .header("Authorization", "Bearer " + TestServer.ADMIN)
                .header("X-HTTP-Method-Override", "DELETE"));

    assertThat(response.isProblem(400, "validation-error").textAt("/detail"))
        .contains("X-HTTP-Method-Override");
  }
}

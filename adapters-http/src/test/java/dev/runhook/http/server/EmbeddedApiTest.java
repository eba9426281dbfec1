package dev.runhook.http.server;

import static dev.runhook.http.server.TestServer.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.http.security.HostUser;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The API and the web UI below a prefix of a host that also serves other paths.
@ParameterizedClass
@EnumSource(HostKind.class)
class EmbeddedApiTest {
  private static final String USER = "X-User";

  @Parameter HostKind host = HostKind.JAVALIN;

  private TestServer server;

  @BeforeEach
  void setUp() {
    server = new TestServer(host, "/hooks", api -> api);
  }

  /// The host knows an administrator, and a reader of the stack `demo`.
  private void useHostUsers() {
    server.close();
    server =
        new TestServer(
            host,
            "/hooks",
            api ->
                api.withHostUsers(
                    new AccountId("acme"),
                    request ->
                        Optional.ofNullable(request.getHeader(USER))
                            .map(name ->
                                name.equals("alice")
                                    ? HostUser.of(name, Role.ADMIN)
                                    : HostUser.of(name, Role.READER).onlyFor("demo"))));
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  private HttpRequest.Builder request(String method, String path) {
    return server.rawRequest(method, path, BodyPublishers.noBody());
  }

  private TestResponse get(String path) {
    return server.send(request("GET", path).header("Authorization", "Bearer " + ADMIN));
  }

  private TestResponse getAs(String user, String path) {
    return server.send(request("GET", path).header(USER, user));
  }

  private HttpRequest.Builder putStack(String stack) {
    return server
        .rawRequest(
            "PUT", "/hooks/api/v1/stacks/" + stack, BodyPublishers.ofString("{\"name\":\"Demo\"}"))
        .header("Content-Type", "application/json");
  }

  @Test
  void the_host_handles_its_own_paths() {
    assertThat(get("/").isOk().text()).isEqualTo("home of the host");
    assertThat(get("/health").isOk().text()).isEqualTo("health of the host");
    assertThat(get("/bug").is(418).text()).isEqualTo("handled by the host");
    assertThat(get("/nothing").is(404).text()).isEqualTo("not mine");
    assertThat(get("/hooksmith").is(404).text()).doesNotContain("urn:runhook:problem");
  }

  @Test
  void the_api_works_below_the_prefix() {
    TestResponse created = server.send(putStack("demo").header("Authorization", "Bearer " + ADMIN));

    assertThat(created.is(201).header("Location")).isEqualTo("/hooks/api/v1/stacks/demo");
    get("/hooks/api/v1/nothing").isProblem(404, "not-found");
    get("/hooks/nothing").isProblem(404, "not-found");
    get("/hooks/health/live").isOk();
    server.store.failure.set(new IllegalStateException("a bug"));
    get("/hooks/api/v1/stacks/demo").isProblem(500, "internal-error");
  }

  @Test
  void a_session_is_only_for_the_prefix() {
    TestResponse signedIn =
        server.send(
            server
                .rawRequest(
                    "POST",
                    "/hooks/api/v1/session",
                    BodyPublishers.ofString("{\"token\":\"" + ADMIN + "\"}"))
                .header("Content-Type", "application/json")
                .header("X-Runhook-Csrf", "1"));

    String cookie = signedIn.is(201).header("Set-Cookie");
    assertThat(cookie).contains("; Path=/hooks;", "HttpOnly", "SameSite=Strict");
    server
        .send(
            request("GET", "/hooks/api/v1/session")
                .header("Cookie", cookie.substring(0, cookie.indexOf(';'))))
        .isOk();
  }

  @Test
  void the_web_ui_and_the_reference_are_below_the_prefix() {
    assertThat(get("/hooks").is(302).header("Location")).isEqualTo("hooks/");
    String page = get("/hooks/").isOk().text();
    assertThat(page).startsWith("<!doctype html>").doesNotContain("=\"/", "data-host");
    String script = page.replaceAll("(?s).* src=\"(assets/[^\"]+/app\\.js)\".*", "$1");
    get("/hooks/" + script).isOk();
    assertThat(get("/hooks/docs").isOk().text())
        .contains("spec-url=\"openapi.json\"", "src=\"docs/redoc-");
    assertThat(get("/hooks/openapi.json").isOk().textAt("/servers/0/url")).isEqualTo(".");
  }

  @Test
  void a_method_override_is_refused() {
    TestResponse response =
        server.send(
            putStack("demo")
                .header("Authorization", "Bearer " + ADMIN)
                .header("X-HTTP-Method-Override", "DELETE"));

    assertThat(response.isProblem(400, "validation-error").textAt("/detail"))
        .contains("X-HTTP-Method-Override");
  }

  @Test
  void users_of_the_host_see_what_the_host_allows() {
    useHostUsers();
    server.send(putStack("demo").header(USER, "alice").header("X-Runhook-Csrf", "1")).is(201);
    server.send(putStack("other").header(USER, "alice").header("X-Runhook-Csrf", "1")).is(201);

    assertThat(getAs("bob", "/hooks/api/v1/stacks").isOk().texts("/items", "id"))
        .containsExactly("demo");
    getAs("bob", "/hooks/api/v1/stacks/other").isProblem(404, "no-such-stack");
    server
        .send(putStack("demo").header(USER, "bob").header("X-Runhook-Csrf", "1"))
        .isProblem(403, "not-permitted");
    TestResponse session = getAs("bob", "/hooks/api/v1/session").isOk();
    assertThat(session.textAt("/name")).isEqualTo("bob");
    assertThat(session.at("/id").isNull()).isTrue();
    assertThat(getAs("bob", "/hooks/").isOk().text()).contains("<html data-host ");
  }

  @Test
  void nothing_is_served_to_others() {
    useHostUsers();

    for (String path : new String[] {"/", "/assets/app.js", "/docs", "/openapi.json", "/nothing"}) {
      server.sendUndescribed(request("GET", "/hooks" + path)).isProblem(401, "not-authenticated");
    }
    server.send(request("GET", "/hooks/api/v1/stacks")).isProblem(401, "not-authenticated");
    get("/hooks/api/v1/stacks").isProblem(401, "not-authenticated");
    server.send(request("GET", "/hooks/health/live")).isOk();
  }

  @Test
  void a_forged_request_is_refused() {
    useHostUsers();

    server.send(putStack("demo").header(USER, "alice")).isProblem(403, "cross-site");
    server
        .send(
            putStack("demo")
                .header(USER, "alice")
                .header("X-Runhook-Csrf", "1")
                .header("Origin", "https://attacker.example"))
        .isProblem(403, "cross-site");
  }

  @Test
  void an_idempotency_key_needs_a_token() {
    useHostUsers();
    HttpRequest.Builder request =
        server
            .rawRequest(
                "POST", "/hooks/api/v1/tokens", BodyPublishers.ofString("{\"name\":\"ci\"}"))
            .header("Content-Type", "application/json")
            .header(USER, "alice")
            .header("X-Runhook-Csrf", "1")
            .header("Idempotency-Key", "k");

    assertThat(server.send(request).isProblem(400, "validation-error").textAt("/detail"))
        .contains("needs a token");
  }

  @Test
  void a_user_of_the_host_can_create_a_token_for_a_program() {
    useHostUsers();
    TestResponse created =
        server.send(
            server
                .rawRequest(
                    "POST",
                    "/hooks/api/v1/tokens",
                    BodyPublishers.ofString("{\"name\":\"ci\",\"role\":\"writer\"}"))
                .header("Content-Type", "application/json")
                .header(USER, "alice")
                .header("X-Runhook-Csrf", "1"));

    String token = created.is(201).textAt("/token");
    server.send(putStack("demo").header("Authorization", "Bearer " + token)).is(201);
    assertThat(getAs("alice", "/hooks/api/v1/audit").isOk().texts("/items", "actor"))
        .contains("alice");
  }

  @Test
  void a_user_of_the_host_does_not_start_a_session() {
    useHostUsers();

    server.sendUndescribed(request("POST", "/hooks/api/v1/session").header(USER, "bob")).is(405);
  }
}

package dev.runhook.http.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.account.WebSession;
import dev.runhook.http.security.CsrfGuard;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signing in to the web UI, and the permissions of a session.
class SessionRoutesTest {
  private static final Map<String, String> PAGE = Map.of(CsrfGuard.HEADER, "1");

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void signing_in_takes_a_turn_like_other_requests_of_the_account() {
    signIn(TestServer.READER);

    assertThat(server.store.lastThread.get()).matches(thread -> !thread.isVirtual());
  }

  @Test
  void a_session_has_the_permissions_of_its_token() {
    String cookie = signIn(TestServer.READER);

    TestResponse session = call("GET", "/session", "", cookie, Map.of()).isOk();

    assertThat(session.textAt("/account")).isEqualTo("acme");
    assertThat(session.textAt("/name")).isEqualTo("page");
    assertThat(session.textAt("/role")).isEqualTo("reader");
    assertThat(session.textAt("/serverVersion")).isEqualTo("0.1-test");
    assertThat(session.at("/stacks").isNull()).isTrue();
    assertThat(session.textAt("/expiresAt")).isNotBlank();
    call("GET", "/stacks/demo", "", cookie, Map.of()).isOk();
    call("PUT", "/stacks/demo", "{\"name\":\"x\"}", cookie, PAGE).isProblem(403, "not-permitted");
  }

  @Test
  void the_cookie_is_http_only_and_same_site() {
    TestResponse response = start("{\"token\":\"" + TestServer.ADMIN + "\"}", PAGE).is(201);

    assertThat(response.header("Set-Cookie"))
        .matches(
            "runhook_session=[A-Za-z0-9_-]{43}; Path=/; Max-Age="
                + WebSession.MAX_LIFETIME.toSeconds()
                + "; HttpOnly; SameSite=Strict");
    assertThat(response.text()).doesNotContain(TestServer.ADMIN);
  }

  @Test
  void the_cookie_is_secure_and_has_the_host_prefix_over_tls() {
    String token = "{\"token\":\"" + TestServer.ADMIN + "\"}";
    TestResponse response =
        start(
                token,
                Map.of(
                    CsrfGuard.HEADER,
                    "1",
                    "Origin",
                    "https://hooks.example.com",
                    "Sec-Fetch-Site",
                    "same-origin"))
            .is(201);

    assertThat(response.header("Set-Cookie"))
        .startsWith("__Host-runhook_session=")
        .endsWith("; Secure");
    call("GET", "/session", "", cookieOf(response), Map.of()).isOk();
  }

  @Test
  void over_tls_a_cookie_without_the_host_prefix_does_not_count() {
    String cookie = signIn(TestServer.READER);

    for (Map<String, String> tls :
        List.of(
            Map.of("X-Forwarded-Proto", "https"),
            Map.of("Origin", "https://127.0.0.1:" + server.port()))) {
      call("GET", "/session", "", cookie, tls).isProblem(401, "not-authenticated");
    }
    call("GET", "/session", "", cookie + "; __Host-" + cookie.replace("=", "=x"), Map.of())
        .isProblem(401, "session-expired");
  }

  @Test
  void without_tls_a_cookie_of_another_host_does_not_hide_the_session() {
    String cookie = signIn(TestServer.ADMIN);
    String both = "runhook_session=AAAA; " + cookie;

    call("GET", "/session", "", both, Map.of()).isOk();
    call("DELETE", "/session", "", both, PAGE).is(204);
    call("GET", "/session", "", both, Map.of()).isProblem(401, "session-expired");
  }

  @Test
  void a_session_names_the_browser_that_started_it() {
    String firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    String token = "{\"token\":\"" + TestServer.ADMIN + "\"}";
    start(token, Map.of(CsrfGuard.HEADER, "1", "User-Agent", firefox)).is(201);

    TestResponse listed = server.get("/sessions").isOk();
    assertThat(listed.textAt("/items/0/browser")).isEqualTo("Firefox on Linux");
  }

  @Test
  void a_session_has_the_same_fields_alone_and_in_the_list() {
    String cookie = signIn(TestServer.READER);

    JsonNode alone = call("GET", "/session", "", cookie, Map.of()).isOk().json();

    JsonNode listed = server.get("/sessions").isOk().at("/items/0");
    listed
        .properties()
        .forEach(field ->
            assertThat(alone.get(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
  }

  @Test
  void admins_list_and_end_the_sessions_of_their_account() {
    String cookie = signIn(TestServer.READER);
    signIn(TestServer.OTHER_ACCOUNT);

    TestResponse list = server.get("/sessions").isOk();
    String path = "/sessions/" + list.textAt("/items/0/id");
    server.sendAs(TestServer.OTHER_ACCOUNT, "DELETE", path, "").isProblem(404, "no-such-session");
    server.sendAs(TestServer.STACK_ADMIN, "DELETE", path, "").isProblem(404, "no-such-session");
    call("GET", "/session", "", cookie, Map.of()).isOk();
    server.delete(path).is(204);

    assertThat(list.texts("/items", "name")).containsExactly("page");
    assertThat(cookie).doesNotContain(list.textAt("/items/0/id"));
    call("GET", "/session", "", cookie, Map.of()).isProblem(401, "session-expired");
    assertThat(server.get("/sessions").isOk().at("/items")).isEmpty();
    assertThat(server.get("/audit?action=SESSION_ENDED").isOk().at("/items")).hasSize(1);
    server.sendAs(TestServer.WRITER, "GET", "/sessions", "").isProblem(403, "not-permitted");
  }

  private TestResponse createLink(String body) {
    return server.post("/tokens", body).is(201);
  }

  private static String codeOf(TestResponse created) {
    return created.textAt("/signInLink/path").replace("/#/sign-in/", "");
  }

  private TestResponse preview(String code) {
    return call("POST", "/session/preview", "{\"code\":\"" + code + "\"}", "", PAGE);
  }

  private TestResponse startByLink(String code) {
    return start("{\"code\":\"" + code + "\"}", PAGE);
  }

  @Test
  void a_sign_in_link_signs_in_once_with_the_permissions_of_its_token() {
    TestResponse created =
        createLink(
            "{\"name\":\"Ana\",\"role\":\"reader\",\"stacks\":[\"demo\"],\"signInLink\":{}}");
    String code = codeOf(created);

    TestResponse preview = preview(code).isOk();
    preview(code).isOk();
    TestResponse started = startByLink(code).is(201);

    assertThat(preview.json().toString())
        .isEqualTo(
            "{\"account\":\"acme\",\"name\":\"Ana\",\"role\":\"reader\",\"stacks\":[\"demo\"]}");
    assertThat(preview.header("Set-Cookie")).isEmpty();
    assertThat(started.textAt("/token")).isEqualTo(created.textAt("/id"));
    String cookie = cookieOf(started);
    call("GET", "/stacks/demo", "", cookie, Map.of()).isOk();
    call("PUT", "/stacks/demo", "{\"name\":\"x\"}", cookie, PAGE).isProblem(403, "not-permitted");
    call("GET", "/stacks/other", "", cookie, Map.of()).isProblem(404, "no-such-stack");
    startByLink(code).isProblem(401, "sign-in-link-invalid");
    assertThat(server.get("/audit?action=SIGN_IN_LINK_USED").isOk().texts("/items", "resource"))
        .containsExactly(created.textAt("/id"));
    assertThat(
            server
                .get("/audit?action=TOKEN_CREATED")
                .textAt("/items/0/details/signInLinkExpiresAt"))
        .isEqualTo(created.textAt("/signInLink/expiresAt"));
  }

  @Test
  void links_that_are_unknown_used_or_revoked_get_the_same_response() {
    String body = "{\"name\":\"Ana\",\"role\":\"reader\",\"signInLink\":{\"expiresIn\":\"1h\"}}";
    String used = codeOf(createLink(body));
    TestResponse revoked = createLink(body);
    startByLink(used).is(201);
    server.delete("/tokens/" + revoked.textAt("/id")).is(204);

    for (String code : List.of("unknown", used, codeOf(revoked), "%20", "ä".repeat(500))) {
      for (TestResponse response : List.of(preview(code), startByLink(code))) {
        response.isProblem(401, "sign-in-link-invalid");
        assertThat(response.texts("/errors", "pointer")).containsExactly("/code");
        assertThat(response.header("Set-Cookie")).isEmpty();
        assertThat(response.text().replaceAll("\"(instance|requestId)\":\"[^\"]*\"", ""))
            .isEqualTo(
                startByLink("other").text().replaceAll("\"(instance|requestId)\":\"[^\"]*\"", ""));
      }
    }
  }

  @Test
  void a_sign_in_link_needs_the_page_and_nothing_else() {
    String code = codeOf(createLink("{\"name\":\"Ana\",\"role\":\"reader\",\"signInLink\":{}}"));

    start("{\"code\":\"" + code + "\"}", Map.of()).isProblem(403, "cross-site");
    start("{\"code\":\"" + code + "\",\"token\":\"x\"}", PAGE).is(400);
    start("{}", PAGE).is(400);
    start("{\"code\":\" \"}", PAGE).is(400);

    startByLink(code).is(201);
  }

  @Test
  void an_invalid_token_is_reported_at_its_field() {
    TestResponse unknown =
        start("{\"token\":\"unknown\"}", PAGE).isProblem(401, "not-authenticated");

    assertThat(unknown.texts("/errors", "pointer")).containsExactly("/token");
    assertThat(unknown.textAt("/errors/0/detail")).contains("does not know the token");
    assertThat(unknown.header("Set-Cookie")).isEmpty();
    start("{}", PAGE).isValidationError("/token");
    start("{\"token\":\" \"}", PAGE).isValidationError("/token");
    TestResponse damaged =
        start("{\"token\":\"rhk_short\"}", PAGE).isProblem(401, "not-authenticated");
    assertThat(damaged.textAt("/errors/0/detail")).contains("mistyped");
  }

  @Test
  void signing_out_invalidates_the_cookie() {
    String cookie = signIn(TestServer.READER);

    TestResponse out = call("DELETE", "/session", "", cookie, PAGE).is(204);
    assertThat(out.header("Clear-Site-Data")).isEqualTo("\"cache\"");

    assertThat(out.header("Set-Cookie")).startsWith("runhook_session=; ").contains("Max-Age=0;");
    call("GET", "/session", "", cookie, Map.of()).isProblem(401, "session-expired");
  }

  @Test
  void signing_in_ends_the_previous_session_of_the_browser() {
    String cookie = signIn(TestServer.READER);
    String token = "{\"token\":\"" + TestServer.READER + "\"}";

    start("{\"token\":\"unknown\"}", withCookie(cookie)).is(401);
    call("GET", "/session", "", cookie, Map.of()).isOk();
    TestResponse second = start(token, withCookie(cookie)).is(201);

    call("GET", "/session", "", cookie, Map.of()).isProblem(401, "session-expired");
    call("GET", "/session", "", cookieOf(second), Map.of()).isOk();
  }

  private static Map<String, String> withCookie(String cookie) {
    return Map.of(CsrfGuard.HEADER, "1", "Cookie", cookie);
  }

  @Test
  void a_session_ends_with_its_token() {
    TestResponse created =
        server.post("/tokens", "{\"name\":\"for a while\",\"role\":\"admin\"}").is(201);
    String cookie = signIn(created.textAt("/token"));
    call("GET", "/stacks", "", cookie, Map.of()).isOk();

    server.delete("/tokens/" + created.textAt("/id")).is(204);

    call("GET", "/stacks", "", cookie, Map.of()).isProblem(401, "session-expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
  void nothing_changes_without_the_csrf_header(String method) {
    String cookie = signIn(TestServer.ADMIN);
    String path = method.equals("POST") ? "/stacks/demo/webhooks" : "/stacks/demo";

    if (!method.equals("PATCH")) {
      call(method, path, "{}", cookie, Map.of()).isProblem(403, "cross-site");
    }
    call("PATCH", "/stacks/demo/webhooks/x", "{}", cookie, Map.of()).isProblem(403, "cross-site");
    call("GET", "/stacks/demo", "", cookie, Map.of()).isOk();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none"})
  void a_cross_site_request_changes_nothing(String site) {
    String cookie = signIn(TestServer.ADMIN);
    Map<String, String> headers = Map.of(CsrfGuard.HEADER, "1", "Sec-Fetch-Site", site);

    call("DELETE", "/stacks/demo", "", cookie, headers).isProblem(403, "cross-site");
    start("{\"token\":\"" + TestServer.ADMIN + "\"}", headers).isProblem(403, "cross-site");
    if (!site.equals("none")) {
      call("GET", "/stacks", "", cookie, headers).isProblem(403, "cross-site");
    }
    call("GET", "/stacks/demo", "", cookie, Map.of("Sec-Fetch-Site", "same-origin")).isOk();
  }

  @Test
  void the_origin_header_is_used_without_sec_fetch_site() {
    String cookie = signIn(TestServer.ADMIN);
    String own = "http://127.0.0.1:" + server.port();
    String path = "/stacks/demo";
    String body = "{\"name\":\"Demo\"}";

    call("PUT", path, body, cookie, Map.of(CsrfGuard.HEADER, "1", "Origin", own)).isOk();
    for (String foreign :
        new String[] {"http://evil.example", "null", own + "0", "not an origin"}) {
      call("PUT", path, body, cookie, Map.of(CsrfGuard.HEADER, "1", "Origin", foreign))
          .isProblem(403, "cross-site");
    }
  }

  @Test
  void a_token_takes_precedence_over_the_cookie() {
    String cookie = signIn(TestServer.ADMIN);

    TestResponse session =
        call("GET", "/session", "", cookie, Map.of("Authorization", "Bearer " + TestServer.READER))
            .isOk();

    assertThat(session.textAt("/role")).isEqualTo("reader");
    assertThat(session.at("/expiresAt").isNull()).isTrue();
    call("GET", "/session", "", cookie, Map.of("Authorization", "Bearer no"))
        .isProblem(401, "not-authenticated");
  }

  @Test
  void invalid_cookies_are_rate_limited_without_locking_out_others() {
    String cookie = signIn(TestServer.READER);
    String invalid = "runhook_session=" + "A".repeat(42);

    for (int i = 0; i < 30; i++) {
      call("GET", "/session", "", invalid + (char) ('A' + i % 26), Map.of()).is(401);
    }

    call("GET", "/session", "", invalid + "z", Map.of()).isProblem(429, "too-many-requests");
    call("GET", "/session", "", cookie, Map.of()).isOk();
    call("GET", "/session", "", "runhook_session=short", Map.of()).is(401);
  }

  private String signIn(String token) {
    return cookieOf(start("{\"token\":\"" + token + "\"}", PAGE).is(201));
  }

  private static String cookieOf(TestResponse response) {
    return response.header("Set-Cookie").replaceAll(";.*", "");
  }

  private TestResponse start(String json, Map<String, String> headers) {
    return send("POST", "/session", json, headers);
  }

  private TestResponse call(
      String method, String path, String json, String cookie, Map<String, String> headers) {
    HttpRequest.Builder request = builder(method, path, json, headers).header("Cookie", cookie);
    return server.send(request);
  }

  private TestResponse send(String method, String path, String json, Map<String, String> headers) {
    return server.send(builder(method, path, json, headers));
  }

  private HttpRequest.Builder builder(
      String method, String path, String json, Map<String, String> headers) {
    HttpRequest.Builder request =
        server.rawRequest(method, "/api/v1" + path, BodyPublishers.ofString(json));
    if (!json.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    return request;
  }
}

package dev.runhook.http.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.access.AccessConfig;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRoutesTest {
  private static final String CI = "{\"name\":\"ci\",\"role\":\"writer\"}";
  private static final String UNKNOWN_ID = "00000000-0000-7000-8000-000000000000";

  private final TestServer server = new TestServer();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void a_new_tokens_secret_is_shown_once_and_grants_its_role() {
    TestResponse created = server.post("/tokens", CI).is(201);

    String text = created.json().path("token").asText();
    assertThat(text).matches("rhk_[0-9A-Za-z]{49}");
    assertThat(created.json().path("id").asText()).matches("[0-9a-f-]{36}");
    assertThat(created.json().path("role").asText()).isEqualTo("writer");
    assertThat(created.json().path("stacks").isNull()).isTrue();
    assertThat(created.json().path("createdBy").asText()).isEqualTo("ops");
    assertThat(created.header("Cache-Control")).isEqualTo("no-store");
    server.sendAs(text, "PUT", "/stacks/demo", "{\"name\":\"Demo\"}").is(201);
    server.sendAs(text, "DELETE", "/stacks/demo", "").isProblem(403, "not-permitted");
    assertThat(server.get("/tokens").isOk().text()).contains("\"ci\"").doesNotContain("rhk_");
  }

  @Test
  void a_sign_in_link_is_shown_once_and_lasts_a_day_unless_requested_otherwise() {
    TestResponse day = server.post("/tokens", CI.replace("}", ",\"signInLink\":{}}")).is(201);
    TestResponse week =
        server.post("/tokens", CI.replace("}", ",\"signInLink\":{\"expiresIn\":\"P7D\"}}")).is(201);

    assertThat(day.textAt("/signInLink/path")).matches("/#/sign-in/[A-Za-z0-9_-]{43}");
    assertThat(lifetime(day)).isEqualTo(Duration.ofHours(24));
    assertThat(lifetime(week)).isEqualTo(Duration.ofDays(7));
    assertThat(server.post("/tokens", CI).is(201).json().has("signInLink")).isFalse();
    assertThat(server.get("/tokens").isOk().text()).doesNotContain("signInLink", "sign-in");
  }

  private static Duration lifetime(TestResponse created) {
    return Duration.between(
        Instant.parse(created.textAt("/createdAt")),
        Instant.parse(created.textAt("/signInLink/expiresAt")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"expiresIn\":\"8d\"}", "{\"expiresIn\":\"0s\"}", "{\"x\":1}", "true"})
  void an_invalid_sign_in_link_is_refused_at_its_field(String link) {
    TestResponse refused = server.post("/tokens", CI.replace("}", ",\"signInLink\":" + link + "}"));

    refused.is(400);
    assertThat(refused.textAt("/errors/0/pointer")).startsWith("/signInLink");
    assertThat(server.get("/tokens").isOk().at("/items")).isEmpty();
  }

  @Test
  void a_list_of_tokens_does_not_contain_the_secrets() {
    server.post("/tokens", CI).is(201);
    server
        .post("/tokens", "{\"name\":\"page\",\"role\":\"reader\",\"stacks\":[\"b\",\"a\",\"b\"]}")
        .is(201);

    TestResponse list = server.get("/tokens").isOk();

    assertThat(list.texts("/items", "name")).containsExactly("page", "ci");
    assertThat(list.at("/items/0").toString())
        .matches(
            "\\{\"id\":\"[0-9a-f-]{36}\",\"name\":\"page\",\"role\":\"reader\",\"stacks\":\\[\"a\",\"b\"],"
                + "\"createdAt\":\"20[^\"]+Z\",\"createdBy\":\"ops\",\"expiresAt\":null,\"lastUsedAt\":null,\"revokedAt\":null}");
    assertThat(server.get("/tokens?limit=1").isOk().json().path("next").isTextual()).isTrue();
  }

  @Test
  void a_revoked_token_is_rejected_and_stays_in_the_list() {
    TestResponse created = server.post("/tokens", CI).is(201);
    String path = "/tokens/" + created.json().path("id").asText();
    String text = created.json().path("token").asText();
    server.getAs(text, "/stacks").isOk();

    server.delete(path).is(204);
    server.delete(path).is(204);

    server.getAs(text, "/stacks").isProblem(401, "not-authenticated");
    assertThat(server.get("/tokens").at("/items/0/revokedAt").isTextual()).isTrue();
  }

  @Test
  void an_admin_may_revoke_its_own_token() {
    TestResponse created = server.post("/tokens", "{\"name\":\"me\",\"role\":\"admin\"}").is(201);
    String text = created.json().path("token").asText();

    server.sendAs(text, "DELETE", "/tokens/" + created.json().path("id").asText(), "").is(204);

    server.getAs(text, "/tokens").isProblem(401, "not-authenticated");
  }

  @ParameterizedTest
  @ValueSource(strings = {UNKNOWN_ID, "00000000-0000-0000-0000-000000000000", "x"})
  void an_unknown_token_cannot_be_revoked(String id) {
    server.delete("/tokens/" + id).isProblem(404, "no-such-token");
  }

  @Test
  void tokens_of_another_account_are_not_found() {
    String id = server.post("/tokens", CI).is(201).json().path("id").asText();

    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/tokens").isOk().at("/items")).isEmpty();
    server
        .sendAs(TestServer.OTHER_ACCOUNT, "DELETE", "/tokens/" + id, "")
        .isProblem(404, "no-such-token");
  }

  @Test
  void a_limited_admin_cannot_grant_more_than_it_has() {
    String wide = server.post("/tokens", CI).is(201).json().path("id").asText();
    String narrow = "{\"name\":\"n\",\"role\":\"admin\",\"stacks\":[\"demo\"]}";
    String other = "{\"name\":\"n\",\"role\":\"reader\",\"stacks\":[\"demo\",\"net\"]}";

    asLimited("POST", "/tokens", narrow).is(201);
    asLimited("POST", "/tokens", other).isProblem(403, "scope-exceeded");
    asLimited("POST", "/tokens", CI).isProblem(403, "scope-exceeded");
    asLimited("DELETE", "/tokens/" + wide, "").isProblem(404, "no-such-token");
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/tokens").isOk().texts("/items", "name"))
        .containsExactly("n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"role\":\"reader\"} | /name",
        "{\"name\":\"ci\"} | /role",
        "{\"name\":\" \",\"role\":\"reader\"} | /name",
        "{\"name\":\"a\\u0007\",\"role\":\"reader\"} | /name",
        "{\"name\":\"ci\",\"role\":\"READER\"} | /role",
        "{\"name\":\"ci\",\"role\":\"owner\"} | /role",
        "{\"name\":\"ci\",\"role\":\"reader\",\"stacks\":[]} | /stacks",
        "{\"name\":\"ci\",\"role\":\"reader\",\"stacks\":\"demo\"} | /stacks",
        "{\"name\":\"ci\",\"role\":\"reader\",\"stacks\":[1]} | /stacks/0",
        "{\"name\":\"ci\",\"role\":\"reader\",\"stacks\":[\"no slug\"]} | /stacks",
        "{\"name\":\"ci\",\"role\":\"reader\",\"token\":\"rhk_mine\"} | /token",
      })
  void an_invalid_token_request_is_rejected_with_its_pointer(String body, String pointer) {
    TestResponse response = server.post("/tokens", body).isProblem(400, "validation-error");

    assertThat(response.texts("/errors", "pointer")).containsExactly(pointer);
  }

  @Test
  void a_malformed_token_is_distinguished_from_an_unknown_one() {
    String text = server.post("/tokens", CI).is(201).json().path("token").asText();

    TestResponse response = server.getAs(text.substring(0, text.length() - 1), "/stacks");

    response.isProblem(401, "not-authenticated");
    assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(response.at("/detail").asText()).contains("mistyped");
  }

  @Test
  void a_rate_limited_token_gets_retry_after() {
    try (TestServer strict = new TestServer(AccessConfig.defaults().withRequestsPerSecond(1))) {
      strict.get("/stacks").isOk();
      strict.get("/stacks").isOk();

      TestResponse response = strict.get("/stacks").isProblem(429, "too-many-requests");

      assertThat(response.header("Retry-After")).isEqualTo("1");
      strict.getAs(TestServer.READER, "/stacks").isOk();
      strict.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      strict.get("/stacks").isOk();
    }
  }

  private TestResponse asLimited(String method, String path, String json) {
    return server.sendAs(TestServer.STACK_ADMIN, method, path, json);
  }

  @Test
  void a_token_has_an_expiry_and_can_be_renamed() {
    String body = "{\"name\":\"ci\",\"role\":\"reader\",\"expiresAt\":\"2099-01-01T00:00:00Z\"}";
    TestResponse created = server.post("/tokens", body).is(201);
    String path = "/tokens/" + created.textAt("/id");

    TestResponse renamed = server.patch(path, "{\"name\":\"build\"}").isOk();

    assertThat(created.textAt("/expiresAt")).isEqualTo("2099-01-01T00:00:00.000Z");
    assertThat(renamed.textAt("/name")).isEqualTo("build");
    assertThat(renamed.json().has("token")).isFalse();
    assertThat(server.get("/tokens").isOk().at("/items/0")).isEqualTo(renamed.json());
    server.patch(path, "{}").isValidationError("/name");
    server.sendAs(TestServer.STACK_ADMIN, "PATCH", path, "{\"name\":\"x\"}").is(404);
    server.post("/tokens", body.replace("2099", "1999")).isProblem(400, "expiry-in-past");
    assertThat(server.get("/audit?action=TOKEN_RENAMED").at("/items")).hasSize(1);
  }
}

package dev.runhook.http.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("four-buckets")
class AuditRoutesTest {
  private static final String WEBHOOKS = "/stacks/demo/webhooks";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void admins_see_audit_events_newest_first() {
    String webhook =
        server
            .post(
                WEBHOOKS, "{\"endpoint\":\"https://example.com/hush?hush=1\",\"secret\":\"hush\"}")
            .is(201)
            .textAt("/id");
    server.getAs(TestServer.READER, WEBHOOKS + "/" + webhook + "/secret").isOk();
    server.get(WEBHOOKS + "/" + webhook + "/headers").isOk();
    server.patch(WEBHOOKS + "/" + webhook, "{\"enabled\":false}").isOk();
    server.delete(WEBHOOKS + "/" + webhook).is(204);

    TestResponse audit = server.get("/audit").isOk();

    assertThat(audit.texts("/items", "action"))
        .containsExactly(
            "WEBHOOK_DELETED",
            "WEBHOOK_DISABLED",
            "HEADERS_READ",
            "SECRET_READ",
            "WEBHOOK_CREATED");
    assertThat(audit.texts("/items", "actor")).containsExactly("ops", "ops", "ops", "page", "ops");
    assertThat(audit.texts("/items", "resource")).containsOnly(webhook);
    assertThat(audit.at("/items/0").toString())
        .matches(
            "\\{\"id\":\"[0-9a-f-]{36}\",\"occurredAt\":\"20[^\"]+Z\",\"action\":\"WEBHOOK_DELETED\","
                + "\"actor\":\"ops\","
                + "\"token\":\"00000000-0000-0000-0000-000000000001\",\"stack\":\"demo\",\"resource\":\""
                + webhook
                + "\",\"details\":\\{\"host\":\"example.com\"}}");
    assertThat(audit.text()).doesNotContain("hush");
  }

  @Test
  void an_edit_has_the_old_and_the_new_values_but_no_paths_and_no_values_of_headers() {
    String body =
        """
        {"endpoint":"https://example.com/hush","name":"CRM","selector":{"labels":"env:prod"}}
        """;
    String path =
        "/account-webhooks/" + server.post("/account-webhooks", body).is(201).textAt("/id");
    String edit =
        """
        {"endpoint":"https://example.org/hush","headers":{"X-Key":"hush"},"timeout":"5s",
         "selector":{"stacks":["net-*"]}}
        """;
    server.patch(path, edit).isOk();

    TestResponse audit = server.get("/audit?action=WEBHOOK_UPDATED").isOk();

    assertThat(audit.textAt("/items/0/details/changed"))
        .isEqualTo("endpoint,timeout,headers,selector");
    assertThat(audit.textAt("/items/0/details/values").split("\n"))
        .containsExactly(
            "endpoint: example.com → example.org",
            "timeout: (default) → PT5S",
            "selector: env:prod → net-*");
    assertThat(audit.textAt("/items/0/details/name")).isEqualTo("CRM");
    assertThat(audit.text()).doesNotContain("hush");
  }

  @Test
  void a_request_without_secrets_is_not_audited() {
    String webhook =
        server.post(WEBHOOKS, "{\"endpoint\":\"https://example.com/1\"}").is(201).textAt("/id");

    server.getAs(TestServer.READER, WEBHOOKS + "/" + webhook).isOk();
    server.getAs(TestServer.READER, WEBHOOKS).isOk();

    assertThat(actions("?actor=page")).isEmpty();
  }

  @Test
  void a_list_can_be_filtered_and_paged() {
    String webhook =
        server.post(WEBHOOKS, "{\"endpoint\":\"https://example.com/1\"}").is(201).textAt("/id");
    server.getAs(TestServer.READER, WEBHOOKS + "/" + webhook + "/secret").isOk();
    server.post("/tokens", "{\"name\":\"new\",\"role\":\"reader\"}").is(201);

    assertThat(actions("?resource=" + webhook)).containsExactly("SECRET_READ", "WEBHOOK_CREATED");
    server.get("/audit?resource=1").isProblem(400, "validation-error");
    assertThat(actions("?actor=page")).containsExactly("SECRET_READ");
    assertThat(actions("?actor=00000000-0000-0000-0000-000000000003"))
        .containsExactly("SECRET_READ");
    assertThat(actions("?action=WEBHOOK_CREATED")).containsExactly("WEBHOOK_CREATED");
    assertThat(actions("?stack=demo")).containsExactly("SECRET_READ", "WEBHOOK_CREATED");
    assertThat(actions("?stack=other")).isEmpty();
    assertThat(actions("?from=2027-01-01T00:00:00Z")).isEmpty();
    assertThat(actions("?to=2027-01-01T00:00:00Z&limit=1")).containsExactly("TOKEN_CREATED");
    String next = server.get("/audit?limit=1").textAt("/next");
    assertThat(actions("?limit=1&after=" + next)).containsExactly("SECRET_READ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?action=DANCED",
        "?stack=No%20Slug",
        "?from=yesterday",
        "?actor=",
        "?who=ops",
        "?after=x"
      })
  void an_invalid_query_is_rejected(String query) {
    server.get("/audit" + query).isProblem(400, "validation-error");
  }

  @Test
  void a_limited_admin_sees_only_events_of_its_stacks() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    server.post("/stacks/net/webhooks", "{\"endpoint\":\"https://example.com/1\"}").is(201);
    server.post(WEBHOOKS, "{\"endpoint\":\"https://example.com/1\"}").is(201);
    server.post("/tokens", "{\"name\":\"new\",\"role\":\"reader\"}").is(201);

    assertThat(server.getAs(TestServer.STACK_ADMIN, "/audit").isOk().texts("/items", "stack"))
        .containsExactly("demo");
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/audit").isOk().at("/items")).isEmpty();
    server.getAs(TestServer.WRITER, "/audit").isProblem(403, "not-permitted");
  }

  private List<String> actions(String query) {
    return server.get("/audit" + query).isOk().texts("/items", "action");
  }
}

package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FormatPreviewTest {
  private static final String PREVIEW = "/stacks/demo/webhooks/preview";

  @AutoClose private final TestServer server = new TestServer().withDemoStack();

  @Test
  void a_preview_has_the_body_and_the_content_type_of_the_format() {
    TestResponse event =
        server.post(PREVIEW, "{\"format\":\"cloudevents\",\"state\":\"FAILED\"}").isOk();
    TestResponse own = server.post(PREVIEW, "{}").isOk();

    assertThat(event.textAt("/contentType"))
        .isEqualTo("application/cloudevents+json; charset=utf-8");
    assertThat(event.textAt("/body")).startsWith("cloudevents:{");
    assertThat(own.textAt("/body")).startsWith("{\"event\":");
    assertThat(server.get("/stacks/demo/webhooks").at("/items")).isEmpty();
  }

  @Test
  void a_format_is_previewed_for_an_account_webhook_with_an_example_of_a_stack() {
    String path = "/account-webhooks/format-preview";
    TestResponse event = server.post(path, "{\"format\":\"cloudevents\"}").isOk();

    assertThat(event.textAt("/contentType"))
        .isEqualTo("application/cloudevents+json; charset=utf-8");
    assertThat(event.textAt("/body")).startsWith("cloudevents:{");
    server
        .post(path, "{\"format\":\"template\",\"template\":\"{{a\"}")
        .isProblem(400, "invalid-template");
    server.post(path, "{\"format\":\"telegram\"}").isValidationError("/format");
  }

  @Test
  void the_secret_of_a_webhook_with_the_format_pagerduty_is_a_routing_key() {
    String key = "R0123456789abcdefghijKLMNOPQRSTU";
    String settings = "\"endpoint\":\"https://hooks.example.com\",\"format\":\"pagerduty\"";
    String webhooks = "/stacks/demo/webhooks";

    TestResponse refused = server.post(webhooks, "{" + settings + "}");
    TestResponse created =
        server.post(webhooks, "{%s,\"secret\":\"%s\"}".formatted(settings, key)).is(201);
    String webhook = webhooks + "/" + created.textAt("/id");

    assertThat(refused.isProblem(400, "routing-key-required").textAt("/errors/0/pointer"))
        .isEqualTo("/secret");
    assertThat(refused.textAt("/detail")).contains("32 letters and digits");
    server.post(webhook + "/secret", "{}").isProblem(400, "routing-key-required");
    server.patch(webhook, "{\"secret\":\"short\"}").isProblem(400, "routing-key-required");
    assertThat(server.get(webhook).textAt("/format")).isEqualTo("pagerduty");
    assertThat(server.post(webhooks + "/preview", "{\"format\":\"pagerduty\"}").textAt("/body"))
        .startsWith("{\"routing_key\":\"****");
  }

  @Test
  void an_invalid_template_is_refused_everywhere() {
    String template = "\"format\":\"template\",\"template\":\"{{a\"";
    String webhook = "{\"endpoint\":\"https://hooks.example.com\"," + template + "}";

    TestResponse previewed = server.post(PREVIEW, "{" + template + "}");
    TestResponse created = server.post("/stacks/demo/webhooks", webhook);

    assertThat(previewed.isProblem(400, "invalid-template").textAt("/errors/0/pointer"))
        .isEqualTo("/template");
    created.isProblem(400, "invalid-template");
    assertThat(server.get("/stacks/demo/webhooks").at("/items")).isEmpty();
  }

  @Test
  void a_template_belongs_to_its_format() {
    server.post(PREVIEW, "{\"format\":\"template\"}").isValidationError("");
    server.post(PREVIEW, "{\"template\":\"{}\"}").isValidationError("");
    String webhook =
        "/stacks/demo/webhooks/"
            + server
                .post(
                    "/stacks/demo/webhooks",
                    "{\"endpoint\":\"https://hooks.example.com\",\"format\":\"template\","
                        + "\"template\":\"{{title}}\"}")
                .is(201)
                .textAt("/id");

    TestResponse before = server.get(webhook).isOk();
    server.patch(webhook, "{\"template\":\"{}\"}").isOk();
    TestResponse after = server.patch(webhook, "{\"format\":\"slack\",\"template\":null}").isOk();

    assertThat(before.textAt("/template")).isEqualTo("{{title}}");
    assertThat(after.at("/template").isNull()).isTrue();
    server.patch(webhook, "{\"format\":\"template\"}").isProblem(400, "invalid-template");
  }
}

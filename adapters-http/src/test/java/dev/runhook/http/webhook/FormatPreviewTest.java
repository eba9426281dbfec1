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
        .isEqualTo("application/cloudevents+json; charset=UTF-8");
    assertThat(event.textAt("/body")).startsWith("cloudevents:{");
    assertThat(own.textAt("/body")).startsWith("{\"event\":");
    assertThat(server.get("/stacks/demo/webhooks").at("/items")).isEmpty();
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

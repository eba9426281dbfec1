package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.json.Json;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointPolicyTest {
  /// Creating and updating check in the same way, so updates try every tenth URL only.
  private static final int URLS_FOR_EACH_UPDATE = 10;

  private final TestServer server = new TestServer();
  private String webhook = "";

  @BeforeAll
  void setUp() {
    server.withDemoStack();
    server.put("/stacks/other", "{\"name\":\"Other\"}").is(201);
    webhook =
        server
            .post("/stacks/demo/webhooks", "{\"endpoint\":\"https://example.com/first\"}")
            .is(201)
            .textAt("/id");
  }

  @AfterAll
  void tearDown() {
    server.close();
  }

  @Test
  void every_spelling_of_a_denied_address_is_rejected_on_create_and_update() {
    List<ForbiddenUrls.ForbiddenUrl> urls = ForbiddenUrls.all();
    String before = server.get("/stacks/demo/webhooks").text();

    assertThat(urls).hasSizeGreaterThan(1500);
    for (int i = 0; i < urls.size(); i++) {
      ForbiddenUrls.ForbiddenUrl forbiddenUrl = urls.get(i);
      String body = "{\"endpoint\":" + Json.write(forbiddenUrl.url()) + "}";
      assertRejected(forbiddenUrl, server.post("/stacks/demo/webhooks", body));
      if (i % URLS_FOR_EACH_UPDATE == 0) {
        assertRejected(forbiddenUrl, server.patch("/stacks/demo/webhooks/" + webhook, body));
      }
    }
    assertThat(server.get("/stacks/demo/webhooks").text()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://example.com/",
        "http://example.com/",
        "https://www.example.com/hook",
        "https://hooks.example.com/services/T00/B00/XXXX",
        "https://hooks.example.com:443/a",
        "http://hooks.example.com:80/a",
        "https://hooks.example.com:8443/a",
        "https://hooks.example.com:8080/a",
        "https://hooks.example.com:1/a",
        "https://hooks.example.com:65535/a",
        "HTTPS://Hooks.Example.COM/Upper",
        "https://example.com/?a=b",
        "https://example.com?token=secret",
        "https://example.com/a?b=c&d=e%20f",
        "https://example.com/%7Euser/hook",
        "https://example.com/a/../b",
        "https://example.com//double",
        "https://example.com/a;b=c",
        "https://example.com/@user",
        "https://example.com/a:b",
        "https://example.com/?url=http://127.0.0.1/",
        "https://example.com/http://10.0.0.1/",
        "https://example.com/localhost",
        "https://localhost.example.com/",
        "https://local.example.com/",
        "https://internal.example.com/",
        "https://127.0.0.1.example.com/",
        "https://10-0-0-1.example.com/",
        "https://0x7f.example.com/",
        "https://2130706433.example.com/",
        "https://1password.example.com/",
        "https://a.b.c.d.e.f.example.com/",
        "https://a-b-c.example.com/",
        "https://xn--bcher-kva.example.com/",
        "https://xn--80ak6aa92e.example.com/",
        "https://example.co.uk/",
        "https://example.museum/",
        "https://example.xn--p1ai/",
        "https://example.dev/api/v2/webhooks/incoming?key=0123456789abcdef",
        "https://8.8.8.8/",
        "https://1.1.1.1:8443/x",
        "https://9.255.255.255/",
        "https://11.0.0.0/",
        "https://172.15.255.255/",
        "https://172.32.0.0/",
        "https://192.167.255.255/",
        "https://192.169.0.0/",
        "https://126.255.255.255/",
        "https://128.0.0.0/",
        "https://223.255.255.255/",
        "https://168.63.129.17/",
        "https://[2606:4700:4700::1111]/",
        "https://[2001:4860:4860::8888]:8443/x",
        "https://[2a00:1450:4001:81b::200e]/",
        "https://[2001:200::1]/",
        "https://[::ffff:8.8.8.8]/"
      })
  void a_public_url_is_accepted_on_create_and_update(String url) {
    String body = "{\"endpoint\":" + Json.write(url) + "}";

    TestResponse created = server.post("/stacks/other/webhooks", body).is(201);
    server.delete("/stacks/other/webhooks/" + created.textAt("/id")).is(204);
    TestResponse edited = server.patch("/stacks/demo/webhooks/" + webhook, body).isOk();

    assertThat(created.textAt("/endpoint")).isEqualTo(url);
    assertThat(edited.textAt("/endpoint")).isEqualTo(url);
  }

  private static void assertRejected(
      ForbiddenUrls.ForbiddenUrl forbiddenUrl, TestResponse response) {
    response.is(forbiddenUrl.forbidden() ? 422 : 400);
    response.isProblem(
        response.at("/status").asInt(),
        forbiddenUrl.forbidden() ? "endpoint-forbidden" : "endpoint-malformed");
    assertThat(response.textAt("/errors/0/pointer")).isEqualTo("/endpoint");
    assertThat(response.textAt("/detail")).as(forbiddenUrl.url()).contains(forbiddenUrl.rule());
  }
}

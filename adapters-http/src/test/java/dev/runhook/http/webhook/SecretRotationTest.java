package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRotationTest {
  private static final String WEBHOOKS = "/stacks/demo/webhooks";
  private static final String ENDPOINT = "https://hooks.example.com/in?key=1";
  private static final String SIMPLE = "{\"endpoint\":\"" + ENDPOINT + "\"}";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  private String create(String body) {
    return WEBHOOKS + "/" + server.post(WEBHOOKS, body).is(201).textAt("/id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "{\"overlap\":\"24h\"}"})
  void a_secret_is_rotated_for_a_day_without_a_body(String body) {
    String webhook = create(SIMPLE);
    String before = server.get(webhook + "/secret").textAt("/secret");

    TestResponse rotated = server.post(webhook + "/secret", body).isOk();

    assertThat(rotated.textAt("/secret")).isNotEqualTo(before);
    assertThat(rotated.textAt("/previousSecretExpiresAt")).startsWith("2026-03-15T12:00:00");
  }

  @Test
  void a_new_secret_is_generated_or_chosen() {
    String webhook = create(SIMPLE);
    String first = server.get(webhook + "/secret").isOk().textAt("/secret");

    TestResponse generated = server.post(webhook + "/secret", "{}").isOk();
    TestResponse chosen =
        server.post(webhook + "/secret", "{\"secret\":\"chosen\",\"overlap\":\"PT0S\"}").isOk();

    assertThat(generated.textAt("/secret")).startsWith("whsec_").isNotEqualTo(first);
    assertThat(chosen.textAt("/secret")).isEqualTo("chosen");
    assertThat(chosen.textAt("/standardSecret")).isEqualTo("whsec_Y2hvc2Vu");
    assertThat(server.get(webhook + "/secret").textAt("/secret")).isEqualTo("chosen");
  }

  @Test
  void the_expiry_of_a_previous_secret_is_shown_while_it_is_active() {
    String path = create("{\"endpoint\":\"https://example.com/p\",\"secret\":\"old\"}");
    assertThat(server.get(path).at("/previousSecretExpiresAt").isNull()).isTrue();

    server.post(path + "/secret", "{\"secret\":\"new\",\"overlap\":\"PT1H\"}").isOk();

    TestResponse shown = server.getAs(TestServer.READER, path).isOk();
    assertThat(shown.textAt("/previousSecretExpiresAt")).startsWith("2026-").endsWith("Z");
    assertThat(server.get(path + "/secret").at("/previousSecretExpiresAt"))
        .isEqualTo(shown.at("/previousSecretExpiresAt"));
  }

  @Test
  void a_previous_secret_disappears_when_it_expires() {
    String path = create("{\"endpoint\":\"https://example.com/p\",\"secret\":\"old\"}");

    server.post(path + "/secret", "{\"secret\":\"new\",\"overlap\":\"PT0.002S\"}").isOk();
    server.get(path).isOk(); // every request advances the clock
    server.get(path).isOk();

    assertThat(server.get(path).at("/previousSecretExpiresAt").isNull()).isTrue();
  }

  @Test
  void a_previous_secret_can_be_revoked_early() {
    String path = create("{\"endpoint\":\"https://example.com/p\",\"secret\":\"old\"}");
    server.post(path + "/secret", "{\"secret\":\"new\"}").isOk();

    server.delete(path + "/previous-secret").is(204);
    server.delete(path + "/previous-secret").is(204);

    TestResponse left = server.get(path).isOk();
    assertThat(server.get(path + "/secret").textAt("/secret")).isEqualTo("new");
    assertThat(left.at("/previousSecretExpiresAt").isNull()).isTrue();
    server
        .delete(WEBHOOKS + "/00000000-0000-7000-8000-000000000000/previous-secret")
        .isProblem(404, "no-such-webhook");
  }
}

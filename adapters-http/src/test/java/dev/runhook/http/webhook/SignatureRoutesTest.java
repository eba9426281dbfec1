package dev.runhook.http.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureRoutesTest {
  private static final String CHECK = "/signatures/check";
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String VECTOR =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  private static final String UNKNOWN_ID = "00000000-0000-7000-8000-000000000000";

  private final TestServer server = new TestServer().withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  private static String vector(String body) {
    return "{\"signature\":\"sha256="
        + VECTOR
        + "\",\"secret\":\""
        + SECRET
        + "\",\"body\":\""
        + body
        + "\"}";
  }

  @Test
  void a_valid_signature_is_reported_as_valid() {
    TestResponse response = server.post(CHECK, vector("Hello, World!")).isOk();

    assertThat(response.textAt("/result")).isEqualTo("VALID");
    assertThat(response.textAt("/header")).isEqualTo("X-Signature-256");
    assertThat(response.at("/causes")).isEmpty();
  }

  @Test
  void a_known_mistake_is_explained_with_its_fix_and_without_secrets() {
    TestResponse response = server.post(CHECK, vector("Hello, World!\\n")).isOk();

    assertThat(response.textAt("/result")).isEqualTo("EXPLAINED");
    assertThat(response.textAt("/causes/0/kind")).isEqualTo("newline-removed");
    assertThat(response.textAt("/message")).contains(response.textAt("/causes/0/fix"));
    assertThat(response.text()).doesNotContain(SECRET, VECTOR);
  }

  @Test
  void an_unexplained_signature_does_not_reveal_the_right_one() {
    String wrong = vector("Hello, World!").replace(VECTOR, "0".repeat(64));

    TestResponse response = server.post(CHECK, wrong).isOk();

    assertThat(response.textAt("/result")).isEqualTo("UNEXPLAINED");
    assertThat(response.text()).doesNotContain(SECRET, VECTOR, "0000");
  }

  @Test
  void a_body_can_be_sent_in_base64() {
    byte[] body = {0, (byte) 0xff, '{', '\n'};
    String signature = signed(SECRET, body).get(1).value();

    TestResponse response =
        server
            .post(
                CHECK,
                "{\"signature\":\"%s\",\"secret\":\"%s\",\"bodyBase64\":\"%s\"}"
                    .formatted(signature, SECRET, Base64.getEncoder().encodeToString(body)))
            .isOk();

    assertThat(response.textAt("/result")).isEqualTo("VALID");
  }

  @Test
  void a_standard_signature_is_checked_with_its_id_and_timestamp() {
    List<Header> headers = signed(SECRET, "{}".getBytes(UTF_8));
    String request =
        "{\"signature\":\"%s\",\"secret\":\"%s\",\"body\":\"{}\",\"id\":\"m-1\",\"timestamp\":%s}";
    String standard = headers.getLast().value();

    TestResponse right = server.post(CHECK, request.formatted(standard, SECRET, 1_000_000)).isOk();
    TestResponse late = server.post(CHECK, request.formatted(standard, SECRET, 1_000_001)).isOk();

    assertThat(right.textAt("/result")).isEqualTo("VALID");
    assertThat(late.textAt("/causes/0/kind")).isEqualTo("wrong-timestamp");
    assertThat(late.textAt("/causes/0/description")).contains("1000000");
  }

  @Test
  void the_current_and_previous_secrets_of_a_webhook_are_used() {
    String created =
        server
            .post(
                "/stacks/demo/webhooks",
                "{\"endpoint\":\"https://example.com\",\"secret\":\"" + SECRET + "\"}")
            .is(201)
            .textAt("/id");
    String request =
        "{\"signature\":\"sha256=%s\",\"body\":\"Hello, World!\",\"stack\":\"demo\",\"webhook\":\"%s\"}"
            .formatted(VECTOR, created);

    assertThat(server.post(CHECK, request).isOk().textAt("/result")).isEqualTo("VALID");
    assertThat(server.sendAs(TestServer.READER, "POST", CHECK, request).isOk().textAt("/result"))
        .isEqualTo("VALID");
    server.post("/stacks/demo/webhooks/" + created + "/secret", "{\"secret\":\"next\"}").isOk();
    TestResponse rotated = server.post(CHECK, request).isOk();

    assertThat(rotated.textAt("/causes/0/kind")).isEqualTo("previous-secret");
    assertThat(rotated.text()).doesNotContain(SECRET);
    server.sendAs(TestServer.OTHER_ACCOUNT, "POST", CHECK, request).isProblem(404, "no-such-stack");
  }

  @Test
  void an_invisible_or_unknown_webhook_is_not_found() {
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    String request =
        "{\"signature\":\"sha256="
            + VECTOR
            + "\",\"body\":\"\",\"stack\":\"%s\",\"webhook\":\"%s\"}";

    server.post(CHECK, request.formatted("demo", UNKNOWN_ID)).isProblem(404, "no-such-webhook");
    server.post(CHECK, request.formatted("demo", "x")).isProblem(404, "no-such-webhook");
    server.post(CHECK, request.formatted("gone", UNKNOWN_ID)).isProblem(404, "no-such-stack");
    server.post(CHECK, request.formatted("No Slug", UNKNOWN_ID)).isProblem(404, "no-such-stack");
    server
        .sendAs(TestServer.STACK_ADMIN, "POST", CHECK, request.formatted("net", UNKNOWN_ID))
        .isProblem(404, "no-such-stack");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{} | /signature",
        "{\"signature\":\"x\"} | ``",
        "{\"signature\":\"x\",\"secret\":\"s\"} | ``",
        "{\"signature\":\"x\",\"secret\":\"s\",\"body\":\"\",\"bodyBase64\":\"\"} | ``",
        "{\"signature\":\"x\",\"body\":\"\"} | ``",
        "{\"signature\":\"x\",\"body\":\"\",\"secret\":\"s\",\"stack\":\"a\",\"webhook\":\"b\"} |"
            + " ``",
        "{\"signature\":\"x\",\"body\":\"\",\"stack\":\"a\"} | ``",
        "{\"signature\":\" \",\"body\":\"\",\"secret\":\"s\"} | ``",
        "{\"signature\":\"x\",\"body\":\"\",\"secret\":\" \"} | ``",
        "{\"signature\":\"x\",\"body\":\"\",\"secret\":\"s\",\"id\":\"m\"} | ``",
        "{\"signature\":\"v1,x\",\"body\":\"\",\"secret\":\"s\"} | ``",
        "{\"signature\":\"x\",\"bodyBase64\":\"%\",\"secret\":\"s\"} | /bodyBase64",
        "{\"signature\":\"x\",\"body\":\"\",\"secret\":\"s\",\"id\":\"m\",\"timestamp\":\"1\"} |"
            + " /timestamp",
        "{\"signature\":\"x\",\"body\":\"\",\"secret\":\"s\",\"previousSecrets\":\"t\"} |"
            + " /previousSecrets",
        "{\"signature\":\"x\",\"body\":\"\",\"secret\":\"s\",\"header\":\"X-Signature\"} | /header",
      })
  void an_incomplete_check_is_rejected(String request, String pointer) {
    server.post(CHECK, request).isValidationError(pointer);
  }

  private static List<Header> signed(String secret, byte[] body) {
    return new WebhookSigner(true)
        .signatureHeaders(
            SigningKeys.of(SigningSecret.parse(secret)),
            "m-1",
            Instant.ofEpochSecond(1_000_000),
            body);
  }
}

package dev.runhook.diagnosis.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverBehaviorTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String BODY = "{\"state\":\"QUEUED\",  \"note\":\"Gr\u00fc\u00dfe\"}\n";

  private final List<ReceivedDelivery> received = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void only_the_first_requests_fail() throws Exception {
    try (Receiver receiver = start(ReceiverBehavior.verifying().failingFirst(2, 503))) {
      assertThat(statuses(receiver, 4)).containsExactly(503, 503, 204, 204);
    }
  }

  @Test
  void a_delivery_is_forwarded_unchanged_and_the_response_is_returned() throws Exception {
    DeliveryResponse targetResponse =
        new DeliveryResponse(202, Map.of("X-Target", "header"), Payload.of("thanks"), "");
    try (Receiver target = start(delivery -> record(delivery, targetResponse));
        Receiver receiver = start(ForwardingBehavior.forwardingTo(target.url() + "?key=k"))) {
      HttpResponse<String> response = send(signed(receiver, SECRET));

      assertThat(response.statusCode()).isEqualTo(202);
      assertThat(response.body()).isEqualTo("thanks");
      assertThat(response.headers().firstValue("X-Target")).contains("header");
      assertThat(received)
          .singleElement()
          .satisfies(first -> {
            assertThat(first.body()).isEqualTo(BODY);
            assertThat(first.verification().isVerified()).isTrue();
            assertThat(first.findHeader("X-Runhook-Delivery")).contains("d-1");
            assertThat(first.findHeader("host")).contains("127.0.0.1:" + target.port());
          });
    }
  }

  @Test
  void an_unverified_delivery_is_forwarded_too() throws Exception {
    try (Receiver target = start(delivery -> record(delivery, DeliveryResponse.of(204, "")));
        Receiver receiver =
            start(ForwardingBehavior.forwardingTo(target.url().replace("http://", "")))) {
      send(signed(receiver, "another secret"));

      assertThat(received).hasSize(1);
    }
  }

  @Test
  void an_unreachable_target_is_a_bad_gateway_and_its_query_is_not_printed() throws Exception {
    int unusedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unusedPort = socket.getLocalPort();
    }
    StringWriter printed = new StringWriter();
    ReceiverBehavior behavior =
        ForwardingBehavior.forwardingTo("http://127.0.0.1:" + unusedPort + "/hooks?key=hush")
            .notifying(new DeliveryPrinter(new PrintWriter(printed))::print);
    try (Receiver receiver = start(behavior)) {
      assertThat(send(signed(receiver, SECRET)).statusCode()).isEqualTo(502);
      assertThat(printed.toString())
          .contains(
              "responded with 502, http://127.0.0.1:" + unusedPort + "/hooks does not respond")
          .doesNotContain("hush");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ftp://a/", "http:///x", "http://a b", "/hooks"})
  void an_invalid_url_is_rejected(String url) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ForwardingBehavior.forwardingTo(url))
        .withMessageStartingWith("must be a URL such as");
  }

  @Test
  void a_delay_comes_after_the_notification_and_before_the_response() throws Exception {
    ReceiverBehavior behavior =
        ReceiverBehavior.verifying()
            .notifying((delivery, ignored) -> received.add(delivery))
            .delayed(Duration.ofMillis(300));
    try (Receiver receiver = start(behavior)) {
      long start = System.nanoTime();
      send(signed(receiver, SECRET));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(300));
      assertThat(received).hasSize(1);
    }
  }

  @Test
  void an_unverified_delivery_is_diagnosed() throws Exception {
    StringWriter printed = new StringWriter();
    StringWriter jsonLines = new StringWriter();
    ReceiverBehavior behavior =
        ReceiverBehavior.verifying()
            .notifying(new DeliveryPrinter(new PrintWriter(printed))::print)
            .notifying(new DeliveryPrinter(new PrintWriter(jsonLines))::printJson);
    try (Receiver receiver = start(behavior)) {
      send(signed(receiver, "\"" + SECRET + "\""));
    }

    assertThat(printed.toString())
        .contains("NOT verified: X-Signature-256 does not match")
        .contains("    cause  the secret was used with quotation marks around it")
        .contains("    fix    ")
        .doesNotContain(SECRET);
    assertThat(jsonLines.toString().lines())
        .singleElement()
        .asString()
        .contains("\"verified\":false", "\"kind\":\"secret-quoted\"", "\"status\":401")
        .contains("\"state\":\"QUEUED\"", "\"delivery\":\"d-1\"", "\"x-signature-256\":");
  }

  private DeliveryResponse record(ReceivedDelivery delivery, DeliveryResponse response) {
    received.add(delivery);
    return response;
  }

  private static Receiver start(ReceiverBehavior behavior) {
    return Receiver.startWith(Receiver.loopback(0), SECRET, behavior, () -> {});
  }

  private List<Integer> statuses(Receiver receiver, int count) throws Exception {
    List<Integer> statuses = new CopyOnWriteArrayList<>();
    for (int i = 0; i < count; i++) {
      statuses.add(send(signed(receiver, SECRET)).statusCode());
    }
    return statuses;
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  private static HttpRequest signed(Receiver receiver, String secret) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(receiver.url()))
            .header("X-Runhook-Delivery", "d-1")
            .POST(BodyPublishers.ofString(BODY));
    new WebhookSigner(true)
        .signatureHeaders(
            SigningKeys.of(SigningSecret.parse(secret)),
            "message-1",
            Instant.now(),
            BODY.getBytes(UTF_8))
        .forEach(header -> request.header(header.name(), header.value()));
    return request.build();
  }
}

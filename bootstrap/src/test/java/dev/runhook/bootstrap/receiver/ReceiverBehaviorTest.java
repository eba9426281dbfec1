package dev.runhook.bootstrap.receiver;

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

  private final List<ReceivedDelivery> told = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void the_first_requests_fail_and_the_others_do_not() throws Exception {
    try (Receiver receiver = start(ReceiverBehavior.verifying().failingFirst(2, 503))) {
      assertThat(statuses(receiver, 4)).containsExactly(503, 503, 204, 204);
    }
  }

  @Test
  void what_is_forwarded_arrives_as_it_came_and_the_answer_goes_back() throws Exception {
    DeliveryResponse theirs =
        new DeliveryResponse(202, Map.of("X-Their", "header"), Payload.of("thanks"), "");
    try (Receiver target = start(receivedDelivery -> record(receivedDelivery, theirs));
        Receiver receiver = start(ForwardingBehavior.forwardingTo(target.url() + "?key=k"))) {
      HttpResponse<String> answer = send(signed(receiver, SECRET));

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).isEqualTo("thanks");
      assertThat(answer.headers().firstValue("X-Their")).contains("header");
      assertThat(told)
          .singleElement()
          .satisfies(it -> {
            assertThat(it.body()).isEqualTo(BODY);
            assertThat(it.verification().isVerified()).isTrue();
            assertThat(it.findHeader("X-Runhook-Delivery")).contains("d-1");
            assertThat(it.findHeader("host")).contains("127.0.0.1:" + target.port());
          });
    }
  }

  @Test
  void what_is_not_verified_is_forwarded_too() throws Exception {
    try (Receiver target =
            start(receivedDelivery -> record(receivedDelivery, DeliveryResponse.of(204, "")));
        Receiver receiver = start(ForwardingBehavior.forwardingTo(target.url()))) {
      send(signed(receiver, "another secret"));

      assertThat(told).hasSize(1);
    }
  }

  @Test
  void a_target_that_is_not_there_is_a_bad_gateway_and_no_key_is_told() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    StringWriter printed = new StringWriter();
    ReceiverBehavior receiverBehavior =
        ForwardingBehavior.forwardingTo("http://127.0.0.1:" + nobody + "/hooks?key=hush")
            .notifying(new DeliveryPrinter(new PrintWriter(printed))::print);
    try (Receiver receiver = start(receiverBehavior)) {
      assertThat(send(signed(receiver, SECRET)).statusCode()).isEqualTo(502);
      assertThat(printed.toString())
          .contains("answered 502, http://127.0.0.1:" + nobody + "/hooks does not answer")
          .doesNotContain("hush");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost:3000", "ftp://a/", "http:///x", "http://a b", "/hooks"})
  void what_is_no_url_is_refused(String url) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ForwardingBehavior.forwardingTo(url))
        .withMessageStartingWith("must be a URL such as");
  }

  @Test
  void a_delay_comes_before_the_answer_and_after_the_telling() throws Exception {
    ReceiverBehavior receiverBehavior =
        ReceiverBehavior.verifying()
            .notifying((receivedDelivery, _) -> told.add(receivedDelivery))
            .delayed(Duration.ofMillis(300));
    try (Receiver receiver = start(receiverBehavior)) {
      long begin = System.nanoTime();
      send(signed(receiver, SECRET));

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(Duration.ofMillis(300));
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void the_doctor_says_why_a_delivery_does_not_verify() throws Exception {
    StringWriter printed = new StringWriter();
    StringWriter lines = new StringWriter();
    ReceiverBehavior receiverBehavior =
        ReceiverBehavior.verifying()
            .notifying(new DeliveryPrinter(new PrintWriter(printed))::print)
            .notifying(new JsonDeliveryPrinter(new PrintWriter(lines))::print);
    try (Receiver receiver = start(receiverBehavior)) {
      send(signed(receiver, "\"" + SECRET + "\""));
    }

    assertThat(printed.toString())
        .contains("NOT verified: X-Signature-256 does not match")
        .contains("    mistake  the secret was used with quotation marks around it")
        .contains("    mend it  ")
        .doesNotContain(SECRET);
    assertThat(lines.toString().lines())
        .singleElement()
        .asString()
        .contains("\"verified\":false", "\"kind\":\"secret-quoted\"", "\"answered\":401")
        .contains("\"state\":\"QUEUED\"", "\"delivery\":\"d-1\"", "\"x-signature-256\":");
  }

  private DeliveryResponse record(
      ReceivedDelivery receivedDelivery, DeliveryResponse deliveryResponse) {
    told.add(receivedDelivery);
    return deliveryResponse;
  }

  private static Receiver start(ReceiverBehavior receiverBehavior) {
    return Receiver.startWith(Receiver.loopback(0), SECRET, receiverBehavior);
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
            Instant.ofEpochSecond(1_000_000),
            BODY.getBytes(UTF_8))
        .forEach(header -> request.header(header.name(), header.value()));
    return request.build();
  }
}

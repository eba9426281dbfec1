package dev.runhook.diagnosis.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String BODY = "{\"state\":\"QUEUED\",\"note\":\"Grüße\"}";

  private final List<ReceivedDelivery> received = new CopyOnWriteArrayList<>();
  private final Receiver receiver = Receiver.start(0, SECRET, received::add);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @Test
  void a_receiver_can_listen_on_all_addresses() throws Exception {
    InetSocketAddress allAddresses = new InetSocketAddress("0.0.0.0", 0);
    try (Receiver open =
            Receiver.startWith(allAddresses, SECRET, ReceiverBehavior.verifying(), () -> {});
        Socket socket = new Socket("127.0.0.2", open.port())) {
      assertThat(socket.isConnected()).isTrue();
      assertThat(open.url()).isEqualTo("http://127.0.0.1:" + open.port() + "/hooks");
    }
  }

  @Test
  void a_verified_delivery_is_accepted() throws Exception {
    HttpResponse<String> response = send(signed(SECRET));

    assertThat(response.statusCode()).isEqualTo(204);
    ReceivedDelivery delivery = received.getFirst();
    assertThat(delivery.number()).isEqualTo(1);
    assertThat(delivery.body()).isEqualTo(BODY);
    assertThat(delivery.verification().isVerified()).isTrue();
    assertThat(delivery.findHeader("WebHook-Id")).contains("message-1");
  }

  @Test
  void a_delivery_with_another_secret_is_rejected() throws Exception {
    HttpResponse<String> response = send(signed("another secret"));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(received.getFirst().verification().isVerified()).isFalse();
  }

  @Test
  void a_delivery_without_signature_is_rejected() throws Exception {
    HttpResponse<String> response = send(request().POST(BodyPublishers.ofString(BODY)).build());

    assertThat(response.statusCode()).isEqualTo(401);
  }

  @Test
  void a_secret_in_standard_webhooks_form_verifies() throws Exception {
    String secret = SigningSecret.generate(new SecureRandom()).reveal();
    try (Receiver other = Receiver.start(0, secret, received::add)) {
      assertThat(send(signed(other, secret, "message-1", Instant.now())).statusCode())
          .isEqualTo(204);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-360, 360})
  void a_delivery_with_a_signed_time_more_than_five_minutes_away_is_rejected(long seconds)
      throws Exception {
    Instant sentAt = Instant.now().plusSeconds(seconds);

    HttpResponse<String> response = send(signed(receiver, SECRET, "message-1", sentAt));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(received.getFirst().verification().summary())
        .startsWith("NOT verified: webhook-timestamp is more than five minutes away; ");
    assertThat(received.getFirst().diagnosis()).isEmpty();
  }

  @Test
  void a_delivery_whose_id_is_not_signed_is_accepted_and_never_a_duplicate() throws Exception {
    HttpRequest signed = signed(SECRET);
    HttpRequest unsignedId =
        HttpRequest.newBuilder(signed, (name, ignored) -> !name.equals("webhook-signature"))
            .build();

    assertThat(send(unsignedId).statusCode()).isEqualTo(204);
    assertThat(send(signed).statusCode()).isEqualTo(204);
    assertThat(send(unsignedId).statusCode()).isEqualTo(204);
    assertThat(received).extracting(ReceivedDelivery::duplicateOf).containsOnly(Optional.empty());
    assertThat(received.getFirst().verification().summary())
        .isEqualTo("signature verified; missing: webhook-signature");
  }

  @Test
  void a_verified_delivery_with_the_same_id_is_a_duplicate() throws Exception {
    Instant now = Instant.now();
    send(signed(receiver, "another secret", "message-1", now));
    send(signed(receiver, SECRET, "message-1", now));
    send(signed(receiver, SECRET, "message-2", now));

    HttpResponse<String> response =
        send(signed(receiver, SECRET, "message-1", now.plusSeconds(60)));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(received)
        .extracting(ReceivedDelivery::duplicateOf)
        .containsExactly(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(2));
  }

  @Test
  void a_retry_after_a_failure_is_not_a_duplicate() throws Exception {
    ReceiverBehavior behavior =
        ReceiverBehavior.verifying()
            .failingFirst(1, 503)
            .notifying((delivery, ignored) -> received.add(delivery));
    try (Receiver failing = Receiver.startWith(Receiver.loopback(0), SECRET, behavior, () -> {})) {
      send(signed(failing, SECRET, "message-1", Instant.now()));
      send(signed(failing, SECRET, "message-1", Instant.now()));
    }

    assertThat(received).extracting(ReceivedDelivery::duplicateOf).containsOnly(Optional.empty());
  }

  @Test
  void a_request_with_another_method_is_rejected_and_not_counted() throws Exception {
    HttpResponse<String> response = send(request().GET().build());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("POST");
    assertThat(received).isEmpty();
  }

  @Test
  void deliveries_are_numbered() throws Exception {
    send(signed(SECRET));
    send(signed("another secret"));

    assertThat(received).extracting(ReceivedDelivery::number).containsExactly(1, 2);
  }

  @Test
  void a_port_in_use_is_reported() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Receiver.start(receiver.port(), SECRET, received::add))
        .withCauseInstanceOf(BindException.class)
        .withMessageContaining("cannot listen on localhost/127.0.0.1:" + receiver.port());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpRequest signed(String secret) {
    return signed(receiver, secret, "message-1", Instant.now());
  }

  private static HttpRequest signed(Receiver target, String secret, String id, Instant sentAt) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target.url())).POST(BodyPublishers.ofString(BODY));
    new WebhookSigner(true)
        .signatureHeaders(
            SigningKeys.of(SigningSecret.parse(secret)), id, sentAt, BODY.getBytes(UTF_8))
        .forEach(header -> request.header(header.name(), header.value()));
    return request.build();
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create(receiver.url()));
  }
}

package dev.runhook.testkit.contract.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Requirements for transports, including how they handle misbehaving receivers.
@Contract
public interface TransportContract {
  /// Long enough for busy machines.
  Duration TOLERANCE = Duration.ofSeconds(3);

  Duration SHORT_TIMEOUT = Duration.ofMillis(400);
  Duration LONG_TIMEOUT = Duration.ofSeconds(30);

  /// Returns a transport that may call loopback addresses.
  Transport transport();

  @Test
  default void a_receiver_gets_the_exact_headers_and_bytes_of_the_request()
      throws InterruptedException {
    requireExactBytes(256);
  }

  @Test
  default void a_receiver_gets_the_exact_bytes_of_a_large_payload() throws InterruptedException {
    requireExactBytes(100_001);
  }

  private void requireExactBytes(int length) throws InterruptedException {
    byte[] everyByte = new byte[length];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) (i ^ (i >> 8)); // no two blocks of 256 are equal in a row
    }
    try (RawSocketReceiver receiver = RawSocketReceiver.respondingWith("HTTP/1.1 204 No Content")) {
      Outcome outcome =
          transport().post(request(receiver.endpoint(), Payload.of(everyByte), LONG_TIMEOUT));

      String received = new String(requireNonNull(receiver.pollRequest(5_000)), ISO_8859_1);
      assertThat(outcome.isDelivered()).isTrue();
      assertThat(received).startsWith("POST /hooks HTTP/1.1\r\n");
      assertThat(received).containsIgnoringCase("\r\nX-Signature-256: sha256=0a1b\r\n");
      assertThat(received).containsIgnoringCase("\r\nContent-Length: " + length + "\r\n");
      assertThat(received).endsWith("\r\n\r\n" + new String(everyByte, ISO_8859_1));
    }
  }

  @Test
  default void every_status_is_a_response() {
    for (int status : List.of(200, 404, 410, 500, 503)) {
      try (RawSocketReceiver receiver =
          RawSocketReceiver.respondingWith("HTTP/1.1 " + status + " Status")) {
        Outcome outcome =
            transport().post(request(receiver.endpoint(), Payload.of("{}"), LONG_TIMEOUT));

        assertThat(outcome).isInstanceOf(Outcome.Responded.class);
        assertThat(((Outcome.Responded) outcome).response().status()).isEqualTo(status);
      }
    }
  }

  @Test
  default void a_redirect_is_a_response_and_is_not_followed() throws InterruptedException {
    try (RawSocketReceiver elsewhere = RawSocketReceiver.respondingWith("HTTP/1.1 200 OK");
        RawSocketReceiver receiver =
            RawSocketReceiver.respondingWith(
                "HTTP/1.1 307 Temporary Redirect", "Location: " + elsewhere.url())) {
      Outcome outcome =
          transport().post(request(receiver.endpoint(), Payload.of("{}"), LONG_TIMEOUT));

      assertThat(elsewhere.pollRequest(200)).isNull();
      assertThat(outcome.code()).isEqualTo(Outcome.Code.REJECTED);
    }
  }

  @Test
  default void an_unreachable_receiver_results_in_an_outcome_not_an_exception() {
    RawSocketReceiver gone = RawSocketReceiver.silent();
    gone.close();

    Outcome outcome = transport().post(request(gone.endpoint(), Payload.of("{}"), LONG_TIMEOUT));

    assertThat(causeOf(outcome)).isEqualTo(Cause.CONNECTION_REFUSED);
  }

  @Test
  default void a_silent_receiver_times_out() {
    try (RawSocketReceiver receiver = RawSocketReceiver.silent()) {
      checkTimesOut(receiver);
    }
  }

  @Test
  default void a_response_that_never_ends_times_out() {
    try (RawSocketReceiver receiver = RawSocketReceiver.sendingEndlessHeaders()) {
      checkTimesOut(receiver);
    }
  }

  @Test
  default void interrupting_the_caller_ends_the_exchange() throws InterruptedException {
    try (RawSocketReceiver receiver = RawSocketReceiver.silent()) {
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  transport().post(request(receiver.endpoint(), Payload.of("{}"), LONG_TIMEOUT)));
      assertThat(receiver.pollRequest(5_000)).isNotNull();

      caller.interrupt();

      assertThat(caller.join(TOLERANCE)).isTrue();
    }
  }

  private void checkTimesOut(RawSocketReceiver receiver) {
    long startedAt = System.nanoTime();

    Outcome outcome =
        transport().post(request(receiver.endpoint(), Payload.of("{}"), SHORT_TIMEOUT));

    Duration duration = Duration.ofNanos(System.nanoTime() - startedAt);
    assertThat(duration).isBetween(SHORT_TIMEOUT.minusMillis(50), SHORT_TIMEOUT.plus(TOLERANCE));
    assertThat(causeOf(outcome)).isEqualTo(Cause.TIMEOUT);
  }

  private static Cause causeOf(Outcome outcome) {
    assertThat(outcome).isInstanceOf(NoResponse.class);
    return ((NoResponse) outcome).cause();
  }

  private static SignedRequest request(Endpoint endpoint, Payload payload, Duration timeout) {
    List<Header> headers =
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("X-Signature-256", "sha256=0a1b"));
    return new SignedRequest(Samples.ACME, endpoint, headers, payload, timeout);
  }
}

package dev.runhook.testkit.contract.transport;

import static dev.runhook.testkit.contract.transport.SampleRequests.everyByte;
import static dev.runhook.testkit.contract.transport.SampleRequests.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.event.Payload;
import dev.runhook.testkit.contract.fixture.Contract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Requirements for transports that send by HTTP, including how they handle misbehaving receivers.
/// The transport under test may call loopback addresses.
@Contract
public interface HttpTransportContract extends TransportContract {
  @Override
  default TestReceiver acceptingReceiver() {
    return RawSocketReceiver.respondingWith("HTTP/1.1 204 No Content");
  }

  @Override
  default TestReceiver failingReceiver() {
    return RawSocketReceiver.down();
  }

  @Override
  default TestReceiver silentReceiver() {
    return RawSocketReceiver.silent();
  }

  @Test
  default void a_receiver_gets_the_exact_headers_and_bytes_of_the_request()
      throws InterruptedException {
    Payload payload = everyByte(256);
    try (RawSocketReceiver receiver = RawSocketReceiver.respondingWith("HTTP/1.1 204 No Content")) {
      transport().post(request(receiver.endpoint(), payload, LONG_TIMEOUT));

      assertThat(receiver.pollRequest(5_000))
          .as("the request that arrived")
          .asString(ISO_8859_1)
          .startsWith("POST /hooks HTTP/1.1\r\n")
          .containsIgnoringCase("\r\nX-Signature-256: sha256=0a1b\r\n")
          .containsIgnoringCase("\r\nContent-Length: 256\r\n")
          .endsWith("\r\n\r\n" + new String(payload.bytes(), ISO_8859_1));
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
  default void a_refused_connection_is_the_cause() {
    try (RawSocketReceiver receiver = RawSocketReceiver.down()) {
      Outcome outcome =
          transport().post(request(receiver.endpoint(), Payload.of("{}"), LONG_TIMEOUT));

      assertThat(causeOf(outcome)).isEqualTo(Cause.CONNECTION_REFUSED);
    }
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
      assertThat(receiver.pollRequest(5_000)).as("the request that arrived").isNotNull();

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
}

package dev.runhook.testkit.contract.transport;

import static dev.runhook.testkit.contract.transport.SampleRequests.everyByte;
import static dev.runhook.testkit.contract.transport.SampleRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for every transport, whether it sends to a server, a file or a queue. Transports
/// that send by HTTP implement [HttpTransportContract], which contains this one.
@Contract
public interface TransportContract {
  /// Long enough for busy machines.
  Duration TOLERANCE = Duration.ofSeconds(3);

  Duration SHORT_TIMEOUT = Duration.ofMillis(400);
  Duration LONG_TIMEOUT = Duration.ofSeconds(30);

  Transport transport();

  /// Returns a new receiver that accepts every request at once.
  TestReceiver acceptingReceiver();

  /// Returns a receiver to which every request fails, such as a server that is down or a file that
  /// cannot be written.
  TestReceiver failingReceiver();

  /// Returns a receiver that makes the transport wait forever, such as a server that sends no
  /// response or a full queue. A transport that never waits returns [#acceptingReceiver].
  TestReceiver silentReceiver();

  @Test
  default void the_bytes_of_a_payload_arrive_unchanged() {
    try (TestReceiver receiver = acceptingReceiver()) {
      List<Payload> payloads = List.of(everyByte(256), everyByte(100_001));

      for (Payload payload : payloads) {
        Outcome outcome = transport().post(request(receiver.endpoint(), payload, LONG_TIMEOUT));

        assertThat(outcome.code()).isEqualTo(Outcome.Code.DELIVERED);
      }

      assertThat(receiver.received())
          .as("the payloads that arrived")
          .containsExactlyInAnyOrderElementsOf(payloads);
    }
  }

  @Test
  default void a_failure_results_in_an_outcome_not_an_exception() {
    try (TestReceiver receiver = failingReceiver()) {
      Outcome outcome =
          transport().post(request(receiver.endpoint(), Payload.of("{}"), LONG_TIMEOUT));

      assertThat(outcome.countsAsFailure()).isTrue();
    }
  }

  @Test
  default void a_request_ends_within_its_timeout() {
    try (TestReceiver receiver = silentReceiver()) {
      long startedAt = System.nanoTime();

      transport().post(request(receiver.endpoint(), Payload.of("{}"), SHORT_TIMEOUT));

      Duration duration = Duration.ofNanos(System.nanoTime() - startedAt);
      assertThat(duration).isLessThan(SHORT_TIMEOUT.plus(TOLERANCE));
    }
  }

  @Test
  default void interrupting_the_caller_ends_its_wait() throws InterruptedException {
    try (TestReceiver receiver = silentReceiver()) {
      Thread caller =
          Thread.ofVirtual()
              .start(() ->
                  transport().post(request(receiver.endpoint(), Payload.of("{}"), LONG_TIMEOUT)));
      caller.join(Duration.ofMillis(100)); // by then it waits or has ended

      caller.interrupt();

      assertThat(caller.join(TOLERANCE)).isTrue();
    }
  }

  @Test
  default void requests_of_many_threads_all_arrive() throws InterruptedException {
    int threads = 8;
    int each = 5;
    AtomicInteger number = new AtomicInteger();
    try (TestReceiver receiver = acceptingReceiver()) {
      Concurrently.run(
          threads,
          () -> {
            for (int i = 0; i < each; i++) {
              Payload payload = Payload.of("request " + number.incrementAndGet());
              Outcome outcome =
                  transport().post(request(receiver.endpoint(), payload, LONG_TIMEOUT));
              assertThat(outcome.code()).isEqualTo(Outcome.Code.DELIVERED);
            }
          });

      assertThat(receiver.received())
          .extracting(Payload::text)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, threads * each).mapToObj(i -> "request " + i).toList());
    }
  }
}

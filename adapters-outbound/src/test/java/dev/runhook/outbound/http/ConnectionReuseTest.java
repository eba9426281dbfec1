package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Reuse of connections, and connections that the receiver or the transport closes.
final class ConnectionReuseTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);
  private final TransportFixture transport = TransportFixture.toLoopback();

  @AfterEach
  void close() throws InterruptedException {
    transport.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void a_connection_serves_many_requests() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(HostileBehaviors.responds200("fine"))) {
      for (int i = 0; i < 20; i++) {
        assertThat(transport.post(url(receiver)).isDelivered()).isTrue();
      }

      assertThat(receiver.connectionCount()).isEqualTo(1);
      transport.close();
      assertThat(receiver.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void accounts_do_not_share_connections() throws Exception {
    AccountId other = new AccountId("other");
    try (HostileReceiver receiver =
        HostileReceiver.behaving(HostileBehaviors.responds200("fine"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(transport.post(url(receiver)).isDelivered()).isTrue();
        assertThat(transport.post(other, url(receiver), LONG_TIMEOUT).isDelivered()).isTrue();
      }

      assertThat(receiver.connectionCount()).isEqualTo(2);
      assertThat(receiver.connections()).allMatch(connection -> connection.requests().size() == 5);
    }
  }

  /// The bytes follow the response in the same packet, or later while the connection is idle.
  @Test
  void unexpected_bytes_after_a_response_are_not_the_next_response() throws Exception {
    HostileReceiver.Behavior adds410 =
        HostileBehaviors.respondsWith(
            "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
    CountDownLatch idle = new CountDownLatch(1);
    HostileReceiver.Behavior sends410Later =
        HostileBehaviors.respondsOnce(
            connection -> {
              await(idle);
              connection.write("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
              connection.awaitEnd();
            },
            HostileBehaviors.RESPONDS_204);
    try (HostileReceiver atOnce = HostileReceiver.behaving(adds410);
        HostileReceiver later = HostileReceiver.behaving(sends410Later)) {

      assertThat(transport.post(url(atOnce))).isEqualTo(Responded.of(204));
      assertThat(transport.post(url(atOnce))).isEqualTo(Responded.of(204));
      assertThat(transport.post(url(later))).isEqualTo(Responded.of(204));
      idle.countDown();
      assertThat(later.awaitAllClosed()).isTrue();
      assertThat(transport.post(url(later))).isEqualTo(Responded.of(204));
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void a_request_on_a_closed_keep_alive_connection_is_sent_a_second_time() throws Exception {
    try (HostileReceiver closing =
            HostileReceiver.behaving(
                HostileBehaviors.respondsOnce(
                    HostileBehaviors.CLOSES_WITHOUT_RESPONSE, HostileBehaviors.RESPONDS_204));
        HostileReceiver resetting =
            HostileReceiver.behaving(
                HostileBehaviors.respondsOnce(
                    HostileBehaviors.RESETS, HostileBehaviors.RESPONDS_204))) {

      for (HostileReceiver receiver : List.of(closing, resetting)) {
        assertThat(transport.post(url(receiver))).isEqualTo(Responded.of(204));
        assertThat(transport.post(url(receiver))).isEqualTo(Responded.of(204));
        assertThat(receiver.requests()).hasSize(3);
      }
    }
  }

  @Test
  void a_request_is_never_sent_a_third_time() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(
            HostileBehaviors.respondsOnce(
                HostileBehaviors.CLOSES_WITHOUT_RESPONSE,
                HostileBehaviors.CLOSES_WITHOUT_RESPONSE))) {
      assertThat(transport.post(url(receiver))).isEqualTo(Responded.of(204));

      Outcome outcome = transport.post(url(receiver));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.CONNECTION_RESET));
      assertThat(receiver.requests()).hasSize(3);
    }
  }

  @Test
  void a_keep_alive_connection_that_the_receiver_closes_is_closed_on_both_sides() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(
            HostileBehaviors.respondsOnce(
                HostileConnection::closeOutput, HostileBehaviors.RESPONDS_204))) {

      assertThat(transport.post(url(receiver))).isEqualTo(Responded.of(204));

      assertThat(receiver.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void connections_to_a_receiver_with_malformed_responses_are_closed_at_once_while_another_hangs()
      throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver malformed = HostileReceiver.behaving(HostileBehaviors.SENDS_GARBAGE);
        HostileReceiver hanging =
            HostileReceiver.behaving(connection -> {
              connection.readRequest();
              arrived.countDown();
            })) {
      Thread waiting = Thread.startVirtualThread(() -> transport.post(url(hanging), LONG_TIMEOUT));
      arrived.await();

      transport.post(url(malformed));
      transport.post(url(malformed));
      transport.post(url(malformed));
      boolean atMostOneOpen = malformed.awaitAtMostOpen(1, HostileReceiver.SOON);
      waiting.interrupt();

      assertThat(atMostOneOpen).as("the first stays open while its client is in use").isTrue();
      assertThat(malformed.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void an_interrupt_of_the_caller_ends_the_exchange() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver receiver =
        HostileReceiver.behaving(connection -> {
          connection.readRequest();
          arrived.countDown();
        })) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            outcome.complete(transport.post(url(receiver), LONG_TIMEOUT));
            stillInterrupted.complete(Thread.currentThread().isInterrupted());
          });
      arrived.await();

      caller.interrupt();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(InternalFailure.class);
      assertThat(stillInterrupted.get(2, TimeUnit.SECONDS)).isTrue();
      assertThat(receiver.awaitAllClosed()).isTrue();
    }
  }

  @Test
  void closing_the_transport_ends_posts_in_flight() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver receiver =
        HostileReceiver.behaving(connection -> {
          connection.readRequest();
          arrived.countDown();
        })) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread.startVirtualThread(
          () -> outcome.complete(transport.post(url(receiver), LONG_TIMEOUT)));
      arrived.await();

      transport.close();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(InternalFailure.class);
      assertThat(receiver.awaitAllClosed()).isTrue();
      assertThat(transport.post(url(receiver))).isInstanceOf(InternalFailure.class);
    }
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}

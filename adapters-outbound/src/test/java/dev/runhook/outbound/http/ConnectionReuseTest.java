package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalError;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections that are kept, that end under us, and that we end.
final class ConnectionReuseTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private final TransportFixture transportFixture = TransportFixture.toLoopback();

  @AfterEach
  void close() throws InterruptedException {
    transportFixture.close();
    assertThat(LeakedThreads.ofTransports()).isEmpty();
  }

  @Test
  void a_connection_serves_many_requests() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(HostileBehaviors.responds200("fine"))) {
      for (int i = 0; i < 20; i++) {
        assertThat(transportFixture.post(url(receiver)).isDelivered()).isTrue();
      }

      assertThat(receiver.connectionCount()).isEqualTo(1);
      transportFixture.close();
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void a_kept_alive_connection_closed_under_us_gets_one_more_try() throws Exception {
    try (HostileReceiver closing =
            HostileReceiver.behaving(
                HostileBehaviors.respondsOnce(
                    HostileBehaviors.CLOSES_WITHOUT_RESPONSE, HostileBehaviors.RESPONDS_204));
        HostileReceiver resetting =
            HostileReceiver.behaving(
                HostileBehaviors.respondsOnce(
                    HostileBehaviors.RESETS, HostileBehaviors.RESPONDS_204))) {

      for (HostileReceiver receiver : List.of(closing, resetting)) {
        assertThat(transportFixture.post(url(receiver))).isEqualTo(Responded.of(204));
        assertThat(transportFixture.post(url(receiver))).isEqualTo(Responded.of(204));
        assertThat(receiver.requests()).hasSize(3);
      }
    }
  }

  @Test
  void it_never_gets_two_more() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(
            HostileBehaviors.respondsOnce(
                HostileBehaviors.CLOSES_WITHOUT_RESPONSE,
                HostileBehaviors.CLOSES_WITHOUT_RESPONSE))) {
      assertThat(transportFixture.post(url(receiver))).isEqualTo(Responded.of(204));

      Outcome outcome = transportFixture.post(url(receiver));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoResponse.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.CONNECTION_RESET));
      assertThat(receiver.requests()).hasSize(3);
    }
  }

  @Test
  void a_kept_alive_connection_that_the_receiver_ends_is_ended_by_us_as_well() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.behaving(
            HostileBehaviors.respondsOnce(
                HostileConnection::closeOutput, HostileBehaviors.RESPONDS_204))) {

      assertThat(transportFixture.post(url(receiver))).isEqualTo(Responded.of(204));

      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void who_garbled_once_gets_connections_that_are_closed_at_once_although_another_hangs()
      throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver garbling = HostileReceiver.behaving(HostileBehaviors.SENDS_GARBAGE);
        HostileReceiver hanging =
            HostileReceiver.behaving(connection -> {
              connection.readRequest();
              arrived.countDown();
            })) {
      Thread patient =
          Thread.startVirtualThread(() -> transportFixture.post(url(hanging), PATIENT));
      arrived.await();

      transportFixture.post(url(garbling));
      transportFixture.post(url(garbling));
      transportFixture.post(url(garbling));
      boolean oneIsLeft = garbling.awaitAtMostOpen(1, Duration.ofSeconds(1));
      patient.interrupt();

      assertThat(oneIsLeft).as("the first, as long as the client is in use").isTrue();
      assertThat(garbling.awaitAllClosed(Duration.ofSeconds(2))).isTrue();
    }
  }

  @Test
  void interrupting_the_caller_ends_the_exchange() throws Exception {
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
            outcome.complete(transportFixture.post(url(receiver), PATIENT));
            stillInterrupted.complete(Thread.currentThread().isInterrupted());
          });
      arrived.await();

      caller.interrupt();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(InternalError.class);
      assertThat(stillInterrupted.get(2, TimeUnit.SECONDS)).isTrue();
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void closing_ends_what_is_under_way() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver receiver =
        HostileReceiver.behaving(connection -> {
          connection.readRequest();
          arrived.countDown();
        })) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread.startVirtualThread(
          () -> outcome.complete(transportFixture.post(url(receiver), PATIENT)));
      arrived.await();

      transportFixture.close();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(InternalError.class);
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      assertThat(transportFixture.post(url(receiver))).isInstanceOf(InternalError.class);
    }
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}

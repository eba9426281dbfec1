package dev.runhook.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Faulted;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections that are kept, that end under us, and that we end.
final class ConnectionsTest {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private final Sender sender = Sender.toLoopback();

  @AfterEach
  void close() throws InterruptedException {
    sender.close();
    assertThat(Threads.leftOfTransports()).isEmpty();
  }

  @Test
  void a_connection_serves_many_requests() throws Exception {
    try (HostileReceiver receiver = HostileReceiver.that(Behaviours.answers200("fine"))) {
      for (int i = 0; i < 20; i++) {
        assertThat(sender.post(url(receiver)).isDelivered()).isTrue();
      }

      assertThat(receiver.accepted()).isEqualTo(1);
      sender.close();
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void a_kept_alive_connection_closed_under_us_gets_one_more_try() throws Exception {
    try (HostileReceiver closing =
            HostileReceiver.that(
                Behaviours.answersOnce(Behaviours.CLOSES_WITHOUT_ANSWER, Behaviours.ANSWERS_204));
        HostileReceiver resetting =
            HostileReceiver.that(
                Behaviours.answersOnce(Behaviours.RESETS, Behaviours.ANSWERS_204))) {

      for (HostileReceiver receiver : List.of(closing, resetting)) {
        assertThat(sender.post(url(receiver))).isEqualTo(Answered.of(204));
        assertThat(sender.post(url(receiver))).isEqualTo(Answered.of(204));
        assertThat(receiver.requests()).hasSize(3);
      }
    }
  }

  @Test
  void it_never_gets_two_more() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.that(
            Behaviours.answersOnce(
                Behaviours.CLOSES_WITHOUT_ANSWER, Behaviours.CLOSES_WITHOUT_ANSWER))) {
      assertThat(sender.post(url(receiver))).isEqualTo(Answered.of(204));

      Outcome outcome = sender.post(url(receiver));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Unanswered.class, seen -> assertThat(seen.cause()).isEqualTo(Cause.CONNECTION_RESET));
      assertThat(receiver.requests()).hasSize(3);
    }
  }

  @Test
  void a_kept_alive_connection_that_the_receiver_ends_is_ended_by_us_as_well() throws Exception {
    try (HostileReceiver receiver =
        HostileReceiver.that(
            Behaviours.answersOnce(HostileConnection::endOutput, Behaviours.ANSWERS_204))) {

      assertThat(sender.post(url(receiver))).isEqualTo(Answered.of(204));

      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void who_garbled_once_gets_connections_that_are_closed_at_once_although_another_hangs()
      throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver garbling = HostileReceiver.that(Behaviours.SAYS_GARBAGE);
        HostileReceiver hanging =
            HostileReceiver.that(connection -> {
              connection.readRequest();
              arrived.countDown();
            })) {
      Thread patient = Thread.startVirtualThread(() -> sender.post(url(hanging), PATIENT));
      arrived.await();

      sender.post(url(garbling));
      sender.post(url(garbling));
      sender.post(url(garbling));
      boolean oneIsLeft = garbling.awaitLeft(1, Duration.ofSeconds(1));
      patient.interrupt();

      assertThat(oneIsLeft).as("the first, as long as the client is in use").isTrue();
      assertThat(garbling.awaitAllClosed(Duration.ofSeconds(2))).isTrue();
    }
  }

  @Test
  void interrupting_the_caller_ends_the_exchange() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver receiver =
        HostileReceiver.that(connection -> {
          connection.readRequest();
          arrived.countDown();
        })) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            outcome.complete(sender.post(url(receiver), PATIENT));
            stillInterrupted.complete(Thread.currentThread().isInterrupted());
          });
      arrived.await();

      caller.interrupt();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(Faulted.class);
      assertThat(stillInterrupted.get(2, TimeUnit.SECONDS)).isTrue();
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void closing_ends_what_is_under_way() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (HostileReceiver receiver =
        HostileReceiver.that(connection -> {
          connection.readRequest();
          arrived.countDown();
        })) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread.startVirtualThread(() -> outcome.complete(sender.post(url(receiver), PATIENT)));
      arrived.await();

      sender.close();

      assertThat(outcome.get(2, TimeUnit.SECONDS)).isInstanceOf(Faulted.class);
      assertThat(receiver.awaitAllClosed(Duration.ofSeconds(1))).isTrue();
      assertThat(sender.post(url(receiver))).isInstanceOf(Faulted.class);
    }
  }

  private static String url(HostileReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}

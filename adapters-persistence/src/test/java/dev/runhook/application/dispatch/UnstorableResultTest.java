package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.faulty.FaultyTransactor;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Results that the store rejects, although it is available.
class UnstorableResultTest {
  private static final int ROUNDS = 10;

  private final ApplicationFixture app = new ApplicationFixture();
  private final Webhook webhook = app.createWebhook(1);

  @Test
  void a_delivery_whose_result_cannot_be_stored_fails_after_its_schedule() {
    Webhook other = app.createWebhook(2);
    for (int i = 0; i < ROUNDS; i++) {
      app.transport.enqueue(webhook.settings().endpoint(), Outcome.Responded.of(418));
    }
    Dispatcher dispatcher =
        app.dispatcher(
            rejecting(attempt -> attempt.attempt().outcome().equals(Outcome.Responded.of(418))),
            CONFIG,
            Runnable::run);

    run(dispatcher);

    Delivery failed = app.latestDeliveryOf(webhook);
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(app.deliveries.get(Samples.ACME, failed.id()).attempts())
        .hasSize(4)
        .extracting(view -> view.attempt().outcome().error())
        .containsOnly(Optional.of("Runhook failed to store the result: IllegalArgumentException"));
    assertThat(app.latestDeliveryOf(other).status()).isEqualTo(Status.DELIVERED);
    assertThat(app.transport.requests()).hasSize(5);
  }

  @Test
  void a_delivery_of_which_nothing_can_be_stored_keeps_no_slot() throws InterruptedException {
    Dispatcher dispatcher = app.dispatcher(rejecting(ignored -> true), CONFIG, Runnable::run);

    run(dispatcher);

    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.PENDING);
    assertThat(dispatcher.stop(Duration.ofMillis(1))).isTrue();
  }

  private void run(Dispatcher dispatcher) {
    app.journal(DispatchHandoff.none(), Runnable::run)
        .start(Samples.newRun(new RunId(Samples.DEMO, "run-1")));
    for (int i = 0; i < ROUNDS; i++) {
      dispatcher.poll();
      app.clock.advance(Duration.ofMinutes(5));
    }
  }

  private Transactor rejecting(Predicate<CompletedAttempt> condition) {
    return new FaultyTransactor(
        app.store,
        Deliveries.class,
        "complete",
        invocation -> {
          Collection<?> attempts = invocation.argument(0, Collection.class);
          if (attempts.stream().map(CompletedAttempt.class::cast).anyMatch(condition)) {
            throw new IllegalArgumentException("rejected by the test");
          }
          return invocation.proceed();
        });
  }
}

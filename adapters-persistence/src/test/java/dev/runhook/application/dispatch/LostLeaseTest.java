package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Attempts whose lease expires before their result is stored.
class LostLeaseTest {
  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void an_attempt_of_a_crashed_process_is_recorded_as_interrupted_and_repeated_after_its_lease() {
    Webhook webhook = app.createWebhook(1);
    app.journal(DispatchHandoff.none(), Runnable::run)
        .start(Samples.newRun(new RunId(Samples.DEMO, "run-1")));
    claimAsAnother();

    int claimedDuringLease = app.dispatcher.poll().claimed();
    app.advance(CONFIG.leaseDuration());

    assertThat(claimedDuringLease).isZero();
    assertThat(app.transport.requests().getFirst().headers())
        .contains(new Header("X-Runhook-Attempt", "2"));
    assertThat(app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id()).attempts())
        .extracting(view -> view.attempt().outcome().code())
        .containsExactly(Outcome.Code.INTERNAL_ERROR, Outcome.Code.DELIVERED);
  }

  @Test
  void an_attempt_with_a_long_timeout_keeps_its_lease() {
    Duration timeout = DeliverySettings.MAX_TIMEOUT;
    Webhook webhook = createWebhook(1, timeout);
    List<LeasedDelivery> claimed = new ArrayList<>();
    app.transport.enqueue(
        webhook.settings().endpoint(),
        ignored -> {
          app.clock.advance(timeout);
          claimed.addAll(claimAsAnother());
          return Outcome.Responded.of(200);
        });

    app.startRun("run-1");

    assertThat(claimed).isEmpty();
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void a_long_timeout_of_one_webhook_does_not_lengthen_the_lease_of_another() {
    createWebhook(1, DeliverySettings.MAX_TIMEOUT);
    Webhook other = app.createWebhook(2);
    List<LeasedDelivery> claimed = new ArrayList<>();
    app.transport.enqueue(
        other.settings().endpoint(),
        ignored -> {
          app.clock.advance(CONFIG.leaseDuration());
          claimed.addAll(claimAsAnother());
          return Outcome.Responded.of(200);
        });

    app.startRun("run-1");

    assertThat(claimed).extracting(delivery -> delivery.webhook().id()).containsExactly(other.id());
  }

  @Test
  void a_response_that_arrives_after_the_lease_was_lost_changes_nothing() {
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(
        webhook.settings().endpoint(),
        ignored -> {
          app.clock.advance(CONFIG.leaseDuration());
          claimAsAnother();
          return Outcome.Responded.of(200);
        });

    app.startRun("run-1");

    assertThat(app.observer.leaseLostAttempts).hasSize(1);
    assertThat(app.observer.attempts).isEmpty();
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.PENDING);
    assertThat(app.latestDeliveryOf(webhook).attemptCount()).isEqualTo(2);
  }

  @Test
  void a_response_that_cannot_be_stored_before_the_lease_expires_is_reported() {
    AtomicBoolean unavailable = new AtomicBoolean();
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(
        webhook.settings().endpoint(),
        ignored -> {
          unavailable.set(true);
          return Outcome.Responded.of(200);
        });
    app.journal(DispatchHandoff.none(), Runnable::run)
        .start(Samples.newRun(new RunId(Samples.DEMO, "run-1")));

    app.dispatcher(failingWhile(unavailable), CONFIG, Runnable::run).poll();

    assertThat(app.observer.leaseLostAttempts).hasSize(1);
    assertThat(app.observer.attempts).isEmpty();
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.PENDING);
  }

  /// A call fails once, when the lease has expired.
  private Transactor failingWhile(AtomicBoolean unavailable) {
    return new Transactor() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
        if (unavailable.getAndSet(false)) {
          app.clock.advance(CONFIG.leaseDuration().plusSeconds(1));
          throw new StoreUnavailableException("unavailable", new IllegalStateException());
        }
        return app.store.<T>inTransaction(work);
      }
    };
  }

  private Webhook createWebhook(int number, Duration timeout) {
    return app.createWebhook(
        CreateWebhookRequest.of(Samples.endpoint(number).text())
            .withDelivery(new DeliverySettings(Optional.of(timeout), Optional.empty())));
  }

  private List<LeasedDelivery> claimAsAnother() {
    return app.store.inTransaction(
        unit -> unit.deliveries().claimDue(ClaimRequest.of(CONFIG.leaseDuration(), 10)));
  }
}

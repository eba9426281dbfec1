package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.application.spi.delivery.Room;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimDueTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private Webhook webhook;

  @BeforeEach
  void beginEmpty() {
    webhook =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              unit.stacks().delete(Samples.DEMO);
              StoreFixture.addStack(unit);
              return StoreFixture.addWebhook(unit, 1);
            });
  }

  @Test
  void an_interrupted_attempt_starts_with_its_lease() {
    NewDelivery delivery = addDelivery("one");
    Instant leasedAt =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              unit.deliveries().claimDue(claim(StoreFixture.HOUR));
              return unit.now();
            });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.delivery_queue set leased_until = leased_until - interval '2"
                    + " hours'"));

    List<LeasedDelivery> again = claimInNewTransaction(StoreFixture.HOUR);

    Attempt attempt = attempts(delivery).getFirst();
    assertThat(again)
        .extracting(leasedDelivery -> leasedDelivery.lease().attempt())
        .containsExactly(2);
    assertThat(attempt.startedAt()).isEqualTo(leasedAt.minus(Duration.ofHours(2)));
    assertThat(attempt.duration()).isEqualTo(StoreFixture.HOUR);
    assertThat(attempt.outcome()).isInstanceOf(Outcome.InternalFailure.class);
    assertThat(attempt.outcome().error().orElseThrow())
        .contains("the receiver may have received this attempt");
  }

  @Test
  void deliveries_locked_by_another_transaction_are_skipped() {
    addDelivery("one");
    NewDelivery other = addDelivery("two");
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      List<LeasedDelivery> first =
          JdbiUnitOfWork.joining(handle)
              .deliveries()
              .claimDue(ClaimRequest.of(StoreFixture.HOUR, 1));

      List<LeasedDelivery> second = claimInNewTransaction(StoreFixture.HOUR);

      handle.commit();
      assertThat(first).hasSize(1);
      assertThat(StoreFixture.ids(second)).containsExactly(other.id());
    }
  }

  @Test
  void a_paused_webhook_is_probed_by_one_transaction_at_a_time() {
    addDelivery("one");
    addDelivery("two");
    pause();
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      List<LeasedDelivery> probe =
          JdbiUnitOfWork.joining(handle).deliveries().claimDue(claim(StoreFixture.HOUR));

      List<LeasedDelivery> concurrent = claimInNewTransaction(StoreFixture.HOUR);
      handle.commit();
      List<LeasedDelivery> after = claimInNewTransaction(StoreFixture.HOUR);

      assertThat(probe).hasSize(1);
      assertThat(concurrent).isEmpty();
      assertThat(after).isEmpty();
    }
  }

  @Test
  void a_paused_webhook_that_holds_slots_is_not_probed() {
    addDelivery("one");
    pause();

    List<LeasedDelivery> claimed =
        claim(
            new ClaimRequest(
                StoreFixture.HOUR,
                10,
                new SlotLimits(1, 10, Long.MAX_VALUE),
                Room.of(10, 0, 0),
                Map.of(),
                Map.of(webhook.id(), 1)));

    assertThat(claimed).isEmpty();
    assertThat(claimInNewTransaction(StoreFixture.HOUR)).hasSize(1);
  }

  @Test
  void a_delivery_without_a_webhook_is_never_claimed() {
    addDelivery("one");
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));

    assertThat(claimInNewTransaction(StoreFixture.HOUR)).isEmpty();
    assertThat(timeUntilNextDue()).isEmpty();
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.delivery_queue"));
  }

  @Test
  void the_next_due_time_is_the_next_probe_and_absent_for_a_disabled_webhook() {
    addDelivery("one");
    saveHealth(
        new Health.Paused(Samples.NOON, 10, now().plus(Duration.ofMinutes(30)), "a timeout"));
    Duration paused = timeUntilNextDue().orElseThrow();
    saveHealth(new Health.Disabled(Samples.NOON, Optional.of("Ada")));

    assertThat(paused).isBetween(Duration.ofMinutes(25), Duration.ofMinutes(30));
    assertThat(timeUntilNextDue()).isEmpty();
  }

  private NewDelivery addDelivery(String run) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, run)));
  }

  private void pause() {
    saveHealth(new Health.Paused(Samples.NOON, 10, Samples.NOON, "a timeout"));
  }

  private void saveHealth(Health health) {
    Webhook updated =
        new Webhook(
            webhook.id(),
            webhook.stack(),
            webhook.settings(),
            webhook.revision(),
            webhook.keys(),
            health,
            webhook.createdAt(),
            webhook.updatedAt());
    POSTGRES.transactor().run(unit -> unit.webhooks().saveHealth(List.of(updated)));
  }

  private static ClaimRequest claim(Duration lease) {
    return ClaimRequest.of(lease, 10);
  }

  private static List<LeasedDelivery> claimInNewTransaction(Duration lease) {
    return claim(claim(lease));
  }

  private static List<LeasedDelivery> claim(ClaimRequest request) {
    return POSTGRES.transactor().inTransaction(unit -> unit.deliveries().claimDue(request));
  }

  private static List<Attempt> attempts(NewDelivery delivery) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> unit.deliveries().find(Samples.ACME, delivery.id()).orElseThrow().attempts());
  }

  private static Optional<Duration> timeUntilNextDue() {
    return POSTGRES.transactor().inTransaction(unit -> unit.deliveries().timeUntilNextDue());
  }

  private static Instant now() {
    return POSTGRES.transactor().inTransaction(unit -> unit.now());
  }
}

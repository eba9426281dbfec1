package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
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
  void an_interrupted_attempt_began_when_its_lease_did() {
    NewDelivery delivery = deliver("one");
    Instant begun =
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
                "update runhook.delivery_queue set leased_until = leased_until - interval '2 hours'"));

    List<LeasedDelivery> again = claimInAnotherUnit(StoreFixture.HOUR);

    Attempt attempt = attempts(delivery).getFirst();
    assertThat(again)
        .extracting(leasedDelivery -> leasedDelivery.lease().attempt())
        .containsExactly(2);
    assertThat(attempt.startedAt()).isEqualTo(begun.minus(Duration.ofHours(2)));
    assertThat(attempt.duration()).isEqualTo(StoreFixture.HOUR);
    assertThat(attempt.outcome()).isInstanceOf(Outcome.InternalError.class);
    assertThat(attempt.outcome().error().orElseThrow())
        .contains("the receiver may have received this attempt");
  }

  @Test
  void what_another_has_locked_is_passed_over_and_not_waited_for() {
    deliver("one");
    NewDelivery other = deliver("two");
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      List<LeasedDelivery> first =
          JdbiUnitOfWork.joining(handle)
              .deliveries()
              .claimDue(new ClaimRequest(StoreFixture.HOUR, 1, 1, Map.of()));

      List<LeasedDelivery> second = claimInAnotherUnit(StoreFixture.HOUR);

      handle.commit();
      assertThat(first).hasSize(1);
      assertThat(StoreFixture.ids(second)).containsExactly(other.id());
    }
  }

  @Test
  void a_paused_webhook_is_not_probed_by_two_at_once() {
    deliver("one");
    deliver("two");
    pause();
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      List<LeasedDelivery> probe =
          JdbiUnitOfWork.joining(handle).deliveries().claimDue(claim(StoreFixture.HOUR));

      List<LeasedDelivery> meanwhile = claimInAnotherUnit(StoreFixture.HOUR);
      handle.commit();
      List<LeasedDelivery> after = claimInAnotherUnit(StoreFixture.HOUR);

      assertThat(probe).hasSize(1);
      assertThat(meanwhile).isEmpty();
      assertThat(after).isEmpty();
    }
  }

  @Test
  void a_paused_webhook_that_is_held_is_not_probed() {
    deliver("one");
    pause();

    List<LeasedDelivery> held =
        claimWith(new ClaimRequest(StoreFixture.HOUR, 10, 10, Map.of(webhook.id(), 1)));

    assertThat(held).isEmpty();
    assertThat(claimInAnotherUnit(StoreFixture.HOUR)).hasSize(1);
  }

  @Test
  void what_has_lost_its_webhook_is_never_sent() {
    deliver("one");
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));

    assertThat(claimInAnotherUnit(StoreFixture.HOUR)).isEmpty();
    assertThat(untilNextDue()).isEmpty();
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.delivery_queue"));
  }

  @Test
  void the_wait_ends_with_the_next_probe_and_never_for_a_disabled_webhook() {
    deliver("one");
    judge(new Health.Paused(Samples.NOON, 10, now().plus(Duration.ofMinutes(30)), "a timeout"));
    Duration paused = untilNextDue().orElseThrow();
    judge(new Health.Disabled(Samples.NOON, "by Ada"));

    assertThat(paused).isBetween(Duration.ofMinutes(25), Duration.ofMinutes(30));
    assertThat(untilNextDue()).isEmpty();
  }

  private NewDelivery deliver(String run) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, run)));
  }

  private void pause() {
    judge(new Health.Paused(Samples.NOON, 10, Samples.NOON, "a timeout"));
  }

  private void judge(Health health) {
    Webhook judged =
        new Webhook(
            webhook.id(),
            webhook.stack(),
            webhook.settings(),
            webhook.revision(),
            webhook.keys(),
            health,
            webhook.createdAt(),
            webhook.updatedAt());
    POSTGRES.transactor().run(unit -> unit.webhooks().saveHealth(List.of(judged)));
  }

  private static ClaimRequest claim(Duration lease) {
    return new ClaimRequest(lease, 10, 10, Map.of());
  }

  private static List<LeasedDelivery> claimInAnotherUnit(Duration lease) {
    return claimWith(claim(lease));
  }

  private static List<LeasedDelivery> claimWith(ClaimRequest claimRequest) {
    return POSTGRES.transactor().inTransaction(unit -> unit.deliveries().claimDue(claimRequest));
  }

  private static List<Attempt> attempts(NewDelivery delivery) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> unit.deliveries().find(Samples.ACME, delivery.id()).orElseThrow().attempts());
  }

  private static Optional<Duration> untilNextDue() {
    return POSTGRES.transactor().inTransaction(unit -> unit.deliveries().timeUntilNextDue());
  }

  private static Instant now() {
    return POSTGRES.transactor().inTransaction(unit -> unit.now());
  }
}

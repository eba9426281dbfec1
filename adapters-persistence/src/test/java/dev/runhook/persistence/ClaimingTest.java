package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
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

class ClaimingTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private Webhook webhook;

  @BeforeEach
  void beginEmpty() {
    webhook =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              unit.stacks().delete(Samples.DEMO);
              Stage.prepare(unit);
              return Stage.webhook(unit, 1);
            });
  }

  @Test
  void an_interrupted_attempt_began_when_its_lease_did() {
    NewDelivery delivery = deliver("one");
    Instant begun =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              unit.deliveries().claimDue(claim(Stage.HOUR));
              return unit.now();
            });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.queue set leased_until = leased_until - interval '2 hours'"));

    List<Parcel> again = claimInAnotherUnit(Stage.HOUR);

    Attempt attempt = attempts(delivery).getFirst();
    assertThat(again).extracting(parcel -> parcel.lease().attempt()).containsExactly(2);
    assertThat(attempt.startedAt()).isEqualTo(begun.minus(Duration.ofHours(2)));
    assertThat(attempt.took()).isEqualTo(Stage.HOUR);
    assertThat(attempt.outcome()).isInstanceOf(Outcome.Faulted.class);
    assertThat(attempt.outcome().error().orElseThrow())
        .contains("the receiver may have got this attempt");
  }

  @Test
  void what_another_has_locked_is_passed_over_and_not_waited_for() {
    deliver("one");
    NewDelivery other = deliver("two");
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      List<Parcel> first =
          JdbiUnitOfWork.on(handle).deliveries().claimDue(new Claim(Stage.HOUR, 1, 1, Map.of()));

      List<Parcel> second = claimInAnotherUnit(Stage.HOUR);

      handle.commit();
      assertThat(first).hasSize(1);
      assertThat(Stage.ids(second)).containsExactly(other.id());
    }
  }

  @Test
  void a_paused_webhook_is_not_probed_by_two_at_once() {
    deliver("one");
    deliver("two");
    pause();
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      List<Parcel> probe = JdbiUnitOfWork.on(handle).deliveries().claimDue(claim(Stage.HOUR));

      List<Parcel> meanwhile = claimInAnotherUnit(Stage.HOUR);
      handle.commit();
      List<Parcel> after = claimInAnotherUnit(Stage.HOUR);

      assertThat(probe).hasSize(1);
      assertThat(meanwhile).isEmpty();
      assertThat(after).isEmpty();
    }
  }

  @Test
  void a_paused_webhook_that_is_held_is_not_probed() {
    deliver("one");
    pause();

    List<Parcel> held = claimWith(new Claim(Stage.HOUR, 10, 10, Map.of(webhook.id(), 1)));

    assertThat(held).isEmpty();
    assertThat(claimInAnotherUnit(Stage.HOUR)).hasSize(1);
  }

  @Test
  void what_has_lost_its_webhook_is_never_sent() {
    deliver("one");
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));

    assertThat(claimInAnotherUnit(Stage.HOUR)).isEmpty();
    assertThat(untilNextDue()).isEmpty();
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.queue"));
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
        .inTransaction(unit -> Stage.move(unit, webhook, Stage.run(unit, run)));
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

  private static Claim claim(Duration lease) {
    return new Claim(lease, 10, 10, Map.of());
  }

  private static List<Parcel> claimInAnotherUnit(Duration lease) {
    return claimWith(claim(lease));
  }

  private static List<Parcel> claimWith(Claim claim) {
    return POSTGRES.transactor().inTransaction(unit -> unit.deliveries().claimDue(claim));
  }

  private static List<Attempt> attempts(NewDelivery delivery) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> unit.deliveries().find(Samples.ACME, delivery.id()).orElseThrow().attempts());
  }

  private static Optional<Duration> untilNextDue() {
    return POSTGRES.transactor().inTransaction(unit -> unit.deliveries().untilNextDue());
  }

  private static Instant now() {
    return POSTGRES.transactor().inTransaction(unit -> unit.now());
  }
}

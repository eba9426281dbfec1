package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settled;
import dev.runhook.application.spi.Settlement;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Attempts: begun with a lease, settled once, or lost with it.
@Promises
public interface LeasesContract {
  Transactor transactor();

  @Test
  default void
      a_delivery_whose_lease_ended_comes_with_the_next_number_and_the_earlier_attempt_as_interrupted() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    scene.deliver(scene.webhook(), scene.run());

    Parcel lost = claims.claim(Duration.ZERO).getFirst();
    Parcel again = claims.claim().getFirst();

    List<Attempt> attempts = claims.find(lost.lease().delivery()).attempts();
    assertThat(again.lease()).isEqualTo(new Lease(lost.lease().delivery(), 2, 1));
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getFirst().number()).isEqualTo(1);
    assertThat(attempts.getFirst().outcome()).isInstanceOf(Outcome.Faulted.class);
  }

  @Test
  default void a_retried_delivery_comes_with_the_next_number_and_one_failure_more() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());

    claims.retry(claims.claim().getFirst(), Duration.ZERO);
    claims.retry(claims.claim().getFirst(), Duration.ZERO);

    assertThat(claims.claim()).extracting(Parcel::lease).containsExactly(new Lease(id, 3, 2));
    assertThat(claims.find(id).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  default void a_retry_is_not_due_before_its_delay() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());

    Settled settled = claims.retry(claims.claim().getFirst(), Claims.AN_HOUR);

    Delivery waiting = claims.find(id).delivery();
    assertThat(settled.applied()).containsExactly(id);
    assertThat(claims.claim()).isEmpty();
    assertThat(waiting.status()).isEqualTo(Delivery.Status.PENDING);
    assertThat(waiting.nextAttemptAt().orElseThrow())
        .isBetween(
            scene.now().plus(Duration.ofMinutes(59)),
            scene.now().plus(Claims.AN_HOUR).plusMillis(1));
  }

  @Test
  default void a_closed_attempt_cannot_be_closed_again() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    Parcel parcel = claims.claim().getFirst();
    claims.deliver(parcel);
    DeliveryDetail before = claims.find(id);

    Settled again = claims.giveUp(parcel);

    assertThat(again).isEqualTo(new Settled(Set.of(), Set.of()));
    assertThat(claims.find(id)).isEqualTo(before);
  }

  @Test
  default void a_retried_attempt_cannot_be_closed_again() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    Parcel parcel = claims.claim().getFirst();
    claims.retry(parcel, Claims.AN_HOUR);
    DeliveryDetail before = claims.find(id);

    Settled again = claims.deliver(parcel);

    assertThat(again.applied()).isEmpty();
    assertThat(claims.find(id)).isEqualTo(before);
  }

  @Test
  default void a_late_settling_of_an_older_attempt_changes_nothing() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    Parcel late = claims.claim(Duration.ZERO).getFirst();
    Parcel later = claims.claim().getFirst();
    DeliveryDetail before = claims.find(id);

    Settled tooLate = claims.deliver(late);

    assertThat(tooLate).isEqualTo(new Settled(Set.of(), Set.of()));
    assertThat(claims.find(id)).isEqualTo(before);
    assertThat(claims.deliver(later).applied()).containsExactly(id);
    assertThat(claims.find(id).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  default void one_late_settlement_does_not_spoil_its_batch() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId late = scene.deliver(scene.webhook(), scene.run());
    Parcel lost = claims.claim(Duration.ZERO).getFirst();
    claims.claim();
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId punctual = scene.deliver(webhook, run);
    scene.deliver(webhook, run);
    Parcel held = claims.claim().getFirst();
    List<Settlement> batch =
        List.of(
            claims.settlement(lost, Outcome.Answered.of(200), new Fate.Delivered()),
            claims.settlement(held, Outcome.Answered.of(200), new Fate.Delivered()));

    Settled settled =
        scene.in(unit -> {
          unit.deliveries().lockLanes(Set.of(late, punctual));
          return unit.deliveries().settle(batch);
        });

    assertThat(settled.applied()).containsExactly(punctual);
    assertThat(settled.freed()).hasSize(1);
  }

  @Test
  default void what_was_deleted_meanwhile_is_settled_in_vain() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    scene.deliver(webhook, scene.run());
    Parcel parcel = claims.claim().getFirst();
    scene.in(unit -> unit.webhooks().delete(scene.stackId(), webhook.id()));

    Settled settled = claims.deliver(parcel);

    assertThat(settled).isEqualTo(new Settled(Set.of(), Set.of()));
  }

  @Test
  default void giving_back_makes_due_at_once_and_gives_the_attempt_number_back() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    claims.retry(claims.claim().getFirst(), Duration.ZERO);
    Parcel unsent = claims.claim().getFirst();

    claims.release(unsent);

    Parcel again = claims.claim().getFirst();
    assertThat(again.lease()).isEqualTo(new Lease(id, 2, 1));
    assertThat(claims.find(id).attempts()).extracting(Attempt::number).containsExactly(1);
  }

  @Test
  default void giving_back_too_late_changes_nothing() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    Parcel late = claims.claim(Duration.ZERO).getFirst();
    Parcel later = claims.claim().getFirst();

    claims.release(late);

    assertThat(claims.claim()).isEmpty();
    assertThat(claims.deliver(later).applied()).containsExactly(id);
  }

  @Test
  default void what_was_given_back_cannot_be_settled() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    DeliveryId id = scene.deliver(scene.webhook(), scene.run());
    Parcel unsent = claims.claim().getFirst();
    claims.release(unsent);

    Settled settled = claims.deliver(unsent);

    assertThat(settled.applied()).isEmpty();
    assertThat(claims.claim()).extracting(Parcel::lease).containsExactly(new Lease(id, 1, 0));
  }
}

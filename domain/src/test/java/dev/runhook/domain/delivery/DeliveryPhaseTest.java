package dev.runhook.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Health;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryPhaseTest {
  private static final Instant NOW = Instant.parse("2026-03-14T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(5);
  private static final Instant EARLIER = NOW.minusSeconds(5);
  private static final Health PAUSED =
      new Health.Paused(EARLIER, 10, LATER, "the receiver responded with HTTP 500");
  private static final Health DISABLED = new Health.Disabled(EARLIER, Optional.of("Ada"));

  private static DeliveryPhase active(Instant dueAt, int attempts) {
    return unleased(Optional.of(dueAt), attempts, Health.healthy());
  }

  private static DeliveryPhase unleased(Optional<Instant> dueAt, int attempts, Health health) {
    return DeliveryPhase.ofOpen(dueAt, Optional.empty(), attempts, health, Optional.empty(), NOW);
  }

  private static DeliveryPhase leased(Instant until, int attempts, Health health) {
    return DeliveryPhase.ofOpen(
        Optional.of(EARLIER), Optional.of(until), attempts, health, Optional.empty(), NOW);
  }

  @Test
  void a_delivery_is_sent_as_long_as_it_is_leased() {
    assertThat(leased(LATER, 1, Health.healthy())).isEqualTo(DeliveryPhase.SENDING);
    assertThat(leased(LATER, 7, Health.healthy())).isEqualTo(DeliveryPhase.SENDING);
    assertThat(leased(NOW, 1, Health.healthy())).isEqualTo(DeliveryPhase.DUE);
    assertThat(leased(EARLIER, 1, Health.healthy())).isEqualTo(DeliveryPhase.DUE);
  }

  @Test
  void a_delivery_that_nothing_has_claimed_is_due() {
    assertThat(active(EARLIER, 0)).isEqualTo(DeliveryPhase.DUE);
    assertThat(active(NOW, 0)).isEqualTo(DeliveryPhase.DUE);
    assertThat(active(NOW, 3)).isEqualTo(DeliveryPhase.DUE);
  }

  @Test
  void only_a_delivery_that_was_attempted_is_retried() {
    assertThat(active(LATER, 1)).isEqualTo(DeliveryPhase.RETRYING);
    assertThat(active(LATER, 0)).isEqualTo(DeliveryPhase.DUE);
  }

  @Test
  void a_due_delivery_waits_until_the_rate_allows_an_attempt() {
    assertThat(limited(EARLIER, LATER)).isEqualTo(DeliveryPhase.RATE_LIMITED);
    assertThat(limited(EARLIER, NOW)).isEqualTo(DeliveryPhase.DUE);
    assertThat(limited(LATER, LATER)).isEqualTo(DeliveryPhase.RETRYING);
  }

  private static DeliveryPhase limited(Instant dueAt, Instant nextSendAt) {
    return DeliveryPhase.ofOpen(
        Optional.of(dueAt), Optional.empty(), 1, Health.healthy(), Optional.of(nextSendAt), NOW);
  }

  @Test
  void a_delivery_behind_the_head_waits_for_its_lane() {
    assertThat(unleased(Optional.empty(), 0, Health.healthy()))
        .isEqualTo(DeliveryPhase.WAITING_FOR_LANE);
  }

  @Test
  void the_health_of_the_webhook_comes_before_lanes_and_retries() {
    for (Optional<Instant> dueAt :
        List.of(Optional.<Instant>empty(), Optional.of(EARLIER), Optional.of(LATER))) {
      assertThat(unleased(dueAt, 1, PAUSED)).isEqualTo(DeliveryPhase.PAUSED);
      assertThat(unleased(dueAt, 1, DISABLED)).isEqualTo(DeliveryPhase.DISABLED);
    }
  }

  @Test
  void the_probe_of_a_paused_webhook_is_sent() {
    assertThat(leased(LATER, 3, PAUSED)).isEqualTo(DeliveryPhase.SENDING);
    assertThat(leased(LATER, 3, DISABLED)).isEqualTo(DeliveryPhase.SENDING);
    assertThat(leased(EARLIER, 3, PAUSED)).isEqualTo(DeliveryPhase.PAUSED);
  }

  @Test
  void a_failure_stands_for_several_deliveries_and_success_only_if_all_are_delivered() {
    assertThat(DeliveryPhase.mostUrgent(List.of())).isEmpty();
    assertThat(DeliveryPhase.mostUrgent(List.of(DeliveryPhase.DELIVERED, DeliveryPhase.DELIVERED)))
        .contains(DeliveryPhase.DELIVERED);
    assertThat(DeliveryPhase.mostUrgent(List.of(DeliveryPhase.DELIVERED, DeliveryPhase.CANCELED)))
        .contains(DeliveryPhase.CANCELED);
    assertThat(
            DeliveryPhase.mostUrgent(
                List.of(
                    DeliveryPhase.WAITING_FOR_LANE,
                    DeliveryPhase.RETRYING,
                    DeliveryPhase.DELIVERED)))
        .contains(DeliveryPhase.RETRYING);
    for (DeliveryPhase phase : DeliveryPhase.values()) {
      assertThat(DeliveryPhase.mostUrgent(List.of(phase, DeliveryPhase.FAILED)))
          .contains(DeliveryPhase.FAILED);
      assertThat(DeliveryPhase.mostUrgent(List.of(phase, DeliveryPhase.DELIVERED))).contains(phase);
    }
  }
}

package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Room;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Duration LEASE = Duration.ofSeconds(40);
  private static final Duration NOW = Duration.ZERO;

  private final Slots slots = new Slots(new SlotLimits(1024, 64, 1_000));
  private final Webhook webhook = proven("acme", 1);

  @Test
  void a_webhook_alone_gets_most_of_its_limit() {
    assertThat(takeAll(webhook)).isEqualTo(52);
    assertThat(takeAll(webhook("other", 1, Health.healthy()))).isBetween(32, 48);
  }

  @Test
  void an_account_leaves_half_of_the_slots_and_another_account_finds_one() {
    int taken = takeAll("acme", Health.proven());

    assertThat(taken).isBetween(400, 512);
    assertThat(takeAll(proven("other", 1))).isBetween(10, 20);
  }

  @Test
  void the_unproven_webhooks_of_an_account_leave_slots_to_proven_ones() {
    int unproven = takeAll("acme", Health.healthy());
    int proven = takeAll("acme", Health.proven());

    assertThat(unproven).isBetween(280, 342);
    assertThat(proven).isBetween(80, 200);
  }

  @Test
  void many_accounts_with_hanging_webhooks_leave_slots_to_another_one() {
    for (int account = 0; account < 10; account++) {
      takeAll("hanging-" + account, Health.healthy());
    }

    assertThat(takeAll("acme", Health.proven())).isGreaterThan(5);
  }

  @Test
  void a_large_payload_takes_several_slots() {
    boolean first = slots.tryTake(webhook, 40_000);
    boolean second = slots.tryTake(webhook, 40_000);
    boolean third = slots.tryTake(webhook, 1);
    slots.free(webhook, 40_000);

    assertThat(List.of(first, second, third)).containsExactly(true, true, false);
    assertThat(slots.tryTake(webhook, 1)).isTrue();
  }

  @Test
  void a_payload_that_needs_more_slots_than_there_are_is_sent_alone() {
    boolean taken = slots.tryTake(webhook, 10_000_000);

    assertThat(taken).isTrue();
    assertThat(slots.tryTake(proven("other", 1), 1)).isFalse();
  }

  @Test
  void a_claim_is_worthwhile_when_a_quarter_of_what_was_denied_is_free() {
    takeAll(webhook);
    int freed = 0;
    boolean isWorthwhile = false;
    while (!isWorthwhile) {
      isWorthwhile = slots.free(webhook, 1);
      freed++;
    }

    assertThat(freed).isEqualTo(16);
    assertThat(slots.free(webhook, 1)).isFalse();
  }

  @Test
  void a_freed_slot_of_a_webhook_that_was_denied_none_is_no_reason_to_claim() {
    slots.tryTake(webhook, 1);

    assertThat(slots.free(webhook, 1)).isFalse();
  }

  @Test
  void a_webhook_that_is_full_after_a_claim_may_have_more_in_the_store() {
    ClaimRequest claim = slots.beginClaim(LEASE);
    List<LeasedDelivery> claimed = Collections.nCopies(64, leased(webhook));
    slots.endClaim(claim, claimed);
    int freed = 1;
    while (!slots.free(webhook, 1)) {
      freed++;
    }

    assertThat(claim.room()).isEqualTo(Room.of(1024, 0, 0));
    assertThat(freed).isEqualTo(16);
  }

  @Test
  void a_claim_asks_for_half_of_the_free_slots_and_names_what_is_held() {
    slots.tryTake(webhook, 1);
    slots.tryTake(proven("acme", 2), 1);
    slots.tryTake(webhook("acme", 3, Health.healthy()), 1);

    ClaimRequest claim = slots.beginClaim(LEASE);

    assertThat(claim.slots()).isEqualTo(500);
    assertThat(claim.heldByWebhook()).containsEntry(webhook.id(), 1).hasSize(3);
    assertThat(claim.rooms())
        .containsExactly(Map.entry(new AccountId("acme"), Room.of(1021, 3, 1)));
  }

  @Test
  void slots_of_a_claim_are_not_given_to_others_while_it_runs() {
    Slots few = new Slots(new SlotLimits(2, 2, 1_000));
    ClaimRequest claim = few.beginClaim(LEASE);
    boolean second = few.tryTake(webhook, 1);
    boolean third = few.tryTake(proven("other", 2), 1);

    few.endClaim(claim, List.of());

    assertThat(claim.slots()).isEqualTo(1);
    assertThat(second).isTrue();
    assertThat(third).isFalse();
    assertThat(few.tryTake(proven("other", 2), 1)).isTrue();
  }

  @Test
  void the_next_delivery_may_use_the_slot_of_one_that_ended_unless_others_need_it() {
    takeAll(webhook);
    boolean alone = slots.mayContinue(leased(webhook));
    takeAll("acme", Health.proven());

    assertThat(alone).isTrue();
    assertThat(slots.mayContinue(leased(webhook))).isFalse();
  }

  @Test
  void closed_slots_are_given_to_nobody() throws InterruptedException {
    slots.tryTake(webhook, 1);
    slots.close();

    boolean taken = slots.tryTake(webhook, 1);
    boolean freeBefore = slots.awaitAllFree(NOW);
    slots.free(webhook, 1);

    assertThat(taken).isFalse();
    assertThat(slots.beginClaim(LEASE).slots()).isZero();
    assertThat(freeBefore).isFalse();
    assertThat(slots.awaitAllFree(NOW)).isTrue();
  }

  private int takeAll(Webhook of) {
    int taken = 0;
    while (slots.tryTake(of, 1)) {
      taken++;
    }
    return taken;
  }

  /// Takes what 200 webhooks of the account get if they take turns.
  private int takeAll(String account, Health health) {
    int taken = 0;
    int before;
    do {
      before = taken;
      for (int number = 1000; number < 1200; number++) {
        taken += slots.tryTake(webhook(account, number, health), 1) ? 1 : 0;
      }
    } while (taken > before);
    return taken;
  }

  private static Webhook proven(String account, int number) {
    return webhook(account, number, Health.proven());
  }

  private static Webhook webhook(String account, int number, Health health) {
    WebhookId id =
        new WebhookId(new UUID(account.hashCode(), health.isProven() ? number : -number));
    return new Webhook(
        id,
        new StackId(new AccountId(account), "demo"),
        WebhookSettings.of(Endpoint.ofStored("https://example.com/" + id)),
        1,
        SigningKeys.of(SigningSecret.parse("a secret")),
        health,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  /// A delivery with a payload of one byte.
  private static LeasedDelivery leased(Webhook of) {
    return new LeasedDelivery(
        new Lease(new DeliveryId(of.id().value()), 1, 0),
        of,
        new DeliveryContent(
            new EventId(of.id().value()),
            Event.Kind.PING,
            Optional.empty(),
            Payload.of(new byte[1]),
            Optional.empty(),
            Optional.empty()));
  }
}

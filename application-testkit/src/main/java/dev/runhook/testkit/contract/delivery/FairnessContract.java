package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.application.spi.delivery.Room;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for claims when more deliveries are due than there are slots.
@Contract
public interface FairnessContract {
  Transactor transactor();

  @Test
  default void a_claim_returns_the_deliveries_that_have_been_due_longest_up_to_its_slots() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    List<DeliveryId> due = deliverMany(fixture, fixture.addWebhook(), 5);

    List<LeasedDelivery> first = steps.claimAll(ClaimRequest.of(DispatchSteps.AN_HOUR, 2));
    List<LeasedDelivery> second = steps.claimAll(ClaimRequest.of(DispatchSteps.AN_HOUR, 2));
    List<LeasedDelivery> third = steps.claimAll(ClaimRequest.of(DispatchSteps.AN_HOUR, 2));

    assertThat(DispatchSteps.ids(first)).containsExactlyInAnyOrderElementsOf(due.subList(0, 2));
    assertThat(DispatchSteps.ids(second)).containsExactlyInAnyOrderElementsOf(due.subList(2, 4));
    assertThat(DispatchSteps.ids(third)).containsExactly(due.get(4));
  }

  @Test
  default void a_claim_without_slots_returns_nothing() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    deliverMany(fixture, fixture.addWebhook(), 1);

    List<LeasedDelivery> claimed = steps.claimAll(ClaimRequest.of(DispatchSteps.AN_HOUR, 0));

    assertThat(claimed).isEmpty();
    assertThat(steps.claim()).hasSize(1);
  }

  @Test
  default void a_claim_respects_the_limit_per_webhook_minus_the_held_slots() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook free = fixture.addWebhook();
    Webhook busy = fixture.addWebhook();
    Webhook full = fixture.addWebhook();
    Webhook quiet = fixture.addWebhook();
    List.of(free, busy, full).forEach(webhook -> deliverMany(fixture, webhook, 6));
    deliverMany(fixture, quiet, 1);

    List<LeasedDelivery> claimed =
        steps.claimAll(
            new ClaimRequest(
                DispatchSteps.AN_HOUR,
                100,
                new SlotLimits(1, 4, Long.MAX_VALUE),
                Room.of(1_000, 0, 0),
                Map.of(),
                Map.of(busy.id(), 3, full.id(), 4)));

    assertThat(claimed)
        .extracting(leased -> leased.webhook().id())
        .containsExactlyInAnyOrder(
            free.id(), free.id(), free.id(), free.id(), busy.id(), quiet.id());
  }

  @Test
  default void no_webhook_starves_if_there_are_few_slots() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook busy = fixture.addWebhook();
    deliverMany(fixture, busy, 12);
    List<WebhookId> quiet =
        IntStream.range(0, 3)
            .mapToObj(ignored -> fixture.addWebhook())
            .map(webhook -> {
              deliverMany(fixture, webhook, 1);
              return webhook.id();
            })
            .toList();

    List<LeasedDelivery> claimed =
        Stream.generate(() -> steps.claimAll(ClaimRequest.of(DispatchSteps.AN_HOUR, 2)))
            .limit(3)
            .flatMap(List::stream)
            .toList();

    assertThat(claimed).hasSize(6);
    assertThat(claimed).extracting(leased -> leased.webhook().id()).containsAll(quiet);
  }

  @Test
  default void unproven_webhooks_leave_slots_to_proven_ones() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook failing = fixture.addWebhook(Samples.failing(1));
    Webhook paused =
        fixture.addWebhook(
            new Health.Paused(fixture.now(), 10, fixture.now().minusSeconds(1), "a timeout"));
    Webhook added = fixture.addWebhook();
    Webhook proven = fixture.addWebhook(Health.proven());
    List.of(failing, paused, added, proven).forEach(webhook -> deliverMany(fixture, webhook, 3));

    List<LeasedDelivery> none = claim(steps, fixture, new Room(100, 0));
    List<LeasedDelivery> some = claim(steps, fixture, new Room(100, 4));
    List<LeasedDelivery> rest = claim(steps, fixture, new Room(100, 100));

    assertThat(none).hasSize(3);
    assertThat(none).extracting(LeasedDelivery::webhook).containsOnly(proven);
    assertThat(some).hasSize(2);
    assertThat(some).extracting(LeasedDelivery::webhook).doesNotContain(proven);
    assertThat(rest).hasSize(3 + 1 + 3 - 2);
  }

  @Test
  default void an_account_gets_what_its_room_allows_and_others_get_theirs() {
    ContractFixture fixture = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    for (int i = 0; i < 3; i++) {
      deliverMany(fixture, fixture.addWebhook(Health.proven()), 3);
      deliverMany(other, other.addWebhook(Health.proven()), 1);
    }

    List<LeasedDelivery> claimed = claim(steps, fixture, new Room(5, 5));

    assertThat(claimed)
        .extracting(leased -> leased.webhook().stack().account())
        .containsExactlyInAnyOrder(
            fixture.account(),
            fixture.account(),
            fixture.account(),
            other.account(),
            other.account(),
            other.account());
  }

  @Test
  default void a_webhook_leaves_room_for_others_of_its_account() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook busy = fixture.addWebhook(Health.proven());
    Webhook quiet = fixture.addWebhook(Health.proven());
    deliverMany(fixture, busy, 8);
    deliverMany(fixture, quiet, 1);

    List<LeasedDelivery> claimed =
        steps.claimAll(
            new ClaimRequest(
                DispatchSteps.AN_HOUR,
                100,
                new SlotLimits(64, 8, Long.MAX_VALUE),
                new Room(35, 35),
                Map.of(),
                Map.of()));

    assertThat(claimed)
        .extracting(LeasedDelivery::webhook)
        .containsExactlyInAnyOrder(busy, busy, quiet);
  }

  @Test
  default void a_large_payload_takes_several_slots() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = fixture.addWebhook();
    List<DeliveryId> due =
        Stream.of(10, 2_001, 10, 10).map(length -> addPing(fixture, webhook, length)).toList();
    ClaimRequest fourSlots =
        new ClaimRequest(
            DispatchSteps.AN_HOUR,
            4,
            new SlotLimits(1, 100, 1_000),
            Room.of(1_000, 0, 0),
            Map.of(),
            Map.of());

    List<LeasedDelivery> first = steps.claimAll(fourSlots);
    List<LeasedDelivery> rest = steps.claimAll(fourSlots);

    assertThat(DispatchSteps.ids(first)).containsExactlyElementsOf(due.subList(0, 2));
    assertThat(fourSlots.slotsOf(first)).isEqualTo(4);
    assertThat(DispatchSteps.ids(rest)).containsExactlyElementsOf(due.subList(2, 4));
    assertThat(first).extracting(LeasedDelivery::bytes).containsExactly(10L, 2_001L);
  }

  @Test
  default void a_payload_that_needs_more_slots_than_there_are_is_claimed_alone() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId large = addPing(fixture, webhook, 100_000);
    addPing(fixture, webhook, 10);

    List<LeasedDelivery> claimed =
        steps.claimAll(
            new ClaimRequest(
                DispatchSteps.AN_HOUR,
                2,
                new SlotLimits(2, 2, 1),
                Room.of(2, 0, 0),
                Map.of(),
                Map.of()));

    assertThat(DispatchSteps.ids(claimed)).containsExactly(large);
  }

  @Test
  default void concurrent_claims_never_return_the_same_delivery() throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    List<DeliveryId> due = deliverMany(fixture, fixture.addWebhook(), 30);
    due.addAll(deliverMany(fixture, fixture.addWebhook(), 30));
    Queue<DeliveryId> claimed = new ConcurrentLinkedQueue<>();

    Concurrently.run(
        4,
        () -> {
          for (int i = 0; i < 30; i++) {
            claimed.addAll(
                DispatchSteps.ids(steps.claimAll(ClaimRequest.of(DispatchSteps.AN_HOUR, 4))));
          }
        });

    assertThat(claimed).containsExactlyInAnyOrderElementsOf(due);
  }

  /// Claims with a room for the account of the fixture, and without limits for others.
  private static List<LeasedDelivery> claim(
      DispatchSteps steps, ContractFixture fixture, Room room) {
    ClaimRequest unlimited = ClaimRequest.of(DispatchSteps.AN_HOUR, 100);
    Map<AccountId, Room> rooms = Map.of(fixture.account(), room);
    return steps.claimAll(
        new ClaimRequest(
            DispatchSteps.AN_HOUR, 100, unlimited.limits(), unlimited.room(), rooms, Map.of()));
  }

  private static List<DeliveryId> deliverMany(ContractFixture fixture, Webhook webhook, int count) {
    return new ArrayList<>(
        IntStream.range(0, count)
            .mapToObj(ignored -> fixture.addDelivery(webhook, fixture.addRun()))
            .toList());
  }

  private static DeliveryId addPing(ContractFixture fixture, Webhook webhook, int payloadLength) {
    return fixture.inTransaction(unit -> {
      NewDelivery ping = fixture.newPing(unit, webhook, Payload.of("x".repeat(payloadLength)));
      unit.append(JournalEntries.ofDeliveries(List.of(ping)), Duration.ZERO);
      return ping.id();
    });
  }
}

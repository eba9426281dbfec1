package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for webhooks with a limited rate. What they may not be sent yet waits in the store.
/// All tests share a store, so each deletes its webhook.
@Contract
public interface RatesContract {
  Transactor transactor();

  @Test
  default void a_webhook_gets_no_more_than_its_rate_allows() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook slow = fixture.addWebhook(oncePerMinute());
    List<DeliveryId> due = add(fixture, slow, 3);

    List<DeliveryId> first = steps.claimIds();
    List<DeliveryId> second = steps.claimIds();
    delete(fixture, slow);

    assertThat(first).containsExactly(due.getFirst());
    assertThat(second).isEmpty();
  }

  @Test
  default void the_limit_of_one_webhook_does_not_delay_another() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook slow = fixture.addWebhook(oncePerMinute());
    add(fixture, slow, 3);
    steps.claim();
    List<DeliveryId> others = add(fixture, fixture.addWebhook(), 3);
    List<DeliveryId> claimed = steps.claimIds();
    delete(fixture, slow);

    assertThat(claimed).containsExactlyInAnyOrderElementsOf(others);
  }

  @Test
  default void a_claim_takes_what_a_high_rate_allows_in_a_tenth_of_a_second() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook fast =
        fixture.addWebhook(DeliverySettings.defaults().withRate(Optional.of(50), Optional.empty()));
    List<DeliveryId> due = add(fixture, fast, 8);
    List<DeliveryId> claimed = steps.claimIds();
    delete(fixture, fast);

    assertThat(claimed).containsExactlyInAnyOrderElementsOf(due.subList(0, 5));
  }

  @Test
  default void what_waits_for_the_rate_says_so_and_wakes_the_poll() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook slow = fixture.addWebhook(oncePerMinute());
    List<DeliveryId> due = add(fixture, slow, 2);
    DeliveryPhase before = phase(steps, due.getLast());
    steps.claim();

    Optional<Duration> wait = fixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    DeliveryPhase after = phase(steps, due.getLast());
    delete(fixture, slow);

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1));
    assertThat(before).isEqualTo(DeliveryPhase.DUE);
    assertThat(after).isEqualTo(DeliveryPhase.RATE_LIMITED);
  }

  @Test
  default void a_removed_limit_ends_the_wait() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook(oncePerMinute());
    List<DeliveryId> due = add(fixture, webhook, 3);
    steps.claim();

    transactor()
        .run(unit -> {
          Webhook locked =
              unit.webhooks().findForUpdate(webhook.stack(), webhook.id()).orElseThrow();
          unit.webhooks().save(unlimited(locked));
        });

    assertThat(phase(steps, due.getLast())).isEqualTo(DeliveryPhase.DUE);
    assertThat(steps.claimIds()).containsExactlyInAnyOrderElementsOf(due.subList(1, 3));
  }

  @Test
  default void the_next_delivery_of_a_lane_waits_as_well() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook(oncePerMinute());
    var run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    fixture.addDelivery(webhook, run);

    steps.deliver(steps.claim().getFirst());
    List<LeasedDelivery> next = steps.claim();
    delete(fixture, webhook);

    assertThat(next).isEmpty();
  }

  @Test
  default void a_probe_counts() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook(oncePerMinute());
    add(fixture, webhook, 3);
    fixture.saveHealth(
        webhook, new Health.Paused(fixture.now(), 10, fixture.now().minusSeconds(1), "a timeout"));

    LeasedDelivery probe = steps.claim().getFirst();
    steps.deliver(probe);
    fixture.saveHealth(webhook, Health.healthy());
    List<LeasedDelivery> next = steps.claim();
    delete(fixture, webhook);

    assertThat(next).isEmpty();
  }

  @Test
  default void concurrent_claims_share_the_rate() throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook slow = fixture.addWebhook(oncePerMinute());
    add(fixture, slow, 20);
    Queue<LeasedDelivery> claimed = new ConcurrentLinkedQueue<>();

    Concurrently.run(4, () -> claimed.addAll(steps.claim()));
    delete(fixture, slow);

    assertThat(claimed).hasSize(1);
  }

  private static void delete(ContractFixture fixture, Webhook webhook) {
    fixture.<Boolean>inTransaction(unit -> unit.webhooks().delete(webhook.stack(), webhook.id()));
  }

  private static DeliverySettings oncePerMinute() {
    return DeliverySettings.defaults().withRate(Optional.empty(), Optional.of(1));
  }

  private static Webhook unlimited(Webhook webhook) {
    WebhookSettings settings = webhook.settings();
    return webhook.edited(
        new WebhookSettings(
            settings.endpoint(),
            settings.name(),
            settings.subscription(),
            settings.headers(),
            DeliverySettings.defaults()),
        webhook.updatedAt());
  }

  private static List<DeliveryId> add(ContractFixture fixture, Webhook webhook, int count) {
    return IntStream.range(0, count)
        .mapToObj(ignored -> fixture.addDelivery(webhook, fixture.addRun()))
        .toList();
  }

  private static DeliveryPhase phase(DispatchSteps steps, DeliveryId delivery) {
    return steps.details(delivery).delivery().phase();
  }
}

package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for claims when more deliveries are due than the limits allow.
@Contract
public interface FairnessContract {
  Transactor transactor();

  @Test
  default void a_claim_returns_the_deliveries_that_have_been_due_longest_up_to_its_limit() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    List<DeliveryId> due = deliverMany(fixture, fixture.addWebhook(), 5);

    List<LeasedDelivery> first =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 2, 2, 10, Map.of()));
    List<LeasedDelivery> second =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 2, 2, 10, Map.of()));
    List<LeasedDelivery> third =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 2, 2, 10, Map.of()));

    assertThat(DispatchSteps.ids(first)).containsExactlyInAnyOrderElementsOf(due.subList(0, 2));
    assertThat(DispatchSteps.ids(second)).containsExactlyInAnyOrderElementsOf(due.subList(2, 4));
    assertThat(DispatchSteps.ids(third)).containsExactly(due.get(4));
  }

  @Test
  default void a_claim_with_limit_zero_returns_nothing() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    deliverMany(fixture, fixture.addWebhook(), 1);

    List<LeasedDelivery> claimed =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 0, 0, 10, Map.of()));

    assertThat(claimed).isEmpty();
    assertThat(steps.claim()).hasSize(1);
  }

  @Test
  default void a_claim_respects_the_limit_per_webhook_minus_the_held_deliveries() {
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
                DispatchSteps.AN_HOUR, 100, 100, 4, Map.of(busy.id(), 3, full.id(), 4)));

    assertThat(claimed)
        .extracting(leased -> leased.webhook().id())
        .containsExactlyInAnyOrder(
            free.id(), free.id(), free.id(), free.id(), busy.id(), quiet.id());
  }

  @Test
  default void no_webhook_starves_under_a_small_limit() {
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
        Stream.generate(
                () -> steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 2, 2, 10, Map.of())))
            .limit(3)
            .flatMap(List::stream)
            .toList();

    assertThat(claimed).hasSize(6);
    assertThat(claimed).extracting(leased -> leased.webhook().id()).containsAll(quiet);
  }

  @Test
  default void a_claim_respects_the_limit_for_failing_webhooks() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook failing = fixture.addWebhook(new Health.Active(2));
    Webhook paused =
        fixture.addWebhook(
            new Health.Paused(fixture.now(), 10, fixture.now().minusSeconds(1), "a timeout"));
    Webhook failedOnce = fixture.addWebhook(new Health.Active(1));
    Webhook healthy = fixture.addWebhook();
    List.of(failing, paused, failedOnce, healthy)
        .forEach(webhook -> deliverMany(fixture, webhook, 4));

    List<LeasedDelivery> none =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 3, 0, 10, Map.of()));
    List<LeasedDelivery> some =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 100, 2, 10, Map.of()));
    List<LeasedDelivery> rest =
        steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 100, 100, 10, Map.of()));

    assertThat(none).hasSize(3);
    assertThat(none).extracting(LeasedDelivery::webhook).containsOnly(failedOnce, healthy);
    assertThat(countFailing(some)).isEqualTo(2);
    assertThat(some).hasSize(2 + 5);
    assertThat(countFailing(rest)).isEqualTo(3);
    assertThat(rest).hasSize(3);
  }

  private static long countFailing(List<LeasedDelivery> deliveries) {
    return deliveries.stream().filter(leased -> leased.webhook().health().isFailing()).count();
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
                DispatchSteps.ids(
                    steps.claimAll(new ClaimRequest(DispatchSteps.AN_HOUR, 4, 4, 100, Map.of()))));
          }
        });

    assertThat(claimed).containsExactlyInAnyOrderElementsOf(due);
  }

  private static List<DeliveryId> deliverMany(ContractFixture fixture, Webhook webhook, int count) {
    return new ArrayList<>(
        IntStream.range(0, count)
            .mapToObj(ignored -> fixture.addDelivery(webhook, fixture.addRun()))
            .toList());
  }
}

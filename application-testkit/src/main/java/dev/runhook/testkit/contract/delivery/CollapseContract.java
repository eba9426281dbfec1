package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for webhooks that get only the newest state of a run after their receiver could not
/// be reached.
@Contract
public interface CollapseContract {
  Transactor transactor();

  @Test
  default void a_failed_delivery_is_replaced_by_the_newest_of_its_run() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = collapsing(fixture);
    List<DeliveryId> run = add(fixture, webhook, fixture.addRun(), 3);
    DeliveryId otherRun = fixture.addDelivery(webhook, fixture.addRun());
    steps.claim().forEach(leased -> steps.retry(leased, Duration.ZERO));

    steps.deliverAllDue();
    steps.deliverAllDue();

    assertThat(statuses(steps, run))
        .containsExactly(Status.CANCELED, Status.CANCELED, Status.DELIVERED);
    assertThat(statuses(steps, List.of(otherRun))).containsExactly(Status.DELIVERED);
    assertThat(steps.details(run.getFirst()).cancellation().flatMap(Cancellation::by)).isEmpty();
    assertThat(steps.details(run.getFirst()).attempts()).hasSize(1);
  }

  @Test
  default void a_receiver_that_is_reached_gets_each_state() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    List<DeliveryId> run = add(fixture, collapsing(fixture), fixture.addRun(), 3);

    steps.deliverAllDue();

    assertThat(statuses(steps, run)).containsOnly(Status.DELIVERED);
  }

  @Test
  default void what_waited_for_a_successful_retry_is_replaced() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = collapsing(fixture);
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    var retry = steps.claim().getFirst();
    List<DeliveryId> later = add(fixture, webhook, run, 3);

    steps.deliver(retry);
    steps.deliverAllDue();

    assertThat(statuses(steps, List.of(first))).containsExactly(Status.DELIVERED);
    assertThat(statuses(steps, later))
        .containsExactly(Status.CANCELED, Status.CANCELED, Status.DELIVERED);
  }

  @Test
  default void what_waited_for_a_paused_webhook_is_replaced() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = collapsing(fixture);
    fixture.saveHealth(
        webhook, new Health.Paused(fixture.now(), 10, fixture.now().plusSeconds(600), "a timeout"));
    List<DeliveryId> run = add(fixture, webhook, fixture.addRun(), 2);
    fixture.saveHealth(webhook, Health.healthy());

    steps.deliverAllDue();
    steps.deliverAllDue();

    assertThat(statuses(steps, run)).containsExactly(Status.CANCELED, Status.DELIVERED);
  }

  @Test
  default void a_permanent_failure_is_followed_by_the_newest() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    List<DeliveryId> run = add(fixture, collapsing(fixture), fixture.addRun(), 3);

    steps.exhaust(steps.claim().getFirst());
    steps.deliverAllDue();

    assertThat(statuses(steps, run))
        .containsExactly(Status.FAILED, Status.CANCELED, Status.DELIVERED);
  }

  @Test
  default void other_webhooks_get_each_state_after_a_failure() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    List<DeliveryId> run = add(fixture, fixture.addWebhook(), fixture.addRun(), 3);
    steps.retry(steps.claim().getFirst(), Duration.ZERO);

    steps.deliverAllDue();

    assertThat(statuses(steps, run)).containsOnly(Status.DELIVERED);
  }

  private static Webhook collapsing(ContractFixture fixture) {
    return fixture.addWebhook(DeliverySettings.defaults().withCollapse(true));
  }

  private static List<DeliveryId> add(
      ContractFixture fixture, Webhook webhook, RunId run, int count) {
    return IntStream.range(0, count)
        .mapToObj(ignored -> fixture.addDelivery(webhook, run))
        .toList();
  }

  private static List<Status> statuses(DispatchSteps steps, List<DeliveryId> deliveries) {
    return deliveries.stream().map(id -> steps.details(id).delivery().status()).toList();
  }
}

package dev.runhook.testkit.contract.webhook;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.WebhookActivity.FirstAttempts;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookCopy;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Requirements for what statistics show of webhooks.
@Contract
public interface WebhookStatsContract {
  Transactor transactor();

  @Test
  default void the_activity_of_a_webhook_has_the_first_attempts_of_its_newest_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ofHours(1));
    FirstAttempts failing = firstAttempts(fixture, webhook);
    for (int i = 0; i < FirstAttempts.MAX - 2; i++) {
      fixture.addDelivery(webhook, fixture.addRun());
    }
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());

    assertThat(failing).isEqualTo(new FirstAttempts(3, 3));
    assertThat(firstAttempts(fixture, webhook)).isEqualTo(new FirstAttempts(FirstAttempts.MAX, 2));
    assertThat(firstAttempts(fixture, fixture.addWebhook())).isEqualTo(new FirstAttempts(0, 0));
  }

  private static FirstAttempts firstAttempts(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit ->
        requireNonNull(unit.statsQueries().activity(List.of(webhook.id())).get(webhook.id()))
            .firstAttempts());
  }

  @Test
  default void a_copy_that_is_not_selected_is_counted_in_its_stack_while_deliveries_wait() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook source =
        Webhook.create(
            fixture.newWebhookId(),
            SelectorOwner.of(fixture.account(), StackSelector.all()),
            WebhookSettings.of(fixture.newEndpoint()),
            SigningKeys.of(Samples.secret()),
            fixture.now());
    Webhook excluded =
        WebhookCopy.create(source, fixture.stackId(), fixture.newWebhookId(), fixture.now())
            .withSelected(false);
    fixture.inTransaction(unit -> {
      unit.accountWebhooks().put(source);
      return unit.webhooks().add(excluded);
    });
    fixture.addDelivery(excluded, fixture.addRun());

    int countedWhileWaiting = countWebhooks(fixture);
    DispatchSteps.on(fixture).deliverAllDue();

    assertThat(countedWhileWaiting).isEqualTo(1);
    assertThat(countWebhooks(fixture)).isZero();
  }

  private static int countWebhooks(ContractFixture fixture) {
    return fixture
        .inTransaction(unit ->
            unit.statsQueries()
                .stacks(
                    fixture.account(),
                    new StackScope.All(),
                    StackFilter.all(),
                    PageRequest.first()))
        .items()
        .stream()
        .mapToInt(stack -> stack.webhooks().total())
        .sum();
  }
}

package dev.runhook.testkit.contract.webhook;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.stats.Stats;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.assessment.HealthSummary;
import dev.runhook.domain.assessment.Trend;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.assessment.WebhookActivity.FirstAttempts;
import dev.runhook.domain.assessment.WebhookActivity.RecentDeliveries;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookCopy;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return activity(fixture, webhook).firstAttempts();
  }

  private static WebhookActivity activity(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit ->
        requireNonNull(unit.statsQueries().activity(List.of(webhook.id())).get(webhook.id())));
  }

  @Test
  default void the_activity_of_a_webhook_has_its_oldest_open_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    RunId run = fixture.addRun();
    DeliveryId oldest = fixture.addDelivery(webhook, run);
    LeasedDelivery leased = steps.claim().getFirst();
    DeliveryId next = fixture.addDelivery(webhook, run, RunState.INITIALIZING);
    fixture.addDelivery(webhook, fixture.addRun());

    assertThat(activity(fixture, webhook).oldestPending()).contains(oldest.createdAt());
    steps.deliver(leased);
    assertThat(activity(fixture, webhook).oldestPending()).contains(next.createdAt());
    steps.deliverAllDue();
    steps.deliverAllDue();
    assertThat(activity(fixture, webhook).oldestPending()).isEmpty();
  }

  @Test
  default void an_account_is_stalled_while_deliveries_are_due_and_none_is_leased() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook paused = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(paused, fixture.addRun());
    fixture.saveHealth(paused, new Health.Paused(fixture.now(), 3, fixture.now(), "a timeout"));
    Optional<Instant> whilePaused = stalledSince(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    Optional<Instant> whileDue = stalledSince(fixture);
    Optional<Instant> ofOther = stalledSince(ContractFixture.on(transactor()));
    List<LeasedDelivery> leased = steps.claim();
    Optional<Instant> whileLeased = stalledSince(fixture);

    assertThat(leased).isNotEmpty();
    assertThat(whilePaused).isEmpty();
    assertThat(whileDue).isPresent();
    assertThat(ofOther).isEmpty();
    assertThat(whileLeased).isEmpty();
  }

  @Test
  default void an_account_is_not_stalled_by_what_waits_for_the_rate_of_its_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook slow =
        fixture.addWebhook(DeliverySettings.defaults().withRate(Optional.empty(), Optional.of(1)));
    fixture.addDelivery(slow, fixture.addRun());
    fixture.addDelivery(slow, fixture.addRun());
    Optional<Instant> whileDue = stalledSince(fixture);
    List<LeasedDelivery> sent = steps.claim();
    steps.deliver(sent.getFirst());
    Optional<Instant> whileLimited = stalledSince(fixture);
    fixture.<Boolean>inTransaction(unit -> unit.webhooks().delete(slow.stack(), slow.id()));

    assertThat(sent).hasSize(1);
    assertThat(whileDue).isPresent();
    assertThat(whileLimited).isEmpty();
  }

  private static Optional<Instant> stalledSince(ContractFixture fixture) {
    return fixture.inTransaction(unit -> unit.statsQueries().stalledSince(fixture.account()));
  }

  @Test
  default void the_activity_of_a_webhook_counts_open_deliveries_that_failed_repeatedly() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    int afterOne = activity(fixture, webhook).repeatedlyFailed();
    steps.retry(steps.claim().getFirst(), Duration.ofHours(1));

    assertThat(afterOne).isZero();
    assertThat(activity(fixture, webhook).repeatedlyFailed()).isEqualTo(1);
  }

  @Test
  default void the_activity_of_a_webhook_has_its_newest_finished_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    RecentDeliveries before = activity(fixture, webhook).recent();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());
    RecentDeliveries recent = activity(fixture, webhook).recent();

    assertThat(before).isEqualTo(new RecentDeliveries(0, 0, 0, Optional.empty(), Optional.empty()));
    assertThat(List.of(recent.total(), recent.delivered(), recent.deliveredAtFirst()))
        .containsExactly(3, 2, 1);
    assertThat(recent.p99().orElseThrow())
        .isGreaterThanOrEqualTo(recent.median().orElseThrow())
        .isLessThan(Duration.ofMinutes(10));
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

  private int countWebhooks(ContractFixture fixture) {
    return requireNonNull(
            new Stats(transactor()).health(List.of(fixture.stackId())).get(fixture.stackId()))
        .webhooks();
  }

  @Test
  default void the_trend_of_a_webhook_counts_what_was_delivered_and_what_failed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());
    fixture.addDelivery(webhook, fixture.addRun());

    Trend trend = activity(fixture, webhook).trend();

    assertThat(trend.delivered().stream().mapToInt(count -> count).sum()).isEqualTo(2);
    assertThat(trend.failed().stream().mapToInt(count -> count).sum()).isEqualTo(1);
    assertThat(trend.from()).isBeforeOrEqualTo(fixture.now().minus(Duration.ofHours(23)));
    assertThat(activity(fixture, other).trend()).isEqualTo(Trend.none(fixture.now()));
  }

  @Test
  default void the_health_of_an_account_adds_up_that_of_its_webhooks() {
    ContractFixture fixture = ContractFixture.on(transactor());
    fixture.addWebhook();
    fixture.saveHealth(fixture.addWebhook(), Samples.failing(3));
    fixture.saveHealth(
        fixture.addWebhook(), new Health.Paused(fixture.now(), 3, fixture.now(), "a timeout"));
    Webhook waiting = fixture.addWebhook();
    fixture.addDelivery(waiting, fixture.addRun());
    Stats stats = new Stats(transactor());

    HealthSummary health = stats.health(fixture.account(), new StackScope.All()).health();

    assertThat(health.worst().verdict()).isEqualTo(Verdict.FAILING);
    assertThat(health.verdicts())
        .isEqualTo(Map.of(Verdict.FAILING, 1, Verdict.PAUSED, 1, Verdict.IDLE, 2));
    assertThat(health.needingAttention()).isEqualTo(2);
    assertThat(health.pendingDeliveries()).isEqualTo(1);
    assertThat(health.oldestPending()).isPresent();
    assertThat(stats.health(List.of(fixture.stackId())))
        .isEqualTo(Map.of(fixture.stackId(), health));
    assertThat(stats.health(fixture.account(), StackScope.of("none")).health().webhooks()).isZero();
    // of all accounts, including those of other tests
    assertThat(stats.countVerdicts(List.of(transactor())))
        .hasEntrySatisfying(Verdict.PAUSED, count -> assertThat(count).isPositive())
        .hasEntrySatisfying(Verdict.FAILING, count -> assertThat(count).isPositive());
  }
}

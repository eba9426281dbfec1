package dev.runhook.testkit.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.application.query.LaneSummary;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.SkipCount;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.query.StackSummary.LatestRun;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import dev.runhook.testkit.contract.fixture.Redeliveries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for statistics.
@Contract
public interface StatsQueriesContract {
  Transactor transactor();

  @Test
  default void a_stack_summary_has_the_latest_run() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook healthy = fixture.addWebhook();
    fixture.addRun();
    RunId latest = fixture.addRun();
    fixture.addDelivery(healthy, latest, RunState.PLANNING);

    StackSummary summary = only(fixture, new All(), "");

    assertThat(summary.stack()).isEqualTo(fixture.stack());
    assertThat(summary.latestRun())
        .hasValueSatisfying(run -> {
          assertThat(run.name()).isEqualTo(latest.name());
          assertThat(run.state()).isEqualTo(RunState.PLANNING);
          assertThat(run.version()).isEqualTo(2);
        });
  }

  @Test
  default void the_latest_run_is_the_one_that_was_created_last() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId latest = fixture.addRun();
    fixture.addRun(fixture.now().minusSeconds(60));

    StackSummary summary = only(fixture, new All(), "");

    assertThat(summary.latestRun().map(LatestRun::name)).contains(latest.name());
  }

  @Test
  default void webhooks_are_found_by_their_id_and_by_part_of_their_endpoint() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook older = fixture.addWebhook();
    Webhook newer = fixture.addWebhook();
    String path = older.settings().endpoint().text().substring(10);

    assertThat(found(fixture, new All(), path.toUpperCase(Locale.ROOT))).contains(older.id());
    assertThat(found(fixture, new All(), "HTTP")).containsExactly(newer.id(), older.id());
    assertThat(found(fixture, new All(), older.id().toString())).containsExactly(older.id());
    assertThat(found(fixture, new All(), older.id().toString().substring(1))).isEmpty();
    assertThat(found(fixture, new All(), "%")).isEmpty();
    assertThat(found(fixture, new Only(Set.of("other")), "http")).isEmpty();
    fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), older.id()));
    assertThat(found(fixture, new All(), "http")).containsExactly(newer.id());
  }

  private static List<WebhookId> found(ContractFixture fixture, StackScope scope, String text) {
    return fixture.inTransaction(
        unit -> unit.statsQueries().findWebhooks(fixture.account(), scope, text, 10));
  }

  @Test
  default void skips_are_counted_for_one_webhook_and_one_reason() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook receiver = fixture.addWebhook();
    Webhook skipped = fixture.addWebhook();
    for (Code reason :
        List.of(Code.SKIPPED_NO_CHANGES, Code.SKIPPED_NO_CHANGES, Code.SKIPPED_SELECTOR)) {
      EventId event =
          fixture.inTransaction(
              unit -> fixture.recordTransition(unit, receiver, fixture.addRun()).content().event());
      SkippedDelivery skip = new SkippedDelivery(event, skipped.id(), reason.with());
      transactor().run(unit -> unit.append(JournalEntries.ofSkipped(List.of(skip)), Duration.ZERO));
    }

    SkipCount count =
        fixture.inTransaction(
            unit -> unit.statsQueries().countSkips(skipped.id(), Code.SKIPPED_NO_CHANGES));

    assertThat(count.count()).isEqualTo(2);
    assertThat(count.since()).isBefore(fixture.now().minus(Duration.ofDays(6)));
    assertThat(
            fixture.<SkipCount>inTransaction(
                unit -> unit.statsQueries().countSkips(receiver.id(), Code.SKIPPED_NO_CHANGES)))
        .extracting(SkipCount::count)
        .isEqualTo(0);
  }

  @Test
  default void an_empty_stack_has_a_summary() {
    ContractFixture fixture = ContractFixture.on(transactor());

    StackSummary summary = only(fixture, new All(), "");

    assertThat(summary).isEqualTo(new StackSummary(fixture.stack(), Optional.empty(), 0));
  }

  @Test
  default void a_stack_search_matches_part_of_the_slug_or_name_within_the_stack_scope() {
    ContractFixture fixture = ContractFixture.on(transactor());
    fixture.addStack("Net-eu");
    fixture.addStack("net-us");
    fixture.addStack("dns");

    assertThat(slugs(fixture, new All(), "NET")).containsExactly("Net-eu", "net-us");
    assertThat(slugs(fixture, new All(), "Dem")).containsExactly("demo");
    assertThat(slugs(fixture, new All(), "%")).isEmpty();
    assertThat(slugs(fixture, new Only(Set.of("net-us", "dns")), "net")).containsExactly("net-us");
    assertThat(slugs(fixture, new Only(Set.of("net-us", "dns")), ""))
        .containsExactly("dns", "net-us");
  }

  @Test
  default void a_stack_search_matches_part_of_the_description_the_repository_or_a_label() {
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId id = new StackId(fixture.account(), "described");
    Optional<String> repository = Optional.of("acme/Infra");
    fixture.save(new Stack(id, "X", "VPCs", List.of("env:prod"), Optional.empty(), repository));

    assertThat(slugs(fixture, new All(), "vpc")).containsExactly("described");
    assertThat(slugs(fixture, new All(), "infra")).containsExactly("described");
    assertThat(slugs(fixture, new All(), "NV:PRO")).containsExactly("described");
    assertThat(slugs(fixture, new All(), "VPCs env")).isEmpty();
  }

  @Test
  default void stacks_are_filtered_by_all_labels_exactly() {
    ContractFixture fixture = ContractFixture.on(transactor());
    fixture.addStack("both", "env:prod", "team:net");
    fixture.addStack("one", "team:net");
    fixture.addStack("similar", "env:production", "Team:net");
    PageRequest all = PageRequest.first();

    assertThat(slugs(stacks(fixture, new All(), StackFilter.all().withLabels("team:net"), all)))
        .containsExactly("both", "one");
    assertThat(
            slugs(
                stacks(
                    fixture, new All(), StackFilter.all().withLabels("team:net", "env:prod"), all)))
        .containsExactly("both");
    assertThat(
            slugs(
                stacks(
                    fixture,
                    new All(),
                    StackFilter.all().withLabels("team:net").withSearch("one"),
                    all)))
        .containsExactly("one");
    assertThat(
            slugs(
                stacks(
                    fixture,
                    new Only(Set.of("one")),
                    StackFilter.all().withLabels("team:net", "env:prod"),
                    all)))
        .isEmpty();
  }

  @Test
  default void stack_summaries_are_paged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    List.of("a", "b", "c").forEach(fixture::addStack);
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<StackSummary> first = stacks(fixture, new All(), "", two);
    Page<StackSummary> second =
        stacks(fixture, new All(), "", two.withAfter(first.next().orElseThrow()));

    assertThat(first.items())
        .extracting(summary -> summary.stack().id().slug())
        .containsExactly("a", "b");
    assertThat(second.items())
        .extracting(summary -> summary.stack().id().slug())
        .containsExactly("c", "demo");
    assertThat(second.next()).isEmpty();
  }

  @Test
  default void the_activity_of_a_webhook_has_its_last_results_and_its_open_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook idle = fixture.addWebhook();
    fixture.addDelivery(webhook, fixture.addRun());
    DispatchSteps.on(fixture).deliverAllDue();
    Instant delivered = fixture.now();
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.saveHealth(webhook, Samples.failing(1));
    Instant failed = fixture.now();
    fixture.saveHealth(webhook, Health.healthy());
    List<WebhookId> ids = List.of(webhook.id(), idle.id(), fixture.newWebhookId());

    Map<WebhookId, WebhookActivity> found =
        fixture.inTransaction(unit -> unit.statsQueries().activity(ids));

    assertThat(found).containsOnlyKeys(webhook.id(), idle.id());
    WebhookActivity activity = requireNonNull(found.get(webhook.id()));
    assertThat(found).containsEntry(idle.id(), WebhookActivity.none(activity.at()));
    assertThat(activity.pendingDeliveries()).isEqualTo(2);
    assertThat(activity.lastSuccess().orElseThrow()).isBefore(delivered.plusMillis(1));
    assertThat(activity.lastFailure().orElseThrow()).isBetween(delivered, failed.plusMillis(1));
  }

  @Test
  default void the_last_success_is_found_behind_many_failures() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    IntStream.range(0, 30).forEach(ignored -> fixture.addDelivery(webhook, fixture.addRun()));
    for (List<LeasedDelivery> due = steps.claim(); !due.isEmpty(); due = steps.claim()) {
      due.forEach(steps::exhaust);
    }

    Map<WebhookId, WebhookActivity> found =
        fixture.inTransaction(unit -> unit.statsQueries().activity(List.of(webhook.id())));

    WebhookActivity activity = requireNonNull(found.get(webhook.id()));
    assertThat(activity.lastSuccess()).isPresent();
    assertThat(activity.pendingDeliveries()).isZero();
  }

  @Test
  default void recent_failures_are_counted_by_webhook_and_by_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(other, fixture.addRun());
    steps.claim().forEach(steps::exhaust);
    fixture.addDelivery(webhook, fixture.addRun());

    Map<WebhookId, WebhookActivity> found =
        fixture.inTransaction(
            unit -> unit.statsQueries().activity(List.of(webhook.id(), other.id())));

    assertThat(requireNonNull(found.get(webhook.id())).failedDeliveries()).isEqualTo(2);
    assertThat(requireNonNull(found.get(other.id())).failedDeliveries()).isEqualTo(1);
    assertThat(only(fixture, new All(), "").failedDeliveries()).isEqualTo(3);
  }

  @Test
  default void delivery_stats_count_only_deliveries_of_the_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    for (int i = 0; i < 3; i++) {
      fixture.addDelivery(webhook, fixture.addRun());
    }
    fixture.addDelivery(other, fixture.addRun());
    List<LeasedDelivery> deliveries =
        steps.claim().stream().filter(it -> it.webhook().id().equals(webhook.id())).toList();
    steps.deliver(deliveries.get(0));
    steps.exhaust(deliveries.get(1));

    DeliveryStats deliveryStats =
        fixture.inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhook.id(), DeliveryStats.Window.HOUR, 10));

    assertThat(deliveryStats.intervalLength()).isEqualTo(Duration.ofMinutes(1));
    assertThat(deliveryStats.truncated()).isFalse();
    assertThat(deliveryStats.intervals()).hasSize(60);
    assertThat(sum(deliveryStats, StatsInterval::delivered)).isEqualTo(1);
    assertThat(sum(deliveryStats, StatsInterval::failed)).isEqualTo(1);
    assertThat(sum(deliveryStats, StatsInterval::pending)).isEqualTo(1);
    assertThat(deliveryStats.intervals())
        .filteredOn(statsInterval -> statsInterval.delivered() > 0)
        .allSatisfy(interval -> {
          assertThat(interval.median())
              .hasValueSatisfying(it -> assertThat(it).isLessThan(deliveryStats.intervalLength()));
          assertThat(interval.p99()).isEqualTo(interval.median());
        });
    assertThat(deliveryStats.intervals())
        .filteredOn(interval -> interval.delivered() == 0)
        .allSatisfy(interval -> assertThat(interval.median()).isEmpty());
  }

  @Test
  default void delivery_stats_count_what_needed_several_attempts() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    steps.deliverAllDue();

    DeliveryStats deliveryStats =
        fixture.inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhook.id(), DeliveryStats.Window.HOUR, 10));

    assertThat(sum(deliveryStats, StatsInterval::delivered)).isEqualTo(2);
    assertThat(sum(deliveryStats, StatsInterval::retried)).isEqualTo(1);
  }

  @Test
  default void delivery_stats_are_truncated_at_the_limit_per_interval() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    for (int i = 0; i < 4; i++) {
      fixture.addDelivery(webhook, fixture.addRun());
    }

    DeliveryStats deliveryStats =
        fixture.inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhook.id(), DeliveryStats.Window.DAY, 1));

    assertThat(deliveryStats.truncated()).isTrue();
    assertThat(deliveryStats.intervals()).hasSize(96);
    assertThat(deliveryStats.intervals())
        .extracting(StatsInterval::pending)
        .contains(1)
        .containsOnly(0, 1);
  }

  @Test
  default void deliveries_of_an_account_are_counted_by_time() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    DispatchSteps steps = DispatchSteps.on(fixture);
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run, RunState.PLANNING);
    fixture.addDelivery(webhook, run, RunState.FINISHED);
    fixture.addDelivery(other, fixture.addRun());
    fixture.addDelivery(other, fixture.addRun());
    steps.deliver(claimed(steps, webhook));
    fixture.addDelivery(other, fixture.addRun());
    steps.exhaust(claimed(steps, other));

    DeliveryStats all = counted(fixture, new All(), Optional.empty(), 100);
    DeliveryStats ofOne = counted(fixture, new All(), Optional.of(webhook.id()), 100);
    DeliveryStats ofNone = counted(fixture, new Only(Set.of("other")), Optional.empty(), 100);

    assertThat(all.intervals()).hasSize(60);
    assertThat(all.truncated()).isFalse();
    assertThat(counts(all)).containsExactly(1, 1, 3);
    assertThat(all.intervals()).allSatisfy(interval -> assertThat(interval.median()).isEmpty());
    assertThat(counts(ofOne)).containsExactly(1, 0, 1);
    assertThat(counts(ofNone)).containsExactly(0, 0, 0);
    fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), webhook.id()));
    assertThat(counts(counted(fixture, new All(), Optional.empty(), 100))).containsExactly(1, 2, 2);
  }

  @Test
  default void the_counts_of_an_account_are_truncated_at_the_limit() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    for (int i = 0; i < 4; i++) {
      fixture.addDelivery(webhook, fixture.addRun());
    }

    DeliveryStats stats = counted(fixture, new All(), Optional.empty(), 3);

    assertThat(stats.truncated()).isTrue();
    assertThat(counts(stats)).containsExactly(0, 0, 3);
  }

  private static LeasedDelivery claimed(DispatchSteps steps, Webhook webhook) {
    List<LeasedDelivery> claimed = steps.claim();
    claimed.stream().filter(it -> !it.webhook().id().equals(webhook.id())).forEach(steps::release);
    return claimed.stream()
        .filter(it -> it.webhook().id().equals(webhook.id()))
        .findFirst()
        .orElseThrow();
  }

  private static DeliveryStats counted(
      ContractFixture fixture, StackScope scope, Optional<WebhookId> webhook, int max) {
    return fixture.inTransaction(unit ->
        unit.statsQueries()
            .countDeliveries(fixture.account(), scope, webhook, DeliveryStats.Window.HOUR, max));
  }

  private static List<Integer> counts(DeliveryStats stats) {
    return List.of(
        sum(stats, StatsInterval::delivered),
        sum(stats, StatsInterval::failed),
        sum(stats, StatsInterval::pending));
  }

  @Test
  default void a_lane_has_the_most_urgent_phase_of_the_latest_deliveries_of_its_transitions() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    Webhook skipped = fixture.addWebhook();
    RunId run = fixture.addRun();
    RunId other = fixture.addRun();
    EventId event = steps.details(fixture.addDelivery(webhook, run)).delivery().event();
    SkippedDelivery skip = new SkippedDelivery(event, skipped.id(), Code.SKIPPED_NO_CHANGES.with());
    transactor().run(unit -> unit.append(JournalEntries.ofSkipped(List.of(skip)), Duration.ZERO));
    steps.deliverAllDue();
    DeliveryId failed = redeliveries.fail(run, RunState.FINISHED);
    List<LaneSummary> afterFailure = lanes(fixture, run, other);
    redeliveries.redeliver(failed);
    List<LaneSummary> resent = lanes(fixture, run);
    steps.deliverAllDue();
    List<LaneSummary> delivered = lanes(fixture, run);

    assertThat(afterFailure)
        .extracting(LaneSummary::webhook, LaneSummary::phase, LaneSummary::deliveries)
        .containsExactlyInAnyOrder(
            tuple(webhook.id(), Optional.of(DeliveryPhase.FAILED), 2),
            tuple(skipped.id(), Optional.empty(), 0));
    assertThat(afterFailure)
        .extracting(LaneSummary::run, LaneSummary::delivered, LaneSummary::skipped)
        .containsExactlyInAnyOrder(tuple(run.name(), 1, 0), tuple(run.name(), 0, 1));
    assertThat(resent)
        .extracting(LaneSummary::phase)
        .contains(Optional.of(DeliveryPhase.DUE))
        .doesNotContain(Optional.of(DeliveryPhase.FAILED));
    assertThat(delivered)
        .extracting(LaneSummary::phase, LaneSummary::delivered)
        .contains(tuple(Optional.of(DeliveryPhase.DELIVERED), 2));
    assertThat(lanes(fixture, other)).isEmpty();
  }

  private static List<LaneSummary> lanes(ContractFixture fixture, RunId... runs) {
    return fixture.inTransaction(unit ->
        unit.statsQueries()
            .summarizeLanes(fixture.stackId(), Stream.of(runs).map(RunId::name).toList()));
  }

  private static int sum(DeliveryStats deliveryStats, ToIntFunction<StatsInterval> count) {
    return deliveryStats.intervals().stream().mapToInt(count).sum();
  }

  private static StackSummary only(ContractFixture fixture, StackScope stackScope, String search) {
    List<StackSummary> items = stacks(fixture, stackScope, search, PageRequest.first()).items();
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  private static List<String> slugs(ContractFixture fixture, StackScope stackScope, String search) {
    return slugs(stacks(fixture, stackScope, search, PageRequest.first()));
  }

  private static List<String> slugs(Page<StackSummary> page) {
    return page.items().stream().map(summary -> summary.stack().id().slug()).toList();
  }

  private static Page<StackSummary> stacks(
      ContractFixture fixture, StackScope stackScope, String search, PageRequest page) {
    return stacks(fixture, stackScope, StackFilter.all().withSearch(search), page);
  }

  private static Page<StackSummary> stacks(
      ContractFixture fixture, StackScope stackScope, StackFilter filter, PageRequest page) {
    return fixture.inTransaction(
        unit -> unit.statsQueries().stacks(fixture.account(), stackScope, filter, page));
  }
}

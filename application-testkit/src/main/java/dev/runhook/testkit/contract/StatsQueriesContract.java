package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.DeliveryStats.StatsInterval;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.StackSummary;
import dev.runhook.application.StackSummary.WebhookCounts;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/// What a store tells at a glance.
@Contract
public interface StatsQueriesContract {
  Transactor transactor();

  @Test
  default void a_stack_is_seen_with_its_latest_run_and_how_its_webhooks_do() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook well = contractFixture.addWebhook();
    contractFixture.addWebhook(new Health.Active(3));
    contractFixture.addWebhook(
        new Health.Paused(
            contractFixture.now(), 10, contractFixture.now(), "10 attempts in a row failed"));
    contractFixture.addWebhook(new Health.Disabled(contractFixture.now(), "switched off"));
    contractFixture.addRun();
    RunId latest = contractFixture.addRun();
    contractFixture.addDelivery(well, latest, RunState.PLANNING);

    StackSummary glance = only(contractFixture, new All(), "");

    assertThat(glance.stack()).isEqualTo(contractFixture.stack());
    assertThat(glance.webhooks()).isEqualTo(new WebhookCounts(4, 1, 1, 1));
    assertThat(glance.latestRun())
        .hasValueSatisfying(run -> {
          assertThat(run.name()).isEqualTo(latest.name());
          assertThat(run.state()).isEqualTo(RunState.PLANNING);
          assertThat(run.version()).isEqualTo(2);
        });
  }

  @Test
  default void a_stack_on_which_nothing_is_yet_is_seen_too() {
    ContractFixture contractFixture = ContractFixture.on(transactor());

    StackSummary glance = only(contractFixture, new All(), "");

    assertThat(glance)
        .isEqualTo(
            new StackSummary(
                contractFixture.stack(), Optional.empty(), new WebhookCounts(0, 0, 0, 0)));
  }

  @Test
  default void stacks_are_found_by_a_part_of_slug_or_name_and_only_within_reach() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    contractFixture.addStack("Net-eu");
    contractFixture.addStack("net-us");
    contractFixture.addStack("dns");

    assertThat(slugs(contractFixture, new All(), "NET")).containsExactly("Net-eu", "net-us");
    assertThat(slugs(contractFixture, new All(), "Dem")).containsExactly("demo");
    assertThat(slugs(contractFixture, new All(), "%")).isEmpty();
    assertThat(slugs(contractFixture, new Only(Set.of("net-us", "dns")), "net"))
        .containsExactly("net-us");
    assertThat(slugs(contractFixture, new Only(Set.of("net-us", "dns")), ""))
        .containsExactly("dns", "net-us");
  }

  @Test
  default void found_stacks_come_in_pages() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    List.of("a", "b", "c").forEach(contractFixture::addStack);
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<StackSummary> first = stacks(contractFixture, new All(), "", two);
    Page<StackSummary> second =
        stacks(contractFixture, new All(), "", two.withAfter(first.next().orElseThrow()));

    assertThat(first.items())
        .extracting(glance -> glance.stack().id().slug())
        .containsExactly("a", "b");
    assertThat(second.items())
        .extracting(glance -> glance.stack().id().slug())
        .containsExactly("c", "demo");
    assertThat(second.next()).isEmpty();
  }

  @Test
  default void a_pulse_counts_what_became_of_the_webhooks_deliveries_alone() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    Webhook other = contractFixture.addWebhook();
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    for (int i = 0; i < 3; i++) {
      contractFixture.addDelivery(webhook, contractFixture.addRun());
    }
    contractFixture.addDelivery(other, contractFixture.addRun());
    List<LeasedDelivery> parcels =
        dispatchSteps.claim().stream()
            .filter(it -> it.webhook().id().equals(webhook.id()))
            .toList();
    dispatchSteps.deliver(parcels.get(0));
    dispatchSteps.exhaust(parcels.get(1));

    DeliveryStats deliveryStats =
        contractFixture.inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhook.id(), DeliveryStats.Window.HOUR, 10));

    assertThat(deliveryStats.intervalLength()).isEqualTo(Duration.ofMinutes(1));
    assertThat(deliveryStats.truncated()).isFalse();
    assertThat(deliveryStats.intervals()).hasSize(60);
    assertThat(sum(deliveryStats, StatsInterval::delivered)).isEqualTo(1);
    assertThat(sum(deliveryStats, StatsInterval::failed)).isEqualTo(1);
    assertThat(sum(deliveryStats, StatsInterval::pending)).isEqualTo(1);
    assertThat(deliveryStats.intervals())
        .filteredOn(statsInterval -> statsInterval.delivered() > 0)
        .allSatisfy(beat -> {
          assertThat(beat.median())
              .hasValueSatisfying(it -> assertThat(it).isLessThan(deliveryStats.intervalLength()));
          assertThat(beat.p99()).isEqualTo(beat.median());
        });
    assertThat(deliveryStats.intervals())
        .filteredOn(beat -> beat.delivered() == 0)
        .allSatisfy(beat -> assertThat(beat.median()).isEmpty());
  }

  @Test
  default void a_pulse_counts_so_many_in_a_step_and_says_so_where_there_are_more() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    for (int i = 0; i < 4; i++) {
      contractFixture.addDelivery(webhook, contractFixture.addRun());
    }

    DeliveryStats deliveryStats =
        contractFixture.inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhook.id(), DeliveryStats.Window.DAY, 1));

    assertThat(deliveryStats.truncated()).isTrue();
    assertThat(deliveryStats.intervals()).hasSize(96);
    assertThat(deliveryStats.intervals())
        .extracting(StatsInterval::pending)
        .contains(1)
        .containsOnly(0, 1);
  }

  private static int sum(DeliveryStats deliveryStats, ToIntFunction<StatsInterval> count) {
    return deliveryStats.intervals().stream().mapToInt(count).sum();
  }

  private static StackSummary only(
      ContractFixture contractFixture, StackScope stackScope, String search) {
    List<StackSummary> items =
        stacks(contractFixture, stackScope, search, PageRequest.first()).items();
    assertThat(items).hasSize(1);
    return items.getFirst();
  }

  private static List<String> slugs(
      ContractFixture contractFixture, StackScope stackScope, String search) {
    return stacks(contractFixture, stackScope, search, PageRequest.first()).items().stream()
        .map(glance -> glance.stack().id().slug())
        .toList();
  }

  private static Page<StackSummary> stacks(
      ContractFixture contractFixture, StackScope stackScope, String search, PageRequest page) {
    Optional<String> part = Optional.of(search).filter(text -> !text.isEmpty());
    return contractFixture.inTransaction(
        unit -> unit.statsQueries().stacks(contractFixture.account(), stackScope, part, page));
  }
}

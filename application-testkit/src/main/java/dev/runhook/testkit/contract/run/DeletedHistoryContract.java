package dev.runhook.testkit.contract.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for what lists and statistics show of a deleted stack: nothing, before and after
/// its rows are removed.
@Contract
public interface DeletedHistoryContract {
  Transactor transactor();

  @Test
  default void a_new_stack_with_a_deleted_slug_shows_nothing_of_the_deleted_one() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId run = addHistory(fixture);

    fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));
    fixture.save(fixture.stack());

    assertEmpty(fixture, run);
    removeDeleted(fixture);
    assertEmpty(fixture, run);
  }

  /// Adds finished, failed and open deliveries, of a run and without one.
  private static RunId addHistory(ContractFixture fixture) {
    DispatchSteps steps = DispatchSteps.on(fixture);
    RunId run = fixture.addRun();
    Webhook webhook = fixture.addWebhook();
    fixture.addDelivery(webhook, run);
    fixture.inTransaction(unit ->
        unit.append(
            JournalEntries.ofDeliveries(List.of(fixture.newPing(unit, webhook))), Duration.ZERO));
    steps.deliverAllDue();
    fixture.addDelivery(webhook, run);
    steps.claim().forEach(steps::exhaust);
    Health paused = new Health.Paused(fixture.now(), 10, fixture.now(), "a timeout");
    fixture.addDelivery(fixture.addWebhook(paused), run);
    fixture.addDelivery(webhook, run);
    return run;
  }

  private static void assertEmpty(ContractFixture fixture, RunId run) {
    AccountId account = fixture.account();
    StackScope all = new StackScope.All();
    PageRequest page = PageRequest.first();
    assertThat(DispatchSteps.on(fixture).claim()).isEmpty();
    fixture.inTransaction(unit -> {
      assertThat(unit.stacks().list(account, all, page).items()).containsExactly(fixture.stack());
      assertThat(unit.stacks().lockAndCount(account)).isEqualTo(1);
      assertThat(unit.runs().list(account, all, RunFilter.all(), page).items()).isEmpty();
      assertThat(unit.runs().tryFindForUpdate(Set.of(run)))
          .isEqualTo(new LockedRuns(Map.of(), Set.of()));
      assertThat(unit.webhooks().list(account, all, page).items()).isEmpty();
      assertThat(unit.webhooks().findByStacks(List.of(fixture.stackId())).values())
          .allMatch(List::isEmpty);
      assertThat(unit.webhooks().lockAndCount(account)).isZero();
      assertThat(
              unit.deliveries()
                  .list(
                      DeliveryFilter.of(
                          new DeliveryScope.OfAccount(account, all, Optional.empty())),
                      page)
                  .items())
          .isEmpty();
      assertThat(unit.events().erasePayloads(account, all, Optional.empty(), 10, true))
          .isEqualTo(ErasureProgress.none());
      assertThat(unit.statsQueries().stacks(account, all, StackFilter.all(), page).items())
          .singleElement()
          .satisfies(summary -> {
            assertThat(summary.latestRun()).isEmpty();
            assertThat(summary.failedDeliveries()).isZero();
          });
      return true;
    });
  }

  private static void removeDeleted(ContractFixture fixture) {
    boolean removed = true;
    while (removed) {
      removed = fixture.inTransaction(unit -> unit.stacks().purge(2));
    }
  }
}

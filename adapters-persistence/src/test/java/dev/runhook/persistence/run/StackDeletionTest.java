package dev.runhook.persistence.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.retention.StackPurge;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StackDeletionTest {
  private static final List<String> TABLES =
      List.of(
          "stack",
          "run",
          "webhook",
          "webhook_revision",
          "webhook_interruption",
          "event",
          "skipped_delivery",
          "delivery_queue");

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @AfterEach
  void removeAll() {
    POSTGRES.transactor().run(unit -> unit.stacks().delete(Samples.DEMO));
    new StackPurge(POSTGRES.transactor()).run();
  }

  @Test
  void a_purged_stack_leaves_nothing() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          unit.webhooks().saveHealth(List.of(webhook.disabled(Samples.NOON, "Ada")));
          unit.webhooks().saveHealth(List.of(webhook));
          NewDelivery plain =
              StoreFixture.addTransition(unit, webhook, StoreFixture.addRun(unit, "run-1"), false);
          SkippedDelivery skipped =
              new SkippedDelivery(
                  plain.content().event(), webhook.id(), Code.SKIPPED_NO_CHANGES.with());
          unit.append(
              new JournalEntry(List.of(), List.of(), List.of(skipped), List.of(plain)),
              StoreFixture.HOUR);
        });
    assertThat(TABLES).allMatch(table -> count(table) == 1);

    POSTGRES.transactor().run(unit -> unit.stacks().delete(Samples.DEMO));
    new StackPurge(POSTGRES.transactor()).run();

    assertThat(TABLES).allMatch(table -> count(table) == 0);
  }

  @Test
  void the_secrets_of_a_deleted_stack_are_erased_at_once() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.addWebhook(unit, 1);
        });

    POSTGRES.transactor().run(unit -> unit.stacks().delete(Samples.DEMO));

    assertThat(POSTGRES.count("select count(*) from runhook.webhook where secret <> ''")).isZero();
  }

  @Test
  void deleting_a_stack_waits_for_none_of_its_runs_and_deliveries() {
    addHistory(3, 2);
    try (Handle other = POSTGRES.jdbi().open()) {
      other.begin();
      other.execute("select from runhook.run for update");
      other.execute("select from runhook.delivery for update");
      other.execute("select from runhook.delivery_queue for update");

      POSTGRES
          .jdbi()
          .useTransaction(handle -> {
            handle.execute("set local lock_timeout = '100ms'");
            assertThat(JdbiUnitOfWork.joining(handle).stacks().delete(Samples.DEMO)).isTrue();
          });
      other.rollback();
    }
  }

  @Test
  void a_page_removes_no_more_deliveries_than_its_limit() {
    addHistory(5, 4);
    POSTGRES.transactor().run(unit -> unit.stacks().delete(Samples.DEMO));

    List<Long> removed = new ArrayList<>();
    long before = count("all_deliveries");
    while (purge(3)) {
      removed.add(before - count("all_deliveries"));
      before = count("all_deliveries");
    }

    assertThat(removed).allMatch(rows -> rows <= 3);
    assertThat(removed.stream().mapToLong(rows -> rows).sum()).isEqualTo(20);
    assertThat(TABLES).allMatch(table -> count(table) == 0);
    assertThat(count("attempt")).isZero();
  }

  @Test
  void what_another_transaction_has_locked_is_removed_later() {
    addHistory(2, 1);
    POSTGRES.transactor().run(unit -> unit.stacks().delete(Samples.DEMO));
    try (Handle other = POSTGRES.jdbi().open()) {
      other.begin();
      other.execute("select from runhook.run where name = 'run-0' for no key update");
      new StackPurge(POSTGRES.transactor()).run();

      assertThat(count("run")).isEqualTo(1);
      assertThat(count("webhook")).isEqualTo(1);
      other.rollback();
    }
    new StackPurge(POSTGRES.transactor()).run();

    assertThat(TABLES).allMatch(table -> count(table) == 0);
  }

  /// Adds runs, each with one delivery that was finished by its second attempt, and open ones.
  private static void addHistory(int runs, int deliveries) {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          for (int run = 0; run < runs; run++) {
            RunId id = StoreFixture.addRun(unit, "run-" + run);
            for (int delivery = 0; delivery < deliveries; delivery++) {
              StoreFixture.recordTransition(unit, webhook, id);
            }
          }
        });
    attempt(new Disposition.Retry(Duration.ZERO));
    attempt(new Disposition.Delivered());
    assertThat(List.of(count("delivery"), count("attempt")))
        .containsExactly((long) runs, 2L * runs);
  }

  private static void attempt(Disposition disposition) {
    POSTGRES
        .transactor()
        .run(unit ->
            StoreFixture.complete(
                unit,
                unit.deliveries().claimDue(ClaimRequest.of(StoreFixture.HOUR, 100)),
                disposition));
  }

  private static boolean purge(int limit) {
    return POSTGRES.transactor().inTransaction(unit -> unit.stacks().purge(limit));
  }

  private static long count(String table) {
    return POSTGRES.count("select count(*) from runhook." + table);
  }
}

package dev.runhook.persistence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Transactions that report about a webhook, deliver reports and remove them at the same time.
@Timeout(60)
class OperationalLanesTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ClaimRequest ALL = ClaimRequest.of(StoreFixture.HOUR, 1000);

  private final JdbiTransactor transactor = POSTGRES.transactor();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Webhook alerts = Samples.webhook();
  private Webhook affected = Samples.webhook();
  private Webhook other = Samples.webhook();

  @BeforeEach
  void addWebhooks() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("truncate runhook.delivery_queue"));
    transactor.run(unit -> {
      StoreFixture.addStack(unit);
      alerts = StoreFixture.addWebhook(unit, NUMBER.incrementAndGet());
      affected = StoreFixture.addWebhook(unit, NUMBER.incrementAndGet());
      other = StoreFixture.addWebhook(unit, NUMBER.incrementAndGet());
    });
  }

  @Test
  void what_is_committed_first_arrives_first_even_if_its_transaction_began_later() {
    List<DeliveryId> inOrder = new ArrayList<>();

    DeliveryId last =
        transactor.inTransaction(early -> {
          early.now();
          inOrder.add(report(affected));
          return report(early, affected);
        });
    inOrder.add(last);

    assertThat(deliverAll()).containsExactlyElementsOf(inOrder);
  }

  @Test
  void a_report_waits_for_another_one_about_the_webhook() {
    CompletableFuture<DeliveryId> waiting =
        transactor.inTransaction(unit -> {
          report(unit, affected);
          return reportThatWaits();
        });

    DeliveryId second = waiting.join();

    assertThat(deliverAll()).hasSize(2).last().isEqualTo(second);
  }

  @Test
  void reports_about_different_webhooks_do_not_wait_for_each_other() {
    transactor.run(unit -> {
      report(unit, affected);
      report(other);
    });

    assertThat(claim()).hasSize(2);
  }

  @Test
  void a_completion_does_not_wait_for_a_report_about_the_same_webhook() {
    report(affected);
    List<LeasedDelivery> head = claim();

    Set<DeliveryId> deferred =
        transactor.inTransaction(reporting -> {
          report(reporting, affected);
          return complete(head);
        });

    assertThat(deferred).isEqualTo(StoreFixture.ids(head));
    assertThat(complete(head)).isEmpty();
    assertThat(claim()).hasSize(1);
  }

  @Test
  void a_report_that_waits_for_a_completion_is_added_behind_the_next_delivery() {
    report(affected);
    DeliveryId next = report(affected);
    List<LeasedDelivery> head = claim();
    CompletableFuture<DeliveryId> waiting =
        transactor.inTransaction(completing -> {
          StoreFixture.complete(completing, head, new Disposition.Delivered());
          return reportThatWaits();
        });

    DeliveryId last = waiting.join();

    assertThat(deliverAll()).containsExactly(next, last);
  }

  @Test
  void two_transactions_that_complete_reports_and_report_do_not_wait_for_each_other() {
    report(affected);
    report(other);
    List<LeasedDelivery> heads = claim();

    transactor.run(first -> {
      first.webhooks().findForHealthUpdate(Set.of(affected.id()), Set.of());
      transactor.run(second -> {
        second.webhooks().findForHealthUpdate(Set.of(other.id()), Set.of());
        assertThat(StoreFixture.complete(first, heads, new Disposition.Delivered())).hasSize(1);
        assertThat(StoreFixture.complete(second, heads, new Disposition.Delivered())).hasSize(1);
        report(second, other);
      });
      report(first, affected);
    });

    assertThat(claim()).hasSize(2);
  }

  @Test
  void a_report_is_added_behind_the_next_delivery_if_the_head_has_ended_unsent() {
    report(affected);
    POSTGRES.jdbi().useHandle(handle -> handle.execute("truncate runhook.event"));
    DeliveryId next = report(affected);

    CompletableFuture<DeliveryId> waiting =
        transactor.inTransaction(claiming -> {
          assertThat(claiming.deliveries().claimDue(ALL)).isEmpty();
          return reportThatWaits();
        });

    DeliveryId last = waiting.join();

    assertThat(deliverAll()).containsExactly(next, last);
  }

  @Test
  void no_report_is_lost_or_overtaken_under_load() {
    List<CompletableFuture<Void>> work = new ArrayList<>();
    List<DeliveryId> finished = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      Webhook about = thread % 2 == 0 ? affected : other;
      work.add(
          CompletableFuture.runAsync(
              () -> IntStream.range(0, 50).forEach(ignored -> report(about)), threads));
    }

    CompletableFuture<Void> reported =
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new));
    while (!reported.isDone() || finished.size() < 200) {
      finished.addAll(deliverAll());
    }

    assertThat(finished).hasSize(200).doesNotHaveDuplicates();
    assertThat(POSTGRES.count("select count(*) from runhook.delivery_queue")).isZero();
  }

  @Test
  void a_delivery_of_an_event_that_retention_has_removed_is_ended_by_its_claim() {
    report(affected);
    LeasedDelivery original = claim().getFirst();
    complete(List.of(original));
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.event"));
    NewDelivery again =
        new NewDelivery(new DeliveryId(StoreFixture.newId()), alerts, original.content(), false);

    transactor.run(unit ->
        unit.append(
            new JournalEntry(List.of(), List.of(), List.of(), List.of(again)), StoreFixture.HOUR));

    assertThat(claim()).isEmpty();
    assertThat(POSTGRES.count("select count(*) from runhook.delivery_queue")).isZero();
  }

  private DeliveryId report(Webhook about) {
    return transactor.inTransaction(unit -> report(unit, about));
  }

  private DeliveryId report(UnitOfWork unit, Webhook about) {
    return StoreFixture.reportAbout(unit, about, alerts);
  }

  /// Starts a report that waits for a lock of the calling transaction.
  private CompletableFuture<DeliveryId> reportThatWaits() {
    CompletableFuture<DeliveryId> report =
        CompletableFuture.supplyAsync(() -> report(affected), threads);
    awaitLockWait();
    return report;
  }

  private Set<DeliveryId> complete(List<LeasedDelivery> leased) {
    return transactor.inTransaction(
        unit -> StoreFixture.complete(unit, leased, new Disposition.Delivered()));
  }

  private List<LeasedDelivery> claim() {
    return transactor.inTransaction(unit -> unit.deliveries().claimDue(ALL));
  }

  /// Delivers what is due until nothing is, and returns it in the order in which it was delivered.
  private List<DeliveryId> deliverAll() {
    List<DeliveryId> delivered = new ArrayList<>();
    for (List<LeasedDelivery> due = claim(); !due.isEmpty(); due = claim()) {
      List<LeasedDelivery> left = due;
      while (!complete(left).isEmpty()) {
        Thread.onSpinWait();
      }
      due.forEach(leased -> delivered.add(leased.lease().delivery()));
    }
    return delivered;
  }

  /// Returns when a transaction waits for a lock. The timeout of the class limits the wait.
  private static void awaitLockWait() {
    while (POSTGRES.count("select count(*) from pg_locks where not granted") == 0) {
      Thread.onSpinWait();
    }
  }
}

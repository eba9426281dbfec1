package dev.runhook.persistence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Transactions that add to a lane, finish in it, claim from it and delete its webhook at the same
/// time.
@Timeout(60)
class LaneLocksTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ClaimRequest ALL = ClaimRequest.of(StoreFixture.HOUR, 1000);

  private final JdbiTransactor transactor = POSTGRES.transactor();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Webhook webhook = Samples.webhook();
  private RunId run = new RunId(Samples.DEMO, "unset");

  @BeforeEach
  void addLane() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("truncate runhook.delivery_queue"));
    transactor.run(unit -> {
      StoreFixture.addStack(unit);
      webhook = StoreFixture.addWebhook(unit, NUMBER.incrementAndGet());
      run = StoreFixture.addRun(unit, "run-" + NUMBER.incrementAndGet());
    });
  }

  @Test
  void a_report_does_not_wait_for_a_completion_in_its_lane() {
    List<LeasedDelivery> head = recordAndLease();

    Set<RunId> busy =
        transactor.inTransaction(completing -> {
          StoreFixture.complete(completing, head, new Disposition.Delivered());
          return transactor.inTransaction(unit -> unit.runs().tryFindForUpdate(Set.of(run)).busy());
        });

    assertThat(busy).containsExactly(run);
  }

  @Test
  void a_completion_does_not_wait_for_a_report_in_its_lane() {
    List<LeasedDelivery> head = recordAndLease();

    Set<?> deferred =
        transactor.inTransaction(recording -> {
          StoreFixture.recordTransition(recording, webhook, run);
          return transactor.inTransaction(
              unit -> StoreFixture.complete(unit, head, new Disposition.Delivered()));
        });
    Set<?> again =
        transactor.inTransaction(
            unit -> StoreFixture.complete(unit, head, new Disposition.Delivered()));

    assertThat(deferred).hasSize(1);
    assertThat(again).isEmpty();
    assertThat(claim()).hasSize(1);
  }

  @Test
  void a_report_that_waits_for_a_completion_adds_behind_the_next_delivery() {
    List<LeasedDelivery> head = recordAndLease();
    NewDelivery next =
        transactor.inTransaction(unit -> StoreFixture.recordTransition(unit, webhook, run));
    CompletableFuture<NewDelivery> waiting =
        transactor.inTransaction(completing -> {
          StoreFixture.complete(completing, head, new Disposition.Delivered());
          CompletableFuture<NewDelivery> recording =
              CompletableFuture.supplyAsync(
                  () ->
                      transactor.inTransaction(
                          unit -> StoreFixture.recordTransition(unit, webhook, run)),
                  threads);
          awaitLockWait();
          return recording;
        });

    NewDelivery last = waiting.join();

    List<LeasedDelivery> first = claim();
    assertThat(StoreFixture.ids(first)).containsExactly(next.id());
    transactor.run(unit -> StoreFixture.complete(unit, first, new Disposition.Delivered()));
    assertThat(StoreFixture.ids(claim())).containsExactly(last.id());
  }

  @Test
  void a_delivery_can_be_claimed_and_released_while_a_report_adds_to_its_lane() {
    transactor.run(unit -> StoreFixture.recordTransition(unit, webhook, run));

    List<LeasedDelivery> claimed =
        transactor.inTransaction(recording -> {
          StoreFixture.recordTransition(recording, webhook, run);
          List<LeasedDelivery> due = claim();
          transactor.run(unit -> unit.deliveries().release(List.of(due.getFirst().lease())));
          return claim();
        });

    assertThat(claimed).hasSize(1);
  }

  @Test
  void deleting_a_webhook_waits_neither_for_a_completion_nor_for_a_report() {
    List<LeasedDelivery> head = recordAndLease();
    RunId other =
        transactor.inTransaction(
            unit -> StoreFixture.addRun(unit, "run-" + NUMBER.incrementAndGet()));
    transactor.run(unit -> StoreFixture.recordTransition(unit, webhook, other));
    transactor.run(completing -> {
      StoreFixture.complete(completing, head, new Disposition.Delivered());
      transactor.run(recording -> {
        StoreFixture.recordTransition(recording, webhook, other);
        transactor.run(unit -> unit.webhooks().delete(webhook.stack(), webhook.id()));
      });
    });
    long left = POSTGRES.count("select count(*) from runhook.delivery_queue");

    int ended = transactor.inTransaction(unit -> unit.deliveries().endOfDeletedWebhooks(1));
    int others = transactor.inTransaction(unit -> unit.deliveries().endOfDeletedWebhooks(10));

    assertThat(left).isEqualTo(2);
    assertThat(List.of(ended, others)).containsExactly(1, 1);
    assertThat(finished("DELIVERED")).isEqualTo(1);
    assertThat(finished("FAILED")).isEqualTo(2);
  }

  @Test
  void deliveries_of_webhooks_that_exist_do_not_end() {
    recordAndLease();

    assertThat(
            transactor.<Integer>inTransaction(unit -> unit.deliveries().endOfDeletedWebhooks(10)))
        .isZero();
  }

  private List<LeasedDelivery> recordAndLease() {
    return transactor.inTransaction(unit -> StoreFixture.recordAndLease(unit, webhook, run));
  }

  private List<LeasedDelivery> claim() {
    return transactor.inTransaction(unit -> unit.deliveries().claimDue(ALL));
  }

  private long finished(String status) {
    return POSTGRES.count(
        "select count(*) from runhook.delivery where webhook_id = '%s' and status = '%s'"
            .formatted(webhook.id(), status));
  }

  /// Returns when a transaction waits for a lock. The timeout of the class limits the wait.
  private static void awaitLockWait() {
    while (POSTGRES.count("select count(*) from pg_locks where not granted") == 0) {
      Thread.onSpinWait();
    }
  }
}

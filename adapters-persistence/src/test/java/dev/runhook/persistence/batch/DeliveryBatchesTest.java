package dev.runhook.persistence.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class DeliveryBatchesTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ClaimRequest ALL =
      ClaimRequest.of(StoreFixture.HOUR, 1000);

  private final JdbiTransactor transactor = POSTGRES.transactor();

  @AfterEach
  void clear() {
    execute(
        "truncate runhook.delivery_batch, runhook.delivery_queue, runhook.delivery, runhook.attempt");
  }

  @Test
  void a_delivery_that_succeeds_at_once_never_touches_the_queue() {
    execute(
        """
        create function fail() returns trigger language plpgsql as $$ begin raise exception 'queued'; end $$;
        create trigger fail before insert on runhook.delivery_queue for each row execute function fail()\
        """);
    List<LeasedDelivery> leased = record(addWebhook(), addRuns(3));
    long batches = count("delivery_batch");

    transactor.run(unit -> StoreFixture.complete(unit, leased, new Disposition.Delivered()));

    execute("drop function fail cascade");
    assertThat(batches).isEqualTo(1);
    assertThat(count("delivery_batch")).isZero();
    assertThat(count("delivery")).isEqualTo(3);
    assertThat(POSTGRES.count("select count(*) from runhook.attempt")).isZero();
  }

  @Test
  void a_batch_stays_until_its_last_delivery_is_finished() {
    List<LeasedDelivery> leased = record(addWebhook(), addRuns(3));

    transactor.run(
        unit -> StoreFixture.complete(unit, leased.subList(0, 2), new Disposition.Delivered()));
    long left = count("delivery_batch");
    transactor.run(
        unit -> StoreFixture.complete(unit, leased.subList(2, 3), new Disposition.Exhausted()));

    assertThat(left).isEqualTo(1);
    assertThat(count("delivery_batch")).isZero();
  }

  @Test
  void a_large_batch_is_split_between_runs() {
    List<Webhook> webhooks = List.of(addWebhook(), addWebhook(), addWebhook());

    List<LeasedDelivery> leased = recordAll(webhooks, addRuns(200));

    long runsInTwoBatches =
        POSTGRES.count(
            """
            select count(*) from (
              select run_id from runhook.batched_delivery group by run_id having count(distinct batch_id) > 1) r
            """);
    assertThat(count("delivery_batch")).isEqualTo(3);
    assertThat(runsInTwoBatches).isZero();
    transactor.run(unit -> StoreFixture.complete(unit, leased, new Disposition.Delivered()));
    assertThat(count("delivery")).isEqualTo(600);
    assertThat(count("delivery_batch")).isZero();
  }

  @Test
  void a_retry_leaves_the_batch() {
    List<LeasedDelivery> leased = record(addWebhook(), addRuns(2));

    transactor.run(unit ->
        StoreFixture.complete(
            unit, leased.subList(0, 1), new Disposition.Retry(StoreFixture.HOUR)));

    assertThat(count("delivery_queue")).isEqualTo(1);
    assertThat(count("batched_delivery")).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.attempt")).isEqualTo(1);
  }

  @Test
  void a_batch_that_another_transaction_has_locked_defers_only_its_own_deliveries() {
    Webhook webhook = addWebhook();
    List<LeasedDelivery> held = record(webhook, addRuns(1));
    List<LeasedDelivery> free = record(webhook, addRuns(1));
    List<LeasedDelivery> both = List.of(held.getFirst(), free.getFirst());

    Set<?> deferred =
        transactor.inTransaction(holder -> {
          holder.deliveries().tryLock(List.of(StoreFixture.completed(held.getFirst())));
          return transactor.inTransaction(
              unit -> StoreFixture.complete(unit, both, new Disposition.Delivered()));
        });

    assertThat(deferred).hasSize(1);
    assertThat(count("delivery")).isEqualTo(1);
  }

  @Test
  void a_report_does_not_wait_for_a_locked_batch_of_its_run() {
    List<RunId> runs = addRuns(2);
    List<LeasedDelivery> held = record(addWebhook(), runs.subList(0, 1));

    Set<RunId> busy =
        transactor.inTransaction(holder -> {
          holder.deliveries().tryLock(List.of(StoreFixture.completed(held.getFirst())));
          return transactor.inTransaction(unit -> unit.runs().tryFindForUpdate(runs).busy());
        });

    assertThat(busy).containsExactly(runs.getFirst());
  }

  @Test
  void locking_a_run_moves_its_open_deliveries_with_their_leases_to_the_queue() {
    List<RunId> runs = addRuns(2);
    List<LeasedDelivery> leased = record(addWebhook(), runs);

    transactor.run(unit -> unit.runs().findForUpdate(runs.subList(0, 1)));
    List<LeasedDelivery> claimed =
        transactor.inTransaction(unit -> unit.deliveries().claimDue(ALL));
    transactor.run(unit -> StoreFixture.complete(unit, leased, new Disposition.Delivered()));

    assertThat(claimed).isEmpty();
    assertThat(count("delivery")).isEqualTo(2);
    assertThat(count("open_delivery")).isZero();
  }

  @Test
  void a_claim_moves_old_batches_and_keeps_their_leases() {
    List<LeasedDelivery> leased = record(addWebhook(), addRuns(2));
    execute("update runhook.delivery_batch set created_at = now() - interval '1 minute'");

    List<LeasedDelivery> claimed =
        transactor.inTransaction(unit -> unit.deliveries().claimDue(ALL));

    assertThat(claimed).isEmpty();
    assertThat(count("delivery_batch")).isZero();
    assertThat(count("delivery_queue")).isEqualTo(2);
    transactor.run(unit -> StoreFixture.complete(unit, leased, new Disposition.Delivered()));
    assertThat(count("delivery")).isEqualTo(2);
  }

  /// The completion has the lock of the batch and is not committed when the claim moves what is
  /// left.
  @Test
  void a_finished_delivery_is_never_moved() {
    List<LeasedDelivery> leased = record(addWebhook(), addRuns(2));
    execute("update runhook.delivery_batch set leased_until = now() - interval '1 minute'");

    List<LeasedDelivery> meanwhile =
        transactor.inTransaction(unit -> {
          StoreFixture.complete(unit, leased.subList(0, 1), new Disposition.Delivered());
          return CompletableFuture.supplyAsync(
                  () -> transactor.inTransaction(other -> other.deliveries().claimDue(ALL)))
              .join();
        });
    List<LeasedDelivery> after = transactor.inTransaction(unit -> unit.deliveries().claimDue(ALL));

    assertThat(meanwhile).isEmpty();
    assertThat(after)
        .extracting(delivery -> delivery.lease().delivery())
        .containsExactly(leased.getLast().lease().delivery());
  }

  private List<LeasedDelivery> record(Webhook webhook, List<RunId> runs) {
    return recordAll(List.of(webhook), runs);
  }

  /// Records a transition of each run for each webhook, in one call.
  private List<LeasedDelivery> recordAll(List<Webhook> webhooks, List<RunId> runs) {
    return transactor.inTransaction(unit -> {
      List<NewDelivery> added = new ArrayList<>();
      for (RunId run : runs) {
        webhooks.forEach(
            webhook -> added.add(StoreFixture.addTransition(unit, webhook, run, true)));
      }
      return addAndSave(unit, runs, added);
    });
  }

  private static List<LeasedDelivery> addAndSave(
      UnitOfWork unit, List<RunId> runs, List<NewDelivery> added) {
    List<LeasedDelivery> leased = unit.deliveries().add(added, StoreFixture.HOUR);
    unit.runs().save(unit.runs().findForUpdate(runs).values(), added);
    return leased;
  }

  private Webhook addWebhook() {
    return transactor.inTransaction(unit -> {
      StoreFixture.addStack(unit);
      return StoreFixture.addWebhook(unit, NUMBER.incrementAndGet());
    });
  }

  private List<RunId> addRuns(int count) {
    return transactor.inTransaction(unit -> {
      StoreFixture.addStack(unit);
      return IntStream.range(0, count)
          .mapToObj(ignored -> StoreFixture.addRun(unit, "run-" + NUMBER.incrementAndGet()))
          .toList();
    });
  }

  private static long count(String table) {
    return POSTGRES.count("select count(*) from runhook." + table);
  }

  private static void execute(String sql) {
    POSTGRES.jdbi().useHandle(handle -> handle.execute(sql));
  }
}

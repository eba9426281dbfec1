package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.delivery.DeliveryDependencies;
import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.application.dispatch.DeliveryTransport;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.Webhooks.LockedWebhooks;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Replay.Status;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a transaction of another process does to everything else while it holds a lock.
@Timeout(60)
class LockedRowsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private final JdbiTransactor transactor = POSTGRES.transactor();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SequentialIdGenerator ids = new SequentialIdGenerator(InstantSource.system());

  @Test
  void a_locked_run_delays_only_its_own_reports() {
    RunJournal journal = journal(DispatchHandoff.none());
    List<RunId> runs = addRuns("held", "free");
    CompletableFuture<?> blocked =
        transactor.inTransaction(holder -> {
          holder.runs().findForUpdate(Set.of(runs.getFirst()));
          CompletableFuture<?> both =
              CompletableFuture.supplyAsync(
                  () -> journal.recordAll(runs.stream().map(LockedRowsTest::planning).toList()),
                  threads);

          for (long version = 3; version < 20; version++) {
            journal.record(planning(runs.getLast()).withVersion(version));
          }

          assertThat(both).isNotDone();
          return both;
        });

    blocked.join();

    assertThat(journal.run(runs.getFirst()).run().progress().state()).isEqualTo(RunState.PLANNING);
  }

  @Test
  void a_locked_waiting_delivery_delays_only_the_result_before_it() throws Exception {
    Webhook webhook = addWebhook(41);
    List<RunId> runs = addRuns("waiting-held", "waiting-free");
    CountDownLatch responses = new CountDownLatch(1);
    List<String> sent = new CopyOnWriteArrayList<>();
    Dispatcher dispatcher = dispatcher(sent::add, responses);
    RunJournal journal = journal(dispatcher.handoff());
    journal.recordAll(runs.stream().map(LockedRowsTest::planning).toList());
    journal.record(TransitionReport.of(runs.getFirst(), RunState.UNCONFIRMED));

    try (Handle holder = POSTGRES.jdbi().open()) {
      holder.begin();
      holder.execute("select id from runhook.delivery_queue where due_at is null for update");
      responses.countDown();

      awaitOpenDeliveries(webhook, 2);

      holder.rollback();
    }

    awaitOpenDeliveries(webhook, 0);
    assertThat(dispatcher.stop(Duration.ofSeconds(10))).isTrue();
    assertThat(sent).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void a_locked_webhook_is_reported_as_busy() {
    Webhook held = addFailingWebhook(11);
    Webhook free = addFailingWebhook(12);
    Webhook healthy = addWebhook(13, Health.proven());

    LockedWebhooks found =
        transactor.inTransaction(holder -> {
          holder.webhooks().findForHealthUpdate(Set.of(held.id(), healthy.id()), Set.of());
          return transactor.inTransaction(unit ->
              unit.webhooks()
                  .findForHealthUpdate(
                      Set.of(held.id()), Set.of(free.id(), held.id(), healthy.id())));
        });

    assertThat(found.locked()).extracting(Webhook::id).containsExactly(free.id());
    assertThat(found.busy()).containsExactly(held.id());
  }

  @Test
  void the_format_error_of_a_locked_webhook_is_not_saved() {
    Webhook held = addWebhook(14);
    Webhook free = addWebhook(15);
    Optional<String> error = Optional.of("the template takes more than 10 ms");

    transactor.run(holder -> {
      holder.webhooks().findForUpdate(held.stack(), held.id());
      transactor.run(unit ->
          unit.webhooks()
              .saveFormatErrors(List.of(held.withFormatError(error), free.withFormatError(error))));
    });

    assertThat(find(held).formatError()).isEmpty();
    assertThat(find(free).formatError()).isEqualTo(error);
  }

  private Webhook find(Webhook webhook) {
    return transactor.inTransaction(
        unit -> unit.webhooks().find(webhook.stack(), webhook.id()).orElseThrow());
  }

  @Test
  void a_replay_redelivers_other_runs_while_one_is_locked() {
    Webhook webhook = addWebhook(21);
    List<RunId> runs = addRuns("replay-1", "replay-2", "replay-3");
    transactor.run(unit -> runs.forEach(run -> StoreFixture.recordTransition(unit, webhook, run)));
    List<LeasedDelivery> claimed =
        transactor.inTransaction(
            unit -> unit.deliveries().claimDue(ClaimRequest.of(StoreFixture.HOUR, 100)));
    transactor.run(unit -> StoreFixture.complete(unit, claimed, new Disposition.Exhausted()));
    CompletableFuture<ReplayProgress> replay =
        transactor.inTransaction(holder -> {
          holder.runs().findForUpdate(Set.of(runs.get(1)));
          CompletableFuture<ReplayProgress> started =
              CompletableFuture.supplyAsync(() -> replay(webhook), threads);

          while (openDeliveriesOf(webhook) < 2) {
            Thread.onSpinWait();
          }

          assertThat(started).isNotDone();
          return started;
        });

    assertThat(replay.join().created()).isEqualTo(3);
  }

  @Test
  void an_erasure_stops_before_a_locked_run_and_locks_no_other_while_it_waits() {
    Webhook webhook = addWebhook(31);
    List<RunId> runs = addRuns("erase-1", "erase-2", "erase-3");
    Optional<EventId> before = Optional.of(new EventId(StoreFixture.newId()));
    List<EventId> events =
        runs.stream()
            .map(run ->
                transactor.inTransaction(
                    unit -> StoreFixture.recordTransition(unit, webhook, run).content().event()))
            .toList();
    CompletableFuture<Long> erasure =
        transactor.inTransaction(holder -> {
          holder.runs().findForUpdate(Set.of(runs.get(1)));
          Optional<EventId> reached = eraseAfter(before).lastEvent();
          CompletableFuture<Long> waiting =
              CompletableFuture.supplyAsync(() -> eraseAfter(reached).retained(), threads);
          awaitLockWait();

          assertThat(reached).contains(events.getFirst());
          LockedRuns others =
              transactor.inTransaction(
                  unit -> unit.runs().tryFindForUpdate(Set.of(runs.getLast())));
          assertThat(others.busy()).isEmpty();
          return waiting;
        });

    assertThat(erasure.join()).isEqualTo(1);
    assertThat(eraseAfter(Optional.of(events.get(1))).lastEvent()).isEmpty();
  }

  /// Returns when a transaction waits for a lock. The timeout of the class limits the wait.
  private static void awaitLockWait() {
    while (POSTGRES.count("select count(*) from pg_locks where not granted") == 0) {
      Thread.onSpinWait();
    }
  }

  private ErasureProgress eraseAfter(Optional<EventId> after) {
    return transactor.inTransaction(
        unit -> unit.events().erasePayloads(Samples.ACME, new StackScope.All(), after, 500, false));
  }

  private ReplayProgress replay(Webhook webhook) {
    return new DeliveryAdmin(
            transactor,
            new DeliveryDependencies(
                new RequestFactory(
                    new WebhookSigner(true), "Runhook/test", DispatchConfig.defaults()),
                ignored -> Outcome.Responded.of(200),
                new PlainPayloadRenderer(),
                ids,
                InstantSource.system(),
                System::nanoTime,
                Runnable::run),
            DispatchHandoff.none())
        .replays()
        .create(
            Samples.DEMO,
            webhook.id(),
            ReplayRequest.since(Instant.EPOCH, Status.FAILED),
            new Actor("Ada"));
  }

  private RunJournal journal(DispatchHandoff handoff) {
    return new RunJournal(
        transactor,
        new JournalDependencies(new PlainPayloadRenderer(), ids, InstantSource.system()),
        handoff,
        threads);
  }

  /// @param onSend is called with the payload of each request
  /// @param responses what the receivers wait for
  private Dispatcher dispatcher(Consumer<String> onSend, CountDownLatch responses) {
    PlainPayloadRenderer renderer = new PlainPayloadRenderer();
    DispatchConfig config = DispatchConfig.defaults();
    return new Dispatcher(
        transactor,
        new DeliveryTransport(
            renderer,
            new RequestFactory(new WebhookSigner(true), "Runhook/test", config),
            request -> {
              onSend.accept(request.payload().text());
              awaitZero(responses);
              return Outcome.Responded.of(200);
            },
            new DispatchObserver() {}),
        config,
        new DispatchContext(InstantSource.system(), System::nanoTime, new Random(7), threads),
        new OperationalEvents(renderer, ids));
  }

  private static void awaitZero(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitOpenDeliveries(Webhook webhook, int count) {
    long startedAt = System.nanoTime();
    while (openDeliveriesOf(webhook) != count) {
      assertThat(System.nanoTime() - startedAt).isLessThan(Duration.ofSeconds(8).toNanos());
    }
  }

  private static long openDeliveriesOf(Webhook webhook) {
    return POSTGRES.count(
        "select count(*) from runhook.delivery_queue where webhook_id = '" + webhook.id() + "'");
  }

  private List<RunId> addRuns(String... names) {
    return transactor.inTransaction(unit -> {
      StoreFixture.addStack(unit);
      return List.of(names).stream().map(name -> StoreFixture.addRun(unit, name)).toList();
    });
  }

  private Webhook addWebhook(int number) {
    return transactor.inTransaction(unit -> {
      StoreFixture.addStack(unit);
      return StoreFixture.addWebhook(unit, number);
    });
  }

  private Webhook addFailingWebhook(int number) {
    return addWebhook(number, Samples.failing(2));
  }

  private Webhook addWebhook(int number, Health health) {
    Webhook webhook = addWebhook(number);
    transactor.run(
        unit -> unit.webhooks().saveHealth(List.of(Samples.withHealth(webhook, health))));
    return webhook;
  }

  private static TransitionReport planning(RunId run) {
    return TransitionReport.of(run, RunState.PLANNING);
  }
}

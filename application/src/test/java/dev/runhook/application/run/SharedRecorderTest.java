package dev.runhook.application.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.run.RecordResult.Failed;
import dev.runhook.application.run.RecordResult.Rejected;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedRecorderTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final RecordResult DONE = new Rejected(new Refusal.NoSuchStack("any"));
  private static final Bucket SERVER = new OfOneServer();

  private final Set<RunId> locked = ConcurrentHashMap.newKeySet();
  private final List<TransitionReport> recorded = Collections.synchronizedList(new ArrayList<>());

  @Test
  void a_locked_run_does_not_delay_the_reports_of_others() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedRecorder recorder = recorder(this::record, threads, LONG);
      locked.add(run("locked"));
      CompletableFuture<List<RecordResult>> blocked =
          CompletableFuture.supplyAsync(
              () -> recorder.record(List.of(report("locked", 1), report("free", 1))), threads);

      List<RecordResult> others = recorder.record(List.of(report("other", 1)));
      boolean endedWhileLocked = blocked.isDone();
      locked.clear();

      assertThat(others).containsExactly(DONE);
      assertThat(endedWhileLocked).isFalse();
      assertThat(blocked.join()).containsExactly(DONE, DONE);
    }
  }

  @Test
  void reports_of_a_locked_run_keep_their_order() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedRecorder recorder = recorder(this::recordEveryOther, threads, LONG);
      List<TransitionReport> reports =
          IntStream.rangeClosed(1, 600).mapToObj(version -> report("one", version)).toList();

      List<RecordResult> results = recorder.record(reports);

      assertThat(results).hasSize(600).containsOnly(DONE);
      assertThat(recorded).containsExactlyElementsOf(reports);
    }
  }

  @Test
  void a_report_fails_if_its_run_stays_locked() {
    SharedRecorder recorder = recorder(this::record, Runnable::run, Duration.ofMillis(20));
    locked.add(run("locked"));

    List<RecordResult> results =
        recorder.record(List.of(report("locked", 1), report("free", 1), report("locked", 2)));

    assertThat(results.get(1)).isEqualTo(DONE);
    assertThat(List.of(results.getFirst(), results.getLast()))
        .allMatch(result ->
            result instanceof Failed(RuntimeException e) && e instanceof StoreBusyException);
    assertThat(recorded).containsExactly(report("free", 1));
  }

  @Test
  void a_failed_batch_is_recorded_one_by_one_without_overtaking() {
    List<TransitionReport> reports =
        List.of(report("one", 1), report("two", 1), report("one", 2), report("two", 2));
    locked.add(run("one"));
    SharedRecorder recorder =
        recorder(
            batch -> {
              if (batch.size() == reports.size() && recorded.isEmpty()) {
                throw new IllegalStateException("a bug");
              }
              List<RecordResult> results = record(batch);
              locked.clear();
              return results;
            },
            Runnable::run,
            LONG);

    List<RecordResult> results = recorder.record(reports);

    assertThat(results).containsOnly(DONE);
    assertThat(recorded)
        .filteredOn(report -> report.run().equals(run("one")))
        .containsExactly(report("one", 1), report("one", 2));
  }

  @Test
  void a_failed_batch_is_divided_by_account_first() throws InterruptedException {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    List<Integer> batches = new ArrayList<>();
    SharedRecorder recorder =
        recorder(
            batch -> {
              batches.add(batch.size());
              if (batch.contains(report("bad", 1))) {
                throw new IllegalStateException("a bug");
              }
              return record(batch);
            },
            tasks::add,
            LONG);
    List<TransitionReport> reports =
        List.of(report("bad", 1), report("one", 1), ofOther("r1"), ofOther("r2"), ofOther("r3"));
    List<RecordResult> results = new ArrayList<>();
    Thread caller = new Thread(() -> results.addAll(recorder.record(reports)));

    startAndAwaitBlocked(caller);
    tasks.take().run();
    caller.join();

    assertThat(results.getFirst()).isInstanceOf(Failed.class);
    assertThat(results.subList(1, 5)).containsOnly(DONE);
    assertThat(batches).containsExactly(5, 2, 1, 1, 3);
  }

  @Test
  void a_store_that_is_locked_as_a_whole_fails_all_waiting_reports_at_once() {
    AtomicInteger transactions = new AtomicInteger();
    SharedRecorder recorder =
        recorder(
            batch -> {
              transactions.incrementAndGet();
              throw new StoreBusyException("a table is locked");
            },
            Runnable::run,
            LONG);

    List<RecordResult> results =
        recorder.record(List.of(report("one", 1), report("two", 1), report("one", 2)));

    assertThat(results).hasSize(3).allMatch(result -> result instanceof Failed);
    assertThat(transactions).hasValue(1);
  }

  @Test
  void many_reports_of_locked_runs_are_not_tried_again_together_with_those_of_others()
      throws InterruptedException {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    List<Set<AccountId>> batches = new ArrayList<>();
    SharedRecorder recorder =
        recorder(
            batch -> {
              batches.add(
                  batch.stream()
                      .map(report -> report.run().stack().account())
                      .collect(Collectors.toSet()));
              return record(batch);
            },
            tasks::add,
            LONG);
    locked.add(run("locked"));
    List<TransitionReport> many =
        IntStream.rangeClosed(1, 20).mapToObj(version -> report("locked", version)).toList();
    CompletableFuture<?> blocked = CompletableFuture.runAsync(() -> recorder.record(many));
    tasks.take().run();
    locked.clear();
    Runnable retry = tasks.take();
    CompletableFuture<?> free =
        CompletableFuture.runAsync(() -> recorder.record(List.of(ofOther("run"))));
    Runnable next = tasks.take();

    retry.run();
    next.run();
    while (!tasks.isEmpty()) {
      tasks.take().run();
    }

    CompletableFuture.allOf(blocked, free).join();
    assertThat(batches).allMatch(accounts -> accounts.size() == 1);
  }

  @Test
  void a_batch_that_is_recorded_in_parts_keeps_the_order_of_a_locked_run() {
    List<TransitionReport> reports =
        List.of(report("one", 1), report("two", 1), report("one", 2), report("two", 2));
    locked.add(run("one"));
    SharedRecorder recorder =
        recorder(
            batch -> {
              List<RecordResult> results = record(batch.subList(0, 1));
              locked.clear();
              return results;
            },
            Runnable::run,
            LONG);

    List<RecordResult> results = recorder.record(reports);

    assertThat(results).containsOnly(DONE).hasSize(4);
    assertThat(recorded)
        .containsExactly(report("two", 1), report("two", 2), report("one", 1), report("one", 2));
  }

  @Test
  void an_account_with_many_reports_does_not_delay_another() {
    CompletableFuture<Void> unlocked = new CompletableFuture<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedRecorder recorder =
          recorder(
              batch -> {
                if (batch.getFirst().run().equals(run("flood"))) {
                  unlocked.join();
                }
                return record(batch);
              },
              threads,
              LONG);
      List<TransitionReport> flood =
          IntStream.rangeClosed(1, 1_000).mapToObj(version -> report("flood", version)).toList();
      CompletableFuture<List<RecordResult>> many =
          CompletableFuture.supplyAsync(() -> recorder.record(flood), threads);

      List<RecordResult> one = recorder.record(List.of(ofOther("run")));
      boolean endedFirst = !many.isDone();
      unlocked.complete(null);

      assertThat(one).containsExactly(DONE);
      assertThat(endedFirst).isTrue();
      assertThat(many.join()).hasSize(1_000).containsOnly(DONE);
    }
  }

  @Test
  void an_account_cannot_use_up_the_places_of_others() {
    SharedRecorder recorder = recorder(this::record, Runnable::run, LONG);
    List<TransitionReport> tooMany =
        IntStream.rangeClosed(1, 5_001).mapToObj(version -> report("one", version)).toList();

    assertThatThrownBy(() -> recorder.record(tooMany)).isInstanceOf(StoreBusyException.class);

    assertThat(recorder.record(tooMany.subList(0, 5_000))).hasSize(5_000);
  }

  @Test
  void the_buckets_of_a_server_take_turns() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    List<TransitionReport> reports =
        IntStream.rangeClosed(1, 600).mapToObj(number -> report("run-" + number, 1)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedRecorder recorder =
          new SharedRecorder(
              new Buckets(4)
                  .router(
                      Stream.generate(OfOneServer::new).<Bucket>map(it -> it).limit(4).toList()),
              (ignored, batch) -> {
                overlaps.addAndGet(running.getAndIncrement());
                List<RecordResult> results = record(batch);
                running.decrementAndGet();
                return results;
              },
              threads,
              LONG);

      for (int i = 0; i < 5; i++) {
        assertThat(recorder.record(reports)).hasSize(600).containsOnly(DONE);
      }
    }

    assertThat(overlaps).hasValue(0);
    assertThat(recorded).hasSize(3_000);
  }

  @Test
  void reports_are_recorded_once_if_no_thread_can_be_started() {
    locked.add(run("locked"));
    SharedRecorder recorder =
        recorder(
            batch -> {
              List<RecordResult> results = record(batch);
              locked.clear();
              return results;
            },
            ignored -> {
              throw new RejectedExecutionException("no thread can be started");
            },
            LONG);
    List<TransitionReport> reports = List.of(report("locked", 1), report("free", 1));

    List<RecordResult> results = recorder.record(reports);

    assertThat(results).containsExactly(DONE, DONE);
    assertThat(recorded).containsExactlyElementsOf(reports.reversed());
  }

  @Test
  void reports_keep_their_order_when_the_server_of_their_bucket_becomes_known() throws Exception {
    AtomicReference<Bucket> server = new AtomicReference<>(new OfOneServer());
    List<SharedRecorder> self = new ArrayList<>();
    Thread second = new Thread(() -> self.getFirst().record(List.of(report("one", 2))));
    self.add(
        new SharedRecorder(
            new Buckets(1).router(List.of(new OfOneServer(server::get))),
            (ignored, batch) -> {
              if (batch.contains(report("one", 1))) {
                server.set(SERVER);
                startAndAwaitBlocked(second);
              }
              return record(batch);
            },
            Runnable::run,
            LONG));

    self.getFirst().record(List.of(report("one", 1)));
    second.join();

    assertThat(recorded).containsExactly(report("one", 1), report("one", 2));
  }

  private static SharedRecorder recorder(
      Function<List<TransitionReport>, List<RecordResult>> recorder,
      Executor executor,
      Duration maxBlockedTime) {
    return new SharedRecorder(
        new Buckets(1).router(List.of(new OfOneServer())),
        (ignored, reports) -> recorder.apply(reports),
        executor,
        maxBlockedTime);
  }

  /// A bucket without a store.
  private static final class OfOneServer implements Bucket {
    private final Supplier<Bucket> server;

    OfOneServer() {
      this(() -> SERVER);
    }

    OfOneServer(Supplier<Bucket> server) {
      this.server = server;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      throw new UnsupportedOperationException("this bucket has no store");
    }

    @Override
    public Bucket server() {
      return server.get();
    }
  }

  private List<RecordResult> record(List<TransitionReport> reports) {
    return reports.stream().map(this::record).toList();
  }

  private RecordResult record(TransitionReport report) {
    if (locked.contains(report.run())) {
      return new Failed(new StoreBusyException("locked"));
    }
    recorded.add(report);
    return DONE;
  }

  /// The run is locked in every other transaction.
  private List<RecordResult> recordEveryOther(List<TransitionReport> reports) {
    List<RecordResult> results = record(reports);
    if (!locked.remove(run("one"))) {
      locked.add(run("one"));
    }
    return results;
  }

  private static RunId run(String name) {
    return new RunId(new StackId(new AccountId("acme"), "demo"), name);
  }

  private static TransitionReport report(String run, long version) {
    return TransitionReport.of(run(run), RunState.PLANNING).withVersion(version);
  }

  private static TransitionReport ofOther(String run) {
    return TransitionReport.of(
        new RunId(new StackId(new AccountId("other"), "demo"), run), RunState.PLANNING);
  }

  private static void startAndAwaitBlocked(Thread thread) {
    thread.start();
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}

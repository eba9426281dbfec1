package dev.runhook.application.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatcherOfOneKeyTest {
  private static final String KEY = "key";
  private static final int GROUP = 0;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Collection<List<Integer>> batches = new ConcurrentLinkedQueue<>();

  @Test
  void under_low_load_each_item_is_handled_at_once() {
    FairBatcher<String, Integer, Integer> batcher =
        batcher(new FairBatcher.Policy(100, LONG, 0, 1));

    add(batcher, 1);
    batcher.addAll(KEY, GROUP, List.of(2, 3));

    assertThat(batches).containsExactly(List.of(1), List.of(2, 3));
  }

  @Test
  void items_that_arrive_while_a_batch_is_handled_go_into_the_next_one() {
    List<Integer> late = new ArrayList<>(List.of(2, 3, 4));
    List<FairBatcher<String, Integer, Integer>> self = new ArrayList<>();
    self.add(
        new FairBatcher<>(
            Runnable::run,
            new FairBatcher.Policy(2, Duration.ZERO, 0, 1),
            (group, batch) -> {
              batches.add(batch);
              List.copyOf(late).forEach(item -> add(self.getFirst(), item));
              late.clear();
            }));

    add(self.getFirst(), 1);

    assertThat(batches).containsExactly(List.of(1), List.of(2, 3), List.of(4));
  }

  /// The batch would linger for a minute if it ignored the queued items or the interrupt.
  @Test
  void a_batch_after_a_large_one_lingers_until_it_has_grown_by_the_factor() {
    List<FairBatcher<String, Integer, Integer>> self = new ArrayList<>();
    self.add(
        new FairBatcher<>(
            Runnable::run,
            new FairBatcher.Policy(100, LONG, 0, 1),
            (group, batch) -> {
              batches.add(batch);
              if (batches.size() == 1) {
                Thread.startVirtualThread(
                    () -> numbers(20, 60).forEach(item -> add(self.getFirst(), item)));
              } else {
                Thread.currentThread().interrupt();
              }
            }));

    self.getFirst().addAll(KEY, GROUP, numbers(0, 20));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(batches).containsExactly(numbers(0, 20), numbers(20, 60));
  }

  @Test
  void a_batch_that_stays_small_is_handled_when_the_linger_time_ends() {
    FairBatcher<String, Integer, Integer> batcher =
        batcher(new FairBatcher.Policy(20, Duration.ofMillis(1), 0, 1));

    batcher.addAll(KEY, GROUP, numbers(0, 25));

    assertThat(batches).containsExactly(numbers(0, 20), numbers(20, 25));
  }

  @Test
  void batches_are_handled_concurrently_if_the_queued_items_fill_one() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      FairBatcher<String, Integer, Integer> batcher =
          new FairBatcher<>(
              threads,
              new FairBatcher.Policy(20, Duration.ZERO, 0, 2),
              (group, batch) -> {
                batches.add(batch);
                both.countDown();
                await(both); // never ends if one batch waits for the other
              });

      batcher.addAll(KEY, GROUP, numbers(0, 40));
      batcher.addAll(KEY, GROUP, numbers(40, 60));
      awaitSize(batches, 2); // a closed executor accepts no second loop
    }

    assertThat(both.getCount()).isZero();
    assertThat(batches.stream().flatMap(List::stream)).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void only_one_batch_is_handled_at_a_time_if_the_queued_items_do_not_fill_one() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger maxConcurrent = new AtomicInteger();
    AtomicInteger concurrent = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      FairBatcher<String, Integer, Integer> batcher =
          new FairBatcher<>(
              threads,
              new FairBatcher.Policy(20, Duration.ZERO, 0, 2),
              (group, batch) -> {
                maxConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
                batches.add(batch);
                started.countDown();
                await(finish);
                concurrent.decrementAndGet();
              });

      add(batcher, 0);
      started.await();
      numbers(1, 20).forEach(item -> add(batcher, item));
      finish.countDown();
    }

    assertThat(maxConcurrent).hasValue(1);
    assertThat(batches).containsExactly(numbers(0, 1), numbers(1, 20));
  }

  /// Otherwise, the first loop would handle its own batch only after all others.
  @Test
  void a_loop_does_not_run_the_second_one_that_cannot_be_started() {
    List<Runnable> accepted = new ArrayList<>();
    FairBatcher<String, Integer, Integer> batcher =
        new FairBatcher<>(
            task -> {
              if (!accepted.isEmpty()) {
                throw new RejectedExecutionException("planted");
              }
              accepted.add(task);
            },
            new FairBatcher.Policy(2, Duration.ZERO, 0, 2),
            (group, batch) -> batches.add(batch));

    batcher.addAll(KEY, GROUP, List.of(1, 2, 3, 4));
    accepted.getFirst().run();

    assertThat(batches).containsExactly(List.of(1, 2), List.of(3, 4));
  }

  /// Every item is handled exactly once, in any interleaving of threads.
  @Test
  void concurrent_callers_and_batches_lose_no_item_and_repeat_none() {
    Collection<Integer> seen = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      FairBatcher<String, Integer, Integer> batcher =
          new FairBatcher<>(
              threads,
              new FairBatcher.Policy(7, Duration.ZERO, 0, 3),
              (group, batch) -> seen.addAll(batch));
      for (int thread = 0; thread < 50; thread++) {
        List<Integer> items = numbers(thread * 200, thread * 200 + 200);
        threads.execute(() -> items.forEach(item -> add(batcher, item)));
      }
      awaitSize(seen, 10_000);
    }

    assertThat(seen).hasSize(10_000).doesNotHaveDuplicates();
  }

  private FairBatcher<String, Integer, Integer> batcher(FairBatcher.Policy policy) {
    return new FairBatcher<>(Runnable::run, policy, (group, batch) -> batches.add(batch));
  }

  private static void add(FairBatcher<String, Integer, Integer> batcher, int item) {
    batcher.addAll(KEY, GROUP, List.of(item));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitSize(Collection<?> items, int size) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (items.size() < size && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}

package dev.runhook.application.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class BatcherTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Collection<List<Integer>> batches = new ConcurrentLinkedQueue<>();

  @Test
  void where_there_is_little_to_do_each_item_goes_at_once() {
    Batcher<Integer> batcher = combiner(new Batcher.Policy(100, LONG, 2, 1));

    batcher.add(1);
    batcher.addAll(List.of(2, 3));

    assertThat(batches).containsExactly(List.of(1), List.of(2, 3));
  }

  @Test
  void what_arrives_while_a_batch_is_worked_on_goes_into_the_next() {
    List<Integer> late = new ArrayList<>(List.of(2, 3, 4));
    List<Batcher<Integer>> self = new ArrayList<>();
    self.add(
        Batcher.using(
            Runnable::run,
            new Batcher.Policy(2, Duration.ZERO, 1, 1),
            batch -> {
              batches.add(batch);
              List.copyOf(late).forEach(self.getFirst()::add);
              late.clear();
            }));

    self.getFirst().add(1);

    assertThat(batches).containsExactly(List.of(1), List.of(2, 3), List.of(4));
  }

  /// Would wait for a minute if it did not see that there are enough, or that nobody wants it to.
  @Test
  void after_a_large_batch_the_next_waits_until_it_is_as_large_times_growth() {
    List<Batcher<Integer>> self = new ArrayList<>();
    self.add(
        Batcher.using(
            Runnable::run,
            new Batcher.Policy(100, LONG, 2, 1),
            batch -> {
              batches.add(batch);
              if (batches.size() == 1) {
                Thread.startVirtualThread(() -> numbers(10, 30).forEach(self.getFirst()::add));
              } else {
                Thread.currentThread().interrupt();
              }
            }));

    self.getFirst().addAll(numbers(0, 10));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(batches).containsExactly(numbers(0, 10), numbers(10, 30));
  }

  @Test
  void what_comes_too_few_goes_when_the_time_is_over() {
    Batcher<Integer> batcher = combiner(new Batcher.Policy(20, Duration.ofMillis(1), 1, 1));

    batcher.addAll(numbers(0, 25));

    assertThat(batches).containsExactly(numbers(0, 20), numbers(20, 25));
  }

  @Test
  void while_there_is_enough_for_the_largest_another_batch_is_worked_on_beside() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Batcher<Integer> batcher =
          Batcher.using(
              threads,
              new Batcher.Policy(20, Duration.ZERO, 1, 2),
              batch -> {
                batches.add(batch);
                both.countDown();
                await(both); // which it never would be if one waited for the other
              });

      batcher.addAll(numbers(0, 40));
      batcher.addAll(numbers(40, 60));
    }

    assertThat(both.getCount()).isZero();
    assertThat(batches.stream().flatMap(List::stream)).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void where_there_is_not_enough_for_the_largest_one_batch_is_worked_on_at_a_time()
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Batcher<Integer> batcher =
          Batcher.using(
              threads,
              new Batcher.Policy(20, Duration.ZERO, 1, 2),
              batch -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                batches.add(batch);
                begun.countDown();
                await(end);
                now.decrementAndGet();
              });

      batcher.add(0);
      begun.await();
      numbers(1, 20).forEach(batcher::add);
      end.countDown();
    }

    assertThat(most).hasValue(1);
    assertThat(batches).containsExactly(numbers(0, 1), numbers(1, 20));
  }

  /// Whoever added it would take it for lost, and it would come all the same.
  @Test
  void an_executor_that_takes_no_second_batch_is_no_failure_while_the_first_is_worked_on() {
    List<Runnable> taken = new ArrayList<>();
    Batcher<Integer> batcher =
        Batcher.using(
            task -> {
              if (!taken.isEmpty()) {
                throw new RejectedExecutionException("planted");
              }
              taken.add(task);
            },
            new Batcher.Policy(2, Duration.ZERO, 1, 2),
            batches::add);

    batcher.addAll(List.of(1, 2));
    batcher.addAll(List.of(3, 4));
    taken.getFirst().run();

    assertThat(batches).containsExactly(List.of(1, 2), List.of(3, 4));
  }

  /// Whatever the order in which threads come and go, nothing is left and nothing comes twice.
  @Test
  void many_threads_and_several_batches_at_once_lose_nothing() {
    Collection<Integer> seen = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Batcher<Integer> batcher =
          Batcher.using(threads, new Batcher.Policy(7, Duration.ZERO, 1, 3), seen::addAll);
      for (int thread = 0; thread < 50; thread++) {
        List<Integer> mine = numbers(thread * 200, thread * 200 + 200);
        threads.execute(() -> mine.forEach(batcher::add));
      }
      awaitSize(seen, 10_000);
    }

    assertThat(seen).hasSize(10_000).doesNotHaveDuplicates();
  }

  @Test
  void what_waits_can_be_taken_out() {
    Batcher<Integer> batcher =
        Batcher.using(_ -> {}, new Batcher.Policy(100, LONG, 1, 1), batches::add);

    batcher.addAll(numbers(0, 3));

    assertThat(batcher.drain()).isEqualTo(numbers(0, 3));
    assertThat(batcher.drain()).isEmpty();
  }

  @Test
  void an_executor_that_takes_nothing_is_told_and_the_item_stays() {
    Batcher<Integer> batcher =
        Batcher.using(
            _ -> {
              throw new RejectedExecutionException("planted");
            },
            new Batcher.Policy(100, LONG, 1, 1),
            batches::add);

    assertThatThrownBy(() -> batcher.add(1)).isInstanceOf(RejectedExecutionException.class);
    assertThat(batcher.drain()).containsExactly(1);
  }

  private Batcher<Integer> combiner(Batcher.Policy policy) {
    return Batcher.using(Runnable::run, policy, batches::add);
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

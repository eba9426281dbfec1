package dev.runhook.application.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FairBatcherTest {
  private static final FairBatcher.Policy POLICY = new FairBatcher.Policy(6, Duration.ZERO, 2, 1);

  private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
  private final List<FairBatcher<String, Integer, String>> self = new ArrayList<>();

  @Test
  void under_low_load_each_item_is_handled_at_once() {
    FairBatcher<String, Integer, String> batcher =
        new FairBatcher<>(Runnable::run, POLICY, (group, batch) -> batches.add(batch));

    batcher.addAll("a", 0, List.of("a1"));
    batcher.addAll("a", 0, List.of("a2", "a3"));

    assertThat(batches).containsExactly(List.of("a1"), List.of("a2", "a3"));
  }

  @Test
  void keys_with_few_items_share_a_batch() {
    FairBatcher<String, Integer, String> batcher =
        batcherThatAddsDuringTheFirstBatch(() -> {
          self.getFirst().addAll("b", 0, List.of("b1", "b2"));
          self.getFirst().addAll("c", 0, List.of("c1", "c2"));
          self.getFirst().addAll("d", 0, List.of("d1"));
          self.getFirst().addAll("e", 0, List.of("e1", "e2"));
        });

    batcher.addAll("a", 0, List.of("a1"));

    assertThat(batches)
        .containsExactly(List.of("a1"), List.of("b1", "b2", "c1", "c2", "d1", "e1"), List.of("e2"));
  }

  @Test
  void keys_with_many_items_take_turns_in_batches_of_their_own() {
    FairBatcher<String, Integer, String> batcher =
        batcherThatAddsDuringTheFirstBatch(() -> {
          self.getFirst().addAll("b", 0, many("b", 9));
          self.getFirst().addAll("c", 0, many("c", 7));
        });

    batcher.addAll("a", 0, many("a", 10));

    assertThat(batches.stream().map(batch -> batch.getFirst().substring(0, 1)))
        .containsExactly("a", "b", "c", "a", "b", "c");
    assertThat(batches.stream().map(List::size)).containsExactly(6, 6, 6, 4, 3, 1);
  }

  @Test
  void a_batch_has_items_of_one_group_and_the_groups_of_a_key_take_turns() {
    FairBatcher<String, Integer, String> batcher =
        batcherThatAddsDuringTheFirstBatch(() -> {
          self.getFirst().addAll("b", 1, many("b1-", 8));
          self.getFirst().addAll("b", 2, many("b2-", 2));
          self.getFirst().addAll("c", 1, many("c1-", 3));
        });

    batcher.addAll("a", 1, many("a", 6));

    assertThat(batches)
        .containsExactly(
            many("a", 6), many("b1-", 6), many("c1-", 3), many("b2-", 2), List.of("b1-6", "b1-7"));
  }

  @Test
  void keys_with_few_items_share_batches_of_one_group_each() {
    FairBatcher<String, Integer, String> batcher =
        batcherThatAddsDuringTheFirstBatch(() -> {
          self.getFirst().addAll("b", 1, List.of("b1"));
          self.getFirst().addAll("c", 2, List.of("c2"));
          self.getFirst().addAll("d", 1, List.of("d1"));
          self.getFirst().addAll("d", 2, List.of("d2"));
        });

    batcher.addAll("a", 1, List.of("a1"));

    assertThat(batches).containsExactly(List.of("a1"), List.of("b1", "d1"), List.of("c2", "d2"));
  }

  @Test
  void a_key_with_few_items_in_each_of_many_groups_does_not_share() {
    FairBatcher<String, Integer, String> batcher =
        batcherThatAddsDuringTheFirstBatch(() -> {
          self.getFirst().addAll("b", 1, List.of("b1", "b2"));
          self.getFirst().addAll("b", 2, List.of("b3"));
          self.getFirst().addAll("c", 1, List.of("c1"));
        });

    batcher.addAll("a", 1, List.of("a1"));

    assertThat(batches)
        .containsExactly(List.of("a1"), List.of("b1", "b2"), List.of("b3"), List.of("c1"));
  }

  @Test
  void a_key_with_few_items_does_not_wait_for_the_batch_of_another() throws InterruptedException {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      FairBatcher<String, Integer, String> batcher =
          new FairBatcher<>(
              threads,
              POLICY,
              (group, batch) -> {
                if (batch.contains("flood0")) {
                  await(released);
                } else if (batch.contains("quiet")) {
                  others.countDown();
                }
              });
      batcher.addAll("flood", 0, many("flood", 100));

      batcher.addAll("other", 0, List.of("quiet"));

      others.await();
      released.countDown();
    }
    assertThat(released.getCount()).isZero();
  }

  /// Every item is handled exactly once, in any interleaving of threads.
  ///
  /// @param rejected every how many-th task the executor rejects
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, Integer.MAX_VALUE})
  void the_items_of_a_key_are_handled_in_order_and_one_batch_at_a_time(int rejected) {
    AtomicInteger tasks = new AtomicInteger();
    Map<String, List<String>> handled = new ConcurrentHashMap<>();
    Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    AtomicInteger overlaps = new AtomicInteger();
    List<String> keys = List.of("a", "b", "c", "d");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      FairBatcher<String, Integer, String> batcher =
          new FairBatcher<>(
              task -> {
                if (tasks.incrementAndGet() % rejected == 0) {
                  throw new RejectedExecutionException("planted");
                }
                threads.execute(task);
              },
              new FairBatcher.Policy(7, Duration.ofMillis(1), 2, 1),
              (group, batch) -> {
                List<String> keysOfBatch =
                    batch.stream().map(item -> item.substring(0, 1)).distinct().toList();
                keysOfBatch.forEach(key -> {
                  if (count(running, key).getAndIncrement() > 0) {
                    overlaps.incrementAndGet();
                  }
                });
                batch.forEach(item ->
                    handled
                        .computeIfAbsent(item.substring(0, 1), ignored -> new ArrayList<>())
                        .add(item));
                keysOfBatch.forEach(key -> count(running, key).decrementAndGet());
              });
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        keys.forEach(key ->
            callers.execute(() ->
                IntStream.range(0, 2_000).forEach(i -> batcher.addAll(key, 0, List.of(key + i)))));
      }
    }

    assertThat(overlaps).hasValue(0);
    keys.forEach(key -> assertThat(handled.get(key)).containsExactlyElementsOf(many(key, 2_000)));
  }

  @Test
  void items_that_arrive_after_a_large_batch_extend_the_next_one() {
    self.add(
        new FairBatcher<>(
            Runnable::run,
            new FairBatcher.Policy(100, Duration.ofMinutes(1), 2, 1),
            (group, batch) -> {
              batches.add(batch);
              if (batches.size() == 1) {
                self.getFirst()
                    .addAll("a", 0, many("a", 40)); // twice as many as in the first, so no linger
              } else {
                Thread.currentThread().interrupt(); // ends the linger
              }
            }));

    self.getFirst().addAll("a", 0, many("a", 20));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(batches).containsExactly(many("a", 20), many("a", 40));
  }

  @Test
  void a_batch_does_not_linger_while_another_key_waits() {
    self.add(
        new FairBatcher<>(
            Runnable::run,
            new FairBatcher.Policy(100, Duration.ofDays(1), 2, 1),
            (group, batch) -> {
              batches.add(batch);
              if (batches.size() == 1) {
                self.getFirst().addAll("b", 0, many("b", 3));
              }
            }));

    self.getFirst().addAll("a", 0, many("a", 20));

    assertThat(batches).containsExactly(many("a", 20), many("b", 3));
  }

  @Test
  void a_failed_batch_does_not_stop_the_next_one() {
    FairBatcher<String, Integer, String> batcher =
        batcherThatAddsDuringTheFirstBatch(() -> {
          self.getFirst().addAll("a", 0, List.of("a2"));
          throw new IllegalStateException("a bug");
        });

    assertThatThrownBy(() -> batcher.addAll("a", 0, List.of("a1")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(batches).containsExactly(List.of("a1"), List.of("a2"));
  }

  @Test
  void the_caller_handles_its_items_if_no_thread_can_be_started() {
    FairBatcher<String, Integer, String> batcher =
        new FairBatcher<>(FairBatcherTest::reject, POLICY, (group, batch) -> batches.add(batch));

    batcher.addAll("a", 0, many("a", 8));
    batcher.addAll("b", 0, List.of("b1"));

    assertThat(batches).containsExactly(many("a", 6), List.of("a6", "a7"), List.of("b1"));
  }

  @Test
  void threads_are_used_again_as_soon_as_they_can_be_started() {
    AtomicInteger starts = new AtomicInteger();
    FairBatcher<String, Integer, String> batcher =
        new FairBatcher<>(
            loop -> {
              if (starts.getAndIncrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              loop.run();
            },
            POLICY,
            (group, batch) -> batches.add(batch));

    batcher.addAll("a", 0, many("a", 8));
    batcher.addAll("a", 0, List.of("a8"));

    assertThat(batches).containsExactly(many("a", 6), List.of("a6", "a7"), List.of("a8"));
    assertThat(starts).hasValue(3);
  }

  /// The first caller would handle the items of both others before it returns.
  @Test
  void callers_without_threads_take_turns() throws InterruptedException {
    List<Thread> handledBy = new ArrayList<>();
    Thread second = Thread.ofPlatform().unstarted(() -> add("b"));
    Thread third = Thread.ofPlatform().unstarted(() -> add("c"));
    self.add(
        new FairBatcher<>(
            FairBatcherTest::reject,
            POLICY,
            (group, batch) -> {
              batches.add(batch);
              handledBy.add(Thread.currentThread());
              if (batches.size() == 1) {
                startAndAwaitBlocked(second);
                startAndAwaitBlocked(third);
              }
            }));

    add("a");
    second.join();
    third.join();

    assertThat(batches).containsExactly(List.of("a"), List.of("b", "c"));
    assertThat(handledBy).containsExactly(Thread.currentThread(), second);
  }

  @Test
  void a_caller_that_adds_while_it_handles_a_batch_does_not_wait_for_itself() {
    self.add(
        new FairBatcher<>(
            FairBatcherTest::reject,
            POLICY,
            (group, batch) -> {
              batches.add(batch);
              if (batches.size() < 3) {
                add("a" + batches.size());
              }
            }));

    add("a0");

    assertThat(batches).containsExactly(List.of("a0"), List.of("a1"), List.of("a2"));
  }

  private void add(String item) {
    self.getFirst().addAll(item.substring(0, 1), 0, List.of(item));
  }

  private static void reject(Runnable ignored) {
    throw new RejectedExecutionException("no thread can be started");
  }

  private static void startAndAwaitBlocked(Thread thread) {
    thread.start();
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private FairBatcher<String, Integer, String> batcherThatAddsDuringTheFirstBatch(Runnable add) {
    self.add(
        new FairBatcher<>(
            Runnable::run,
            POLICY,
            (group, batch) -> {
              batches.add(batch);
              if (batches.size() == 1) {
                add.run();
              }
            }));
    return self.getFirst();
  }

  private static AtomicInteger count(Map<String, AtomicInteger> counts, String key) {
    return counts.computeIfAbsent(key, ignored -> new AtomicInteger());
  }

  private static List<String> many(String key, int count) {
    return IntStream.range(0, count).mapToObj(number -> key + number).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

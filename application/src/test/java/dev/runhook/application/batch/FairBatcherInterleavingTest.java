package dev.runhook.application.batch;

import static dev.runhook.application.interleaving.Interleavings.explore;
import static dev.runhook.application.interleaving.Interleavings.inParallel;
import static dev.runhook.application.interleaving.Interleavings.join;
import static dev.runhook.application.interleaving.Interleavings.require;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever the order in which threads go on, each item is handled once, and none stays behind.
@Tag("slow")
class FairBatcherInterleavingTest {
  private static final FairBatcher.Policy POLICY = new FairBatcher.Policy(6, Duration.ZERO, 2, 1);
  private static final List<Integer> FIRST = List.of(0);
  private static final List<Integer> SECOND = List.of(1);

  /// Starts a thread for each task.
  private static final class NewThreads implements Executor {
    private final List<Thread> started = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
      Thread thread = new Thread(task);
      synchronized (this) {
        started.add(thread);
      }
      thread.start();
    }

    synchronized List<Thread> takeStarted() {
      List<Thread> taken = List.copyOf(started);
      started.clear();
      return taken;
    }

    void await() {
      for (List<Thread> all = takeStarted(); !all.isEmpty(); all = takeStarted()) {
        join(all.toArray(Thread[]::new));
      }
    }
  }

  @Test
  void items_of_two_callers_are_handled_once() {
    explore(() -> {
      NewThreads threads = new NewThreads();

      requireAllHandled(threads, threads::await);
    });
  }

  @Test
  void callers_handle_the_items_if_no_thread_can_be_started() {
    explore(() -> {
      Executor none =
          ignored -> {
            throw new RejectedExecutionException();
          };

      requireAllHandled(none, () -> {});
    });
  }

  private static void requireAllHandled(Executor executor, Runnable await) {
    int[] handled = new int[2];
    FairBatcher<String, Integer, Integer> batcher =
        new FairBatcher<>(
            executor, POLICY, (group, items) -> items.forEach(item -> handled[item]++));

    inParallel(() -> batcher.addAll("a", 0, FIRST), () -> batcher.addAll("a", 0, SECOND));
    await.run();

    require(handled[0] == 1 && handled[1] == 1, "an item was not handled once");
  }
}

package dev.runhook.application.batch;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Carries what many threads bring, in batches, one batch at a time or a few: what arrives while a
/// batch is worked on goes into the next. Where there is little to do nothing waits: the time that
/// a batch takes is the time that the next one collects for. Where there is much, the next batch
/// may wait a little until it is large as well, because many small ones cost more than one.
public interface Batcher<T> {
  /// @param work handles a batch, all of its failures too; what it throws all the same ends in the
  ///   executor
  static <T> Batcher<T> using(Executor executor, Policy policy, Consumer<List<T>> work) {
    return new QueueingBatcher<>(executor, policy, work);
  }

  /// How large batches are.
  ///
  /// @param largest how many items a batch has at most
  /// @param gathering how long a batch after a large one waits at most to become as large as that
  ///   one, times growth
  /// @param atOnce how many batches are worked on at a time, at most; more than one only while
  ///   there is enough for the largest
  record Policy(int maxSize, Duration linger, int growth, int maxConcurrent) {}

  /// Adds an item to the next batch. Thread-safe; does not wait for the batch, unless the executor
  /// runs it right here.
  void add(T item);

  /// Adds items, in their order; they go together as far as a batch has room.
  void addAll(Collection<T> items);

  /// Takes out what waits for the next batches.
  List<T> drain();
}

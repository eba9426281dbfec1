package dev.runhook.application.batch;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Carries what many threads bring, in batches, one batch at a time: what arrives while a batch is
/// worked on goes into the next. There is no timer: the time that a batch takes is the time that
/// the next one collects for.
public interface Combiner<T> {
  /// @param largest how many items a batch has at most
  /// @param work handles a batch, all of its failures too; what it throws all the same ends in the
  ///   executor
  static <T> Combiner<T> using(Executor executor, int largest, Consumer<List<T>> work) {
    return new QueueingCombiner<>(executor, largest, work);
  }

  /// Adds an item to the next batch. Thread-safe; does not wait for the batch, unless the executor
  /// runs it right here.
  void add(T item);

  /// Adds items, in their order; they go together as far as a batch has room.
  void addAll(Collection<T> items);

  /// Takes out what waits for the next batches.
  List<T> drain();
}

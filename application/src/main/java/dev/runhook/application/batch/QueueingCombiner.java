package dev.runhook.application.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

final class QueueingCombiner<T> implements Combiner<T> {
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean carrying = new AtomicBoolean();
  private final Executor executor;
  private final int largest;
  private final Consumer<List<T>> work;

  QueueingCombiner(Executor executor, int largest, Consumer<List<T>> work) {
    this.executor = executor;
    this.largest = largest;
    this.work = work;
  }

  @Override
  public void add(T item) {
    waiting.add(item);
    carryOn();
  }

  @Override
  public void addAll(Collection<T> items) {
    waiting.addAll(items);
    carryOn();
  }

  @Override
  public List<T> drain() {
    List<T> all = new ArrayList<>();
    for (List<T> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
      all.addAll(batch);
    }
    return all;
  }

  private void carryOn() {
    if (!waiting.isEmpty() && carrying.compareAndSet(false, true)) {
      try {
        executor.execute(this::carry);
      } catch (RejectedExecutionException e) {
        carrying.set(false);
        throw e;
      }
    }
  }

  private void carry() {
    try {
      for (List<T> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
        work.accept(batch);
      }
    } finally {
      carrying.set(false);
      carryOn(); // for what came between the last look and the release
    }
  }

  private List<T> nextBatch() {
    List<T> batch = new ArrayList<>();
    while (batch.size() < largest) {
      T item = waiting.poll();
      if (item == null) {
        break;
      }
      batch.add(item);
    }
    return batch;
  }
}

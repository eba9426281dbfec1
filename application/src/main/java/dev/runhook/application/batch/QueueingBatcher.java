package dev.runhook.application.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

final class QueueingBatcher<T> implements Batcher<T> {
  /// Beyond so many items a batch is large: what it costs by itself is small beside its items.
  private static final int LARGE = 8;

  private static final Duration LOOK = Duration.ofNanos(250_000);

  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicInteger carrying = new AtomicInteger();
  private final Executor executor;
  private final Policy policy;
  private final Consumer<List<T>> work;

  QueueingBatcher(Executor executor, Policy size, Consumer<List<T>> work) {
    this.executor = executor;
    this.policy = size;
    this.work = work;
  }

  @Override
  public void add(T item) {
    waitingCount.incrementAndGet();
    waiting.add(item);
    carryOn();
  }

  @Override
  public void addAll(Collection<T> items) {
    waitingCount.addAndGet(items.size());
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
    int many = carrying.get();
    if (!waiting.isEmpty() && many < wanted() && carrying.compareAndSet(many, many + 1)) {
      try {
        executor.execute(this::carry);
      } catch (RejectedExecutionException e) {
        if (carrying.decrementAndGet() == 0) {
          throw e;
        } // else whoever carries looks again
      }
    }
  }

  private int wanted() {
    return waitingCount.get() < policy.maxSize() ? 1 : policy.maxConcurrent();
  }

  private void carry() {
    boolean retired = false;
    try {
      List<T> batch = nextBatch();
      while (!batch.isEmpty()) {
        work.accept(batch);
        retired = retires();
        if (retired) {
          return;
        }
        if (batch.size() > LARGE) {
          gather(Math.min(policy.maxSize(), batch.size() * policy.growth()));
        }
        batch = nextBatch();
      }
    } finally {
      if (!retired) {
        carrying.decrementAndGet();
      }
      carryOn(); // for what came between the last look and the release
    }
  }

  /// Leaves what waits to the others, if they are enough.
  private boolean retires() {
    int many = carrying.get();
    return many > wanted() && carrying.compareAndSet(many, many - 1);
  }

  /// Looks again and again; on an interrupted thread none of that takes time.
  private void gather(int enough) {
    for (long looks = policy.linger().dividedBy(LOOK);
        looks > 0 && waitingCount.get() < enough;
        looks--) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private List<T> nextBatch() {
    List<T> batch = new ArrayList<>();
    while (batch.size() < policy.maxSize()) {
      T item = waiting.poll();
      if (item == null) {
        break;
      }
      batch.add(item);
    }
    waitingCount.addAndGet(-batch.size());
    return batch;
  }
}

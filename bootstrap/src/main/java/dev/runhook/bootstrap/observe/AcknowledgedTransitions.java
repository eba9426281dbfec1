package dev.runhook.bootstrap.observe;

import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// The transitions that this process acknowledged recently: the last one of each tenth of a second.
/// They show whether a database has lost its latest commits. Thread-safe.
public final class AcknowledgedTransitions {
  private static final int CAPACITY = 300;
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final LongSupplier nanoTime;
  private final Deque<Entry> entries = new ArrayDeque<>(); // guarded by this

  /// @param nanoTime a monotonic clock
  public AcknowledgedTransitions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// @param since the first `nanoTime` of its interval
  private record Entry(RunId run, long version, long since) {
    boolean isIn(UnitOfWork unit) {
      return unit.runs()
          .find(run)
          .filter(stored -> stored.progress().version() >= version)
          .isPresent();
    }

    @Override
    public String toString() {
      return "version %d of run %s of stack %s".formatted(version, run.name(), run.stack().slug());
    }
  }

  synchronized void add(Recorded recorded) {
    long since = nanoTime.getAsLong();
    if (!entries.isEmpty() && since - entries.getLast().since() < INTERVAL.toNanos()) {
      since = entries.removeLast().since();
    }
    entries.addLast(new Entry(recorded.run().id(), recorded.transition().version(), since));
    if (entries.size() > CAPACITY) {
      entries.removeFirst();
    }
  }

  /// Removes the transitions of a stack that is deleted.
  synchronized void remove(StackId stack) {
    entries.removeIf(entry -> entry.run().stack().equals(stack));
  }

  /// Returns the transitions that the store does not contain, in the order in which they were
  /// acknowledged.
  List<String> findLost(BucketRouter buckets) {
    List<Entry> all = copy();
    Set<Entry> lost = new HashSet<>();
    all.stream()
        .collect(groupingBy(entry -> buckets.of(entry.run().stack())))
        .forEach((bucket, ofBucket) ->
            lost.addAll(
                bucket.<List<Entry>>inSnapshot(
                    unit -> ofBucket.stream().filter(entry -> !entry.isIn(unit)).toList())));
    return all.stream().filter(lost::contains).map(Entry::toString).toList();
  }

  private synchronized List<Entry> copy() {
    return List.copyOf(entries);
  }
}

package dev.runhook.bootstrap.observe;

import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.run.JournalObserver;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The transitions of one database that this process acknowledged recently: the last one of each
/// tenth of a second. They show whether the database has lost its latest commits. Thread-safe.
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
  private record Entry(TransitionKey key, RunState state, long since) {
    StackId stack() {
      return key.run().stack();
    }

    /// A later transition of the run, or another one with the same version, does not count: it may
    /// have been reported to the new primary.
    boolean isIn(Map<TransitionKey, Transition> stored) {
      Transition found = stored.get(key);
      return found != null && found.state() == state;
    }

    @Override
    public String toString() {
      return "version %d of run %s of stack %s"
          .formatted(key.version(), key.run().name(), stack().slug());
    }
  }

  /// Returns what remembers the latest transitions that a journal has recorded.
  ///
  /// @param acknowledged returns those of the database that has the stack
  public static JournalObserver observer(Function<StackId, AcknowledgedTransitions> acknowledged) {
    return new JournalObserver() {
      @Override
      public void onRecorded(Recorded recorded) {
        acknowledged.apply(recorded.run().id().stack()).add(recorded);
      }

      @Override
      public void onStackDeletion(StackId stack) {
        acknowledged.apply(stack).remove(stack);
      }
    };
  }

  synchronized void add(Recorded recorded) {
    long since = nanoTime.getAsLong();
    if (!entries.isEmpty() && since - entries.getLast().since() < INTERVAL.toNanos()) {
      since = entries.removeLast().since();
    }
    TransitionKey key = new TransitionKey(recorded.run().id(), recorded.transition().version());
    entries.addLast(new Entry(key, recorded.transition().state(), since));
    if (entries.size() > CAPACITY) {
      entries.removeFirst();
    }
  }

  /// Removes the transitions of a stack that is deleted.
  synchronized void remove(StackId stack) {
    entries.removeIf(entry -> entry.stack().equals(stack));
  }

  /// Returns the transitions that the store does not contain, in the order in which they were
  /// acknowledged.
  List<String> findLost(BucketRouter buckets) {
    List<Entry> all = copy();
    Set<Entry> lost = new HashSet<>();
    all.stream()
        .collect(groupingBy(entry -> buckets.of(entry.stack())))
        .forEach((bucket, ofBucket) -> {
          List<TransitionKey> keys = ofBucket.stream().map(Entry::key).toList();
          Map<TransitionKey, Transition> stored =
              bucket.inSnapshot(unit -> unit.runs().findTransitions(keys));
          ofBucket.stream().filter(entry -> !entry.isIn(stored)).forEach(lost::add);
        });
    return all.stream().filter(lost::contains).map(Entry::toString).toList();
  }

  private synchronized List<Entry> copy() {
    return List.copyOf(entries);
  }
}

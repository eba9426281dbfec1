package dev.runhook.application.dispatch;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.dispatch.Dispatcher.PollResult;
import dev.runhook.application.spi.Transactor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;

/// Polls the buckets in turn, each time beginning with another one. A bucket whose store is
/// unavailable does not delay the others for long: it is left out until another thread has reached
/// it again. Used by the thread that polls.
final class BucketPolls {
  private final Deque<Transactor> turns;
  private final Function<Transactor, PollResult> poll;
  private final Runnable wake;
  private final Executor executor;
  private final Set<Transactor> unavailable = ConcurrentHashMap.newKeySet();

  /// The unavailable buckets that a thread is trying to reach.
  private final Set<Transactor> checked = ConcurrentHashMap.newKeySet();

  /// @param wake called when an unavailable bucket is available again
  /// @param executor tries to reach unavailable buckets
  BucketPolls(
      List<Transactor> buckets,
      Function<Transactor, PollResult> poll,
      Runnable wake,
      Executor executor) {
    this.turns = new ArrayDeque<>(buckets);
    this.poll = poll;
    this.wake = wake;
    this.executor = executor;
  }

  /// Polls all available buckets, even if one of them fails. Then the failure is thrown.
  PollResult poll() {
    if (turns.size() == 1) {
      return poll.apply(turns.getFirst());
    }
    turns.addLast(turns.removeFirst());
    PollResult result = new PollResult(0, false, Optional.empty());
    Optional<RuntimeException> failure = Optional.empty();
    for (Transactor bucket : turns) {
      if (unavailable.contains(bucket)) {
        check(bucket);
        continue;
      }
      try {
        result = merge(result, poll.apply(bucket));
      } catch (RuntimeException e) {
        if (e instanceof StoreUnavailableException && !(e instanceof StoreBusyException)) {
          unavailable.add(bucket);
          check(bucket);
        }
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return result;
  }

  private static PollResult merge(PollResult first, PollResult second) {
    return new PollResult(
        first.claimed() + second.claimed(),
        first.limitReached() || second.limitReached(),
        Stream.of(first.timeUntilNextDue(), second.timeUntilNextDue())
            .flatMap(Optional::stream)
            .min(Duration::compareTo));
  }

  private void check(Transactor bucket) {
    if (!checked.add(bucket)) {
      return;
    }
    try {
      executor.execute(() -> tryToReach(bucket));
    } catch (RejectedExecutionException ignored) { // this process is stopping
      checked.remove(bucket);
    }
  }

  private void tryToReach(Transactor bucket) {
    try {
      bucket.run(unit -> unit.deliveries().timeUntilNextDue());
      unavailable.remove(bucket);
      wake.run();
    } catch (StoreUnavailableException ignored) {
      // the next poll checks it again
    } finally {
      checked.remove(bucket);
    }
  }
}

package dev.runhook.application.dispatch;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
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
  private final Deque<Bucket> turns;
  private final Function<Bucket, PollResult> poll;
  private final PollSchedule schedule;
  private final Executor executor;
  private final Set<Bucket> unavailable = ConcurrentHashMap.newKeySet();

  /// The unavailable buckets that a thread is trying to reach.
  private final Set<Bucket> checked = ConcurrentHashMap.newKeySet();

  /// @param executor tries to reach unavailable buckets
  BucketPolls(
      List<Bucket> buckets,
      Function<Bucket, PollResult> poll,
      PollSchedule schedule,
      Executor executor) {
    this.turns = new ArrayDeque<>(buckets);
    this.poll = poll;
    this.schedule = schedule;
    this.executor = executor;
  }

  /// Polls the available buckets that the schedule includes, even if one of them fails. Then the
  /// failure is thrown.
  PollResult poll() {
    if (turns.size() == 1) {
      return poll.apply(turns.getFirst());
    }
    turns.addLast(turns.removeFirst());
    PollResult result = new PollResult(0, false, Optional.empty());
    Optional<RuntimeException> failure = Optional.empty();
    for (Bucket bucket : turns) {
      if (unavailable.contains(bucket)) {
        check(bucket);
        continue;
      }
      try {
        if (schedule.includes(bucket)) {
          result = merge(result, pollOne(bucket));
        }
        Optional<Duration> next = Optional.of(schedule.timeUntilPoll(bucket));
        result = merge(result, new PollResult(0, false, next));
      } catch (RuntimeException e) {
        schedule.expect(bucket, Duration.ZERO);
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

  private PollResult pollOne(Bucket bucket) {
    schedule.onPoll(bucket);
    PollResult result = poll.apply(bucket);
    Optional<Duration> next =
        result.limitReached() ? Optional.of(Duration.ZERO) : result.timeUntilNextDue();
    next.ifPresent(time -> schedule.expect(bucket, time));
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

  private void check(Bucket bucket) {
    if (!checked.add(bucket)) {
      return;
    }
    try {
      executor.execute(() -> tryToReach(bucket));
    } catch (RejectedExecutionException ignored) { // this process is stopping
      checked.remove(bucket);
    }
  }

  private void tryToReach(Bucket bucket) {
    try {
      bucket.run(unit -> unit.deliveries().timeUntilNextDue());
      unavailable.remove(bucket);
      schedule.wake(bucket, Duration.ZERO);
    } catch (StoreUnavailableException ignored) {
      // the next poll checks it again
    } finally {
      checked.remove(bucket);
    }
  }
}

package dev.runhook.application.delivery;

import dev.runhook.application.batch.Combiner;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Brings what was sent to be settled: what ends while a batch is written goes into the next, and
/// what was deferred comes again, as long as it is worth while. Whatever happens, each attempt is
/// told of once: it is settled, or never will be from here.
final class Settlements {
  private static final int LARGEST = 500;

  /// A result that waits a little costs nobody anything; the next of its lane waits with it, but
  /// only while there is much to do.
  private static final Duration GATHERING = Duration.ofMillis(10);

  private static final Duration BEFORE_DEFERRED = Duration.ofMillis(5);

  private final Settler settler;
  private final Executor executor;
  private final DispatchObserver observer;
  private final Follower follower;
  private final Combiner<Sent> batches;

  /// @param places how many attempts are begun and not yet over, at most
  Settlements(
      Settler settler,
      Executor executor,
      DispatchObserver observer,
      Follower follower,
      int places) {
    this.settler = settler;
    this.executor = executor;
    this.observer = observer;
    this.follower = follower;
    this.batches = Combiner.using(executor, batches(places), this::settle);
  }

  /// Batches of a quarter of what there can be: so none is waited for that cannot become as large,
  /// and while two are written the rest goes on.
  static Combiner.Size batches(int places) {
    return new Combiner.Size(Math.clamp(places / 4, 1, LARGEST), GATHERING, 2, 2);
  }

  /// Goes on from there.
  interface Follower {
    /// How long what is freed is leased to us; absent where we take no more.
    Optional<Duration> leaseForNext();

    /// This moment, in nanoseconds.
    long tick();

    /// Takes over what was freed; it is begun with when its attempts are [#over].
    ///
    /// @param leasedAt a tick from before the leases of what was freed began
    void settled(Settling.Result result, long leasedAt);

    /// Attempts for those webhooks are over, which makes room for others.
    void over(List<WebhookId> webhooks);
  }

  void add(Sent sent) {
    try {
      batches.add(sent);
    } catch (RejectedExecutionException e) {
      forget(List.of(sent), e);
    }
  }

  private void settle(List<Sent> batch) {
    long leasedAt = follower.tick();
    Optional<Settling.Result> result = settler.settle(batch, follower.leaseForNext());
    result.ifPresent(settled -> follower.settled(settled, leasedAt));
    List<Sent> deferred = result.map(Settling.Result::deferred).orElse(List.of());
    List<Sent> again = deferred.stream().filter(settler::isWorthWhile).toList();
    follower.over(webhooks(batch.stream().filter(sent -> !again.contains(sent))));
    if (!again.isEmpty()) {
      addLater(again);
    }
  }

  private void addLater(List<Sent> deferred) {
    try {
      executor.execute(() -> {
        LockSupport.parkNanos(BEFORE_DEFERRED.toNanos());
        deferred.forEach(this::add);
      });
    } catch (RejectedExecutionException e) {
      forget(deferred, e);
    }
  }

  private void forget(List<Sent> sent, RejectedExecutionException why) {
    observer.troubled("settling " + sent.size() + " attempts", why);
    follower.over(webhooks(sent.stream()));
  }

  private static List<WebhookId> webhooks(Stream<Sent> sent) {
    return sent.map(Sent::webhook).toList();
  }
}

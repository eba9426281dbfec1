package dev.runhook.application.outbox;

import dev.runhook.application.outbox.OperationalEvents.Occurrence;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks.LaggingWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Reports webhooks whose deliveries are late. A timer calls [#report]. Several processes can: each
/// webhook is reported once until it has caught up.
public final class LagMonitor {
  /// How long deliveries may be late by default.
  public static final Duration DEFAULT_LAG = Duration.ofMinutes(5);

  private static final Duration MIN_LAG = Duration.ofSeconds(1);
  private static final int MAX_AT_ONCE = 100;
  private static final Duration MAX_INTERVAL = Duration.ofSeconds(30);

  private final BucketRouter buckets;
  private final OperationalEvents operationalEvents;
  private final Duration lag;

  /// @param lag how long deliveries may be late, at least one second
  public LagMonitor(BucketRouter buckets, OperationalEvents operationalEvents, Duration lag) {
    if (lag.compareTo(MIN_LAG) < 0) {
      throw new IllegalArgumentException("deliveries may be late for at least one second");
    }
    this.buckets = buckets;
    this.operationalEvents = operationalEvents;
    this.lag = lag;
  }

  /// Returns how often to call [#report].
  public Duration interval() {
    Duration quarter = lag.dividedBy(4);
    return quarter.compareTo(MAX_INTERVAL) < 0 ? quarter : MAX_INTERVAL;
  }

  /// Handles all buckets, even if one of them fails. Then the failure is thrown.
  ///
  /// @return how many webhooks were reported
  public int report() {
    AtomicInteger reported = new AtomicInteger();
    BucketRouter.forEach(
        buckets.all(), bucket -> reported.addAndGet(bucket.<Integer>inTransaction(this::report)));
    return reported.get();
  }

  private int report(UnitOfWork unit) {
    List<LaggingWebhook> lagging = unit.webhooks().markLagging(lag, MAX_AT_ONCE);
    Instant now = unit.now();
    operationalEvents.write(
        unit,
        lagging.stream()
            .map(each ->
                new Occurrence(
                    each.webhook(),
                    new Details.QueueLagging(
                        each.dueSince(), Duration.between(each.dueSince(), now))))
            .toList());
    return lagging.size();
  }
}

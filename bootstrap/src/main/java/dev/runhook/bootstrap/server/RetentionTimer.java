package dev.runhook.bootstrap.server;

import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.retention.Retention;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tidies the history, and forgets old requests, at start and every few hours.
final class RetentionTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionTimer.class);
  private static final Duration PERIOD = Duration.ofHours(3);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Retention retention;
  private final IdempotentRequests idempotentRequests;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("retention").daemon().factory());

  RetentionTimer(Retention retention, IdempotentRequests repeats) {
    this.retention = retention;
    this.idempotentRequests = repeats;
  }

  void start() {
    var _ = timer.scheduleWithFixedDelay(this::tidy, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Waits for a tidying that is under way, for some seconds: whatever it has not committed by then
  /// is left for the next one.
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("tidying the history takes long; it is left for the next start");
        timer.shutdownNow();
      }
    } catch (InterruptedException _) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void tidy() {
    try {
      int forgotten = retention.apply();
      if (forgotten > 0) {
        LOG.info("forgot {} parts of the history", forgotten);
      }
      int requests = idempotentRequests.deleteExpired();
      LOG.debug("forgot {} requests that had a key", requests);
    } catch (RuntimeException e) {
      LOG.warn("the history could not be tidied; it will be tried again", e);
    }
  }
}

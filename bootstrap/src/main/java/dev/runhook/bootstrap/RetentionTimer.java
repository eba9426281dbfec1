package dev.runhook.bootstrap;

import dev.runhook.application.delivery.Retention;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tidies the history at start and every few hours.
final class RetentionTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionTimer.class);
  private static final Duration PERIOD = Duration.ofHours(3);

  private final Retention retention;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("retention").daemon().factory());

  RetentionTimer(Retention retention) {
    this.retention = retention;
  }

  void start() {
    var _ = timer.scheduleWithFixedDelay(this::tidy, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void tidy() {
    try {
      int forgotten = retention.tidy();
      if (forgotten > 0) {
        LOG.info("forgot {} parts of the history", forgotten);
      }
    } catch (RuntimeException e) {
      LOG.warn("the history could not be tidied; it will be tried again", e);
    }
  }
}

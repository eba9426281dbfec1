package dev.runhook.bootstrap.server;

import dev.runhook.application.access.Access;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the uses of tokens kept, once a minute and at the end.
final class TokenUsageTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUsageTimer.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Access access;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("token-uses").daemon().factory());

  TokenUsageTimer(Access access) {
    this.access = access;
  }

  void start() {
    long period = PERIOD.toMillis();
    var _ = timer.scheduleWithFixedDelay(this::tidy, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    tidy();
  }

  private void tidy() {
    try {
      access.flush();
    } catch (RuntimeException e) {
      LOG.warn("when tokens were used could not be kept; it will be tried again", e);
    }
  }
}

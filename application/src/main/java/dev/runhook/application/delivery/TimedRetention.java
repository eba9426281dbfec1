package dev.runhook.application.delivery;

import dev.runhook.application.spi.History;
import java.time.Duration;

final class TimedRetention implements Retention {
  private static final Duration AHEAD = Duration.ofDays(7);

  private final History history;
  private final Duration keep;

  TimedRetention(History history, Duration keep) {
    this.history = history;
    this.keep = keep;
  }

  @Override
  public int tidy() {
    history.prepare(AHEAD);
    return history.forget(keep);
  }
}

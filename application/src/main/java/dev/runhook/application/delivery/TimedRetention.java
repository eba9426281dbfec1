package dev.runhook.application.delivery;

import dev.runhook.application.spi.History;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

final class TimedRetention implements Retention {
  private static final Duration AHEAD = Duration.ofDays(7);

  private final History history;
  private final InstantSource clock;
  private final Duration keep;

  TimedRetention(History history, InstantSource clock, Duration keep) {
    this.history = history;
    this.clock = clock;
    this.keep = keep;
  }

  @Override
  public int tidy() {
    Instant now = clock.instant();
    history.prepare(now.plus(AHEAD));
    return history.forget(now.minus(keep));
  }
}

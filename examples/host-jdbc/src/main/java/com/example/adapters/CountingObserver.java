package com.example.adapters;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts attempts by outcome. Thread-safe.
public final class CountingObserver implements DispatchObserver {
  private final ConcurrentMap<Outcome.Code, LongAdder> attempts = new ConcurrentHashMap<>();

  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    attempts.computeIfAbsent(attempt.outcome().code(), ignored -> new LongAdder()).increment();
  }

  public long attempts(Outcome.Code code) {
    LongAdder count = attempts.get(code);
    return count == null ? 0 : count.sum();
  }
}
